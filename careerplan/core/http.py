"""Requests and responses: ids in parameters, uploads, headers, caching, and the reader's time zone."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, ObjectDoesNotExist
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from structlog.contextvars import bind_contextvars

from careerplan.core.dates import get_zone

MAX_ID_DIGITS = 18  # more would not fit into a bigint
TOO_LARGE = "upload_too_large"  # attribute of a request
PUBLIC_FOR = "public, max-age=3600"  # seconds
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
"""Headers of every answer that does not set them itself; the policy for content is with its settings."""
FORM_BYTES = 100_000  # allowed beside the files of a request: fields, names, boundaries


def not_found_if_deleted(
    *gone: type[ObjectDoesNotExist],
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """View decorator: answer "not found" if a row was deleted between finding and locking it."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(*args, **kwargs)
            except gone:
                raise Http404 from None

        return wrapped

    return decorate


def parse_id(text: str) -> int | None:
    """Parse the id of a row from a request parameter; None if the text cannot be an id."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS else None


def upload_too_large(request: HttpRequest) -> bool:
    """Whether a file of this request was dropped for its size. Read `request.FILES` first."""
    return bool(getattr(request, TOO_LARGE, False))


def allow_shared_caching(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let caches keep what everyone without a session sees, and answer 304 where the browser has it already.

    Other responses stay private (SecurityHeadersMiddleware).
    """
    if request.user.is_authenticated or not request.session.is_empty():
        return response
    response.headers["Cache-Control"] = PUBLIC_FOR
    patch_vary_headers(response, ["Cookie"])
    if response.status_code != HTTPStatus.OK:
        return response
    set_response_etag(response)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


class MaxSizeUploadHandler(FileUploadHandler):
    """Upload handler that drops files larger than MAX_UPLOAD_BYTES and marks the request.

    It comes before the handlers that store files, so that nothing of a larger file reaches memory or disk.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._file_bytes = self._request_bytes = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:  # noqa: N803  (Django)
        """Note the length of the whole request, so that a file that is too large is dropped before its first byte."""
        self._request_bytes = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start counting the bytes of the next file. Raises SkipFile where the request is too long for any file."""
        super().new_file(*args, **kwargs)
        self._file_bytes = 0
        if self._request_bytes > settings.MAX_UPLOAD_BYTES + FORM_BYTES:
            self._skip_file()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the chunk to the next handler. Raises SkipFile beyond MAX_UPLOAD_BYTES."""
        self._file_bytes += len(raw_data)
        if self._file_bytes > settings.MAX_UPLOAD_BYTES:
            self._skip_file()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the finished file to the next handler."""
        return

    def _skip_file(self) -> None:
        if self.request is not None:
            setattr(self.request, TOO_LARGE, True)
        raise SkipFile


Next = Callable[[HttpRequest], HttpResponse]


class CompressPagesMiddleware(GZipMiddleware):
    """Compress HTML, with Django's padding of random length against BREACH. Static files are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress HTML where the browser accepts it."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class SecurityHeadersMiddleware:
    """Add FIXED_HEADERS to every response, static files and errors too.

    Django's own middleware sets some of them, but not where it answers itself or refuses a host.

    Pages are private by default: `no-store` keeps a plan out of shared caches and out of the
    back button after signing out. Static files carry a cache header of their own.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class HealthMiddleware:
    """Answer /health/ before anything that needs a session, the database or a page.

    A supervisor on a private address may name any host: it knows the process by its address. What comes through a proxy
    has X-Forwarded-For and must name a host of ALLOWED_HOSTS.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/health/"):
            return self.get_response(request)
        try:
            match = request.resolver_match = resolve(request.path_info)
        except Resolver404:
            return HttpResponse("404 Not Found\n", status=404, content_type="text/plain")
        try:
            if not _is_from_near(request):
                request.get_host()
        except DisallowedHost:
            return HttpResponse("400 Bad Request\n", status=400, content_type="text/plain")
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return answer


def _is_from_near(request: HttpRequest) -> bool:
    """Return whether a request comes straight from a private address."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket has no address
        return "X-Forwarded-For" not in request.headers
    return address.is_private and "X-Forwarded-For" not in request.headers


class UserTimeZoneMiddleware:
    """Activate the time zone of the user who is signed in."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        bind_contextvars(user=request.user.pk)  # in all lines of the log
        with timezone.override(get_zone(request.user.time_zone)):
            return self.get_response(request)
