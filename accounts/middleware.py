"""Middleware of accounts: how long a session lives, and what happens when the cache is away."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

SIGNED_IN_AT = "signed_in_at"  # seconds since 1970
SEEN_AT = "seen_at"
DAY_SECONDS = 24 * 3600


def stamp_session(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Write into a session when it began; connected to every sign-in by AccountsConfig."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


class SessionLimitMiddleware:
    """Ends a session SESSION_ABSOLUTE_AGE seconds after the sign-in, used or not (ASVS 7.3.2).

    Django itself has only an idle limit, and counts it from the last write: one write a day makes it
    count from the last visit, to the day.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.check(request, now=int(time.time()))
        return self.get_response(request)

    def check(self, request: HttpRequest, *, now: int) -> None:
        """Sign out what is too old; note the visit, once a day."""
        session = request.session
        if now - session.get(SIGNED_IN_AT, 0) >= settings.SESSION_ABSOLUTE_AGE:
            logout(request)
            messages.info(request, _("You signed in a month ago or more. Sign in again to go on; nothing is lost."))
        elif now - session.get(SEEN_AT, 0) >= DAY_SECONDS:
            session[SEEN_AT] = now


class CacheAwayMiddleware:
    """Answers 503 instead of 500 where a view cannot work without the cache.

    Above all sign-in and sign-up: tries are counted there, and uncounted tries would be an open door.
    Pages that only read go on without the cache (accounts.sessions).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page that asks to try again, for a cache that does not answer; else nothing."""
        if not isinstance(exception, RedisError):
            return None
        log.error("cache_away", kind=type(exception).__name__)
        response = render(request, "503.html", status=503)
        response.headers["Retry-After"] = "30"
        return response
