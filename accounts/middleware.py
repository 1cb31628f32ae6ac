"""Middleware of accounts: who must sign in, how long a session lives, and what happens when the cache is away."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from careerplan.core import expired_session

log = structlog.get_logger(__name__)

SIGNED_IN_AT = "signed_in_at"  # seconds since 1970
SEEN_AT = "seen_at"
DAY_SECONDS = 24 * 3600


def stamp_session(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Write into a session when it began; connected to every sign-in by AccountsConfig."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(time.time())


def restore_typed(sender: object, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Give what was typed without a session to whoever typed it; connected to every sign-in by AccountsConfig."""
    expired_session.restore(request, user.pk)
    last = expired_session.last_user(request)
    request.is_new_here = last is None or last[0] != user.pk  # type: ignore[attr-defined]


class SignInMiddleware(LoginRequiredMiddleware):
    """Redirect to the sign-in page whoever must sign in first, and save what they typed (core/expired_session.py).

    Where a form was sent the sign-in leads back to it. Where a button was pressed whose address shows no page, it
    leads to the page with the button; nothing is done that the person has not asked for with a session.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A browser in which somebody is signed in knows who it was when the session has ended."""
        if not request.user.is_authenticated:
            return response
        if request.method == "POST" and expired_session.SESSION_KEY in request.session and response.status_code < 400:
            expired_session.discard(request)
        if getattr(request, "is_new_here", False) or settings.LAST_USER_COOKIE_NAME not in request.COOKIES:
            expired_session.set_last_user_cookie(response, request.user.pk)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """To the sign-in page, and from there back to where the person was."""
        if request.method != "POST" or self._is_of_account(request):
            return super().handle_no_permission(request, view_func)
        where, words = request.get_full_path(), _("You were signed out meanwhile. Sign in to go on.")
        if not expired_session.accepts_get(view_func):
            expired_session.save_lost_action(request)
            where = expired_session.referring_path(request)
        elif expired_session.save_post(request):
            words = _("You were signed out meanwhile. Sign in to go on: what you typed is kept for an hour.")
        elif expired_session.serialize_post(request.POST):
            words = _("You were signed out meanwhile. Go back with your browser to copy what you typed, then sign in.")
        if request.accepts("text/html"):  # a page that saves itself tells it on the page
            messages.info(request, words)
        return redirect_to_login(where, self.get_login_url(view_func))

    @staticmethod
    def _is_of_account(request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is None or (match.url_name or "").startswith("account_")


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
