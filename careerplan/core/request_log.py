"""One line in the log and one count in the metrics for each request, and an id that all lines of a request have."""

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from careerplan.core.metrics import count_request

REQUEST_ID = "X-Request-ID"
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
UNKNOWN = "unknown"
"""The route of an address that does not exist."""

log = structlog.get_logger(__name__)


class RequestLogMiddleware:
    """Log each request with its route, status and duration. Never the query, nor an address with a key in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        clear_contextvars()
        bind_contextvars(request_id=request_id(request))
        try:
            response = self.get_response(request)
            if not request.path.startswith(settings.STATIC_URL):
                self._record(request, response.status_code, time.perf_counter() - started)
                # Django's own line would repeat it, with the whole path.
                response._has_been_logged = True  # type: ignore[attr-defined]
            response.headers[REQUEST_ID] = structlog.contextvars.get_contextvars()["request_id"]
        finally:
            clear_contextvars()
        return response

    def _record(self, request: HttpRequest, status: int, seconds: float) -> None:
        match = request.resolver_match
        route = (match and match.view_name) or UNKNOWN
        count_request(request.method or "", route, status, seconds)
        user = getattr(request, "_cached_user", None)  # set where a page asked who it is: no query for the log
        log.log(
            _level(request.path, status),
            "request",
            method=request.method,
            route=route,
            path=safe_path(request),
            status=status,
            ms=round(seconds * 1000, 1),
            **({"user": user.pk} if user is not None and user.pk else {}),
        )


def _level(path: str, status: int) -> int:
    """Return DEBUG for the probes of supervisors, which ask every few seconds, and INFO for all else."""
    return 10 if path.startswith("/health/") and status == HTTPStatus.OK else 20


def request_id(request: HttpRequest) -> str:
    """Return the id that a trusted proxy gave the request, or a new one."""
    given = request.headers.get(REQUEST_ID, "")
    return given if settings.TRUSTED_PROXY_COUNT and GIVEN_ID.fullmatch(given) else uuid4().hex


def safe_path(request: HttpRequest) -> str:
    """Return the path where it holds nothing but words of ours and ids, else the route: tokens are keys."""
    match = request.resolver_match
    if match is None:
        return ""
    if match.args or not all(isinstance(value, int) for value in match.kwargs.values()):
        return f"/{match.route}"
    return request.path
