"""How often a password may be tried, so that guessing is slow and nobody can lock an owner out.

1. Five wrong passwords in five minutes for an account from one client (and ten a minute from one client for all).
2. A browser in which the account was signed in before has a count of its own: what others do does not reach it.
3. From all other browsers together 60 wrong ones an hour for an account, then one every 20 seconds.

An owner whom that slows down in a new browser can reset the password: this ends the counts of the account, and those of
the client that does it.
"""

from datetime import timedelta
from typing import Any

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage, get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.models import User

KNOWN_FOR = timedelta(days=365)
MOST_KNOWN = 5
"""Accounts that one browser is known for."""
SALT = "accounts.known_browser"
APP, ACTION = "allauth.account", "login_failed"
BY_ACCOUNT = ("60/h/key", "1/20s/key")


def count_key(request: HttpRequest, email: str) -> str:
    """Return the key under which the wrong passwords of an account and a client are counted."""
    client = "known browser" if is_known(request, email) else get_ip(request)
    return f"{email.lower()} from {client}"


def use_account_limit(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Count an attempt for the account, wherever it comes from; return None if there were too many."""
    if is_known(request, email):
        return RateLimitUsage(usage=[])
    for rate in BY_ACCOUNT:
        if usage := ratelimit.consume(request, app=APP, action=ACTION, config={ACTION: rate}, key=email.lower()):
            return usage
    return None


def forget_attempts(request: HttpRequest, email: str) -> None:
    """Start counting the attempts for an account anew."""
    for rate in BY_ACCOUNT:
        ratelimit.clear(request, app=APP, action=ACTION, config={ACTION: rate}, key=email.lower())


def is_known(request: HttpRequest, email: str) -> bool:
    """Return whether this account was signed in in this browser before."""
    return _mark(email) in _known(request)


def remember_browser(
    sender: object, request: HttpRequest, user: User, response: HttpResponse | None = None, **kwargs: Any
) -> None:
    """Mark the browser as one that the account uses (handler of allauth's user_logged_in)."""
    if response is None:
        return
    mark = _mark(user.email)
    known = [mark, *(other for other in _known(request) if other != mark)][:MOST_KNOWN]
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ".".join(known),
        salt=SALT,
        max_age=int(KNOWN_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def _known(request: HttpRequest) -> list[str]:
    name = settings.KNOWN_BROWSER_COOKIE_NAME
    text = request.get_signed_cookie(name, "", salt=SALT, max_age=int(KNOWN_FOR.total_seconds()))
    return text.split(".") if text else []


def _mark(email: str) -> str:
    """Return what stands for an account in the cookie: whoever reads it learns no address."""
    return salted_hmac(SALT, email.lower()).hexdigest()[:24]
