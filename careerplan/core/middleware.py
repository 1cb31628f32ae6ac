"""Our middleware: compression, response headers, and the user's time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import timezone

from careerplan.core.dates import get_zone

Next = Callable[[HttpRequest], HttpResponse]


class CompressPagesMiddleware(GZipMiddleware):
    """Compress pages, with Django's random padding against BREACH. Static files are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress HTML if the browser accepts it."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class SecurityHeadersMiddleware:
    """Set headers that Django does not set, on every response (static files and errors too).

    Pages are private by default: `no-store` keeps a plan out of shared caches and out of the back button after signing
    out. Static files have their own cache header.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class UserTimeZoneMiddleware:
    """Use the signed-in user's time zone."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(get_zone(request.user.time_zone)):
            return self.get_response(request)
