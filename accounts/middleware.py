"""Middleware: required sign-in, session lifetime, and pages without a cache."""

import time
from collections.abc import Callable
from typing import Any, cast

import structlog
from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis.exceptions import RedisError

from accounts import attempts, session_rows, suspended_posts
from accounts.models import AuthenticatedRequest
from careerplan.core import expired_session

log = structlog.get_logger(__name__)

SIGNED_IN_AT = "signed_in_at"  # seconds since 1970
LAST_SEEN_AT = "seen_at"
VISIT_SECONDS = 600  # how often a visit is written down: a page costs no write for it
SIGNED_OUT = gettext_lazy("You were signed out. Sign in to continue.")
SIGNED_OUT_SAVED = gettext_lazy("You were signed out. Sign in to continue. We will keep what you typed for 1 hour.")
SIGNED_OUT_TOO_LONG = gettext_lazy("You were signed out. Go back to copy what you typed, then sign in.")


def record_sign_in(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Store the time of sign-in in the session (signal handler)."""
    request.session[SIGNED_IN_AT] = request.session[LAST_SEEN_AT] = int(time.time())


def restore_typed(sender: object, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Restore what this user posted without a session (signal handler)."""
    expired_session.restore(request, user.pk)
    last = expired_session.last_user(request)
    request.is_new_here = last is None or last[0] != user.pk  # type: ignore[attr-defined]


class SignInMiddleware(LoginRequiredMiddleware):
    """Redirect to sign-in where it is required, and save posted forms (core/expired_session.py).

    After sign-in, a form is shown again with its answers. A button without a page of its own leads back to the page
    it was on. Nothing posted without a session is executed.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Set the cookies that name the user after the session has ended, and know the browser after a new password."""
        if not request.user.is_authenticated:
            return response
        if request.method == "POST" and expired_session.SESSION_KEY in request.session and response.status_code < 400:
            expired_session.discard(request)
        if changed := getattr(request, "changed_password_of", None):
            attempts.remember_browser(None, request, changed, response)
        if getattr(request, "is_new_here", False) or settings.LAST_USER_COOKIE_NAME not in request.COOKIES:
            expired_session.set_last_user_cookie(response, request.user.pk)
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        """Redirect to sign-in, and from there back to the same page."""
        if request.method != "POST" or self._is_of_account(request):
            return super().handle_no_permission(request, view_func)
        where, words = request.get_full_path(), SIGNED_OUT
        if not expired_session.keeps_post(view_func):
            expired_session.save_lost_action(request)
            if not expired_session.accepts_get(view_func):
                where = expired_session.referring_path(request)
        elif expired_session.save_post(request):
            words = SIGNED_OUT_SAVED
        elif expired_session.has_answers(request.POST):
            words = SIGNED_OUT_TOO_LONG
        if request.accepts("text/html"):  # autosave shows its own message
            messages.info(request, words)
        return redirect_to_login(where, self.get_login_url(view_func))

    @staticmethod
    def _is_of_account(request: HttpRequest) -> bool:
        match = request.resolver_match
        return match is None or (match.url_name or "").startswith(("account_", "mfa_", "socialaccount_"))


class SessionLimitMiddleware:
    """End a session SESSION_ABSOLUTE_AGE seconds after sign-in (ASVS 7.3.2).

    Django's own limit runs from the last write of a session. Writing it while it is used keeps people signed in,
    and the list of their browsers says when each was last used.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.check(cast("AuthenticatedRequest", request), now=int(time.time()))
        return self.get_response(request)

    def check(self, request: AuthenticatedRequest, *, now: int) -> None:
        """Sign out an expired session; store the visit every VISIT_SECONDS, and a session that has no row."""
        session = request.session
        if now - session.get(SIGNED_IN_AT, 0) >= settings.SESSION_ABSOLUTE_AGE:
            logout(request)
            messages.info(request, _("You signed in over a month ago. Sign in again to continue. Nothing is lost."))
        elif now - session.get(LAST_SEEN_AT, 0) >= VISIT_SECONDS:
            session[LAST_SEEN_AT] = now
            session_rows.record_visit(request)
        elif not session_rows.has_row(request):
            session_rows.make_row(request)


class ReauthenticationMiddleware:
    """Ask who someone is before a sensitive change, and keep what they posted (accounts.suspended_posts).

    It comes after allauth's, and so sees the exception first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Lead to the first way in which the user can confirm who they are."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        return suspended_posts.suspend(request, ways[0]["url"] if ways else reverse(settings.LOGIN_URL))


class CacheUnavailableMiddleware:
    """Respond 503 instead of 500 if a view needs the cache and it is down.

    Sign-in and sign-up need it to count attempts. Pages that only read work without it (accounts.sessions).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the 503 page for an error of the cache."""
        if not isinstance(exception, RedisError):
            return None
        log.error("cache_unavailable", kind=type(exception).__name__)
        response = render(None, "503.html", {"path": request.path}, status=503)
        response.headers["Retry-After"] = "30"
        return response
