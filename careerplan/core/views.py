"""Health checks, metrics and error pages."""

import sys
from http import HTTPStatus
from typing import Any

from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from careerplan.core.expired_session import typed_texts
from careerplan.core.health import check_health
from careerplan.core.http import FIXED_HEADERS
from careerplan.core.metrics import as_text
from careerplan.core.seen_request import describe_request, has_key
from careerplan.core.version import version

MEGABYTE = 1_000_000


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 where every part of the site works, else 503; with what is wrong with each part.

    The parts: database, Redis, workers, mail, and what apps know (HEALTH_CHECKS).
    """
    found = check_health(timezone.now())
    content = {
        "status": "failing" if found.problems else "ok",
        "version": version(),
        "parts": {name: problem or "ok" for name, problem in found.parts.items()},
        "problems": found.problems,
    }
    return JsonResponse(content, status=503 if found.problems else 200)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Return 200: this process answers. For the supervisor of the process. Problems of workers do not count."""
    return JsonResponse({"status": "ok", "version": version()})


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return counts in the text format of Prometheus, without personal data.

    Needs METRICS_TOKEN as `Authorization: Bearer`; 404 where none is set.
    """
    if not settings.METRICS_TOKEN:
        return HttpResponse("404 Not Found\n", status=404, content_type="text/plain")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(given, settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(as_text(timezone.now()), content_type=CONTENT_TYPE_LATEST)


@login_not_required
def through_proxy(request: HttpRequest) -> HttpResponse:
    """Return how this request arrived, for `manage.py doctor`; 403 for everyone else."""
    if not has_key(request.headers):
        return HttpResponse("403 Forbidden\n", status=403, content_type="text/plain")
    return JsonResponse(describe_request(request))


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a form that is too large; without any text of the request."""
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if isinstance(exception, RequestDataTooBig) else HTTPStatus.BAD_REQUEST
    return render(request, f"{status.value}.html", _size_context(request.path), status=status)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form from another site, or without its cookie. What was typed on our own pages is shown, to copy."""
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    typed = [text for text in typed_texts(request.POST) if " " in text] if is_ours else []
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for missing objects and for those of other users."""
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database does not answer; without the database and the session."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        content = render(None, "503.html", {"path": request.path}).content
        return HttpResponse(content, status=503, headers={"Retry-After": "10"})
    return HttpResponse(render(None, "500.html").content, status=500)


def refusal(status: HTTPStatus, path: str = "", size: int = 0) -> tuple[dict[str, str], bytes]:
    """Return the headers and the page of a request to a path that never reached Django (core/buffering.py)."""
    text = render_to_string(f"{status.value}.html", _size_context(path, size))
    kind = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": build_policy()}
    return {**FIXED_HEADERS, **kind}, text.encode()


def _size_context(path: str, size: int = 0) -> dict[str, Any]:
    """Return what the page about a size says: what was sent, what is allowed, and where the form is."""
    return {
        "path": path,
        "sent": round(size / MEGABYTE),
        "most_of_file": settings.MAX_UPLOAD_BYTES // MEGABYTE,
        "most_of_form": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGABYTE,
    }
