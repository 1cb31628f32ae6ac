"""Views outside any domain: health, metrics and error pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Return 200 if this process and the database respond and no app reports a problem (HEALTH_CHECKS), else 503."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    problems = [problem for check in settings.HEALTH_CHECKS if (problem := import_string(check)(timezone.now()))]
    if problems:
        return JsonResponse({"status": "failing", "problems": problems}, status=503)
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Return 200 if this process responds, for deciding whether to restart it. Workers do not matter here."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return metrics in the text format of Prometheus (version 0.0.4): counts, no personal data.

    Needs METRICS_TOKEN, sent as `Authorization: Bearer`; without one set there is no such page.
    """
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(given, settings.METRICS_TOKEN):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    lines = [line for figures in settings.METRICS for line in import_string(figures)(timezone.now())]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Render the 400 page, which repeats nothing from the request."""
    return render(request, "400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Render the 403 page."""
    return render(request, "403.html", status=403)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Render the 403 page for a form from elsewhere, or with a missing cookie, and say how to continue."""
    return render(request, "403_csrf.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Render the 404 page: the same for what never existed and what belongs to another user."""
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Render the 500 page, which needs neither the database nor the session."""
    return HttpResponse(render(None, "500.html").content, status=500)
