"""How often a password may be tried, so that guessing is slow and nobody can lock an owner out.

1. Five wrong passwords in five minutes for an account from one client (and ten a minute from one client for all).
2. Each browser in which the account was signed in before has a count of its own: what others do does not reach it, not
   even in another known browser. It is known until the password changes, and from then on where its owner changed it.
3. From all other browsers together 60 wrong ones an hour for an account, then one every 20 seconds.

A sign-in in a browser that is not known is mailed to the owner (accounts/receivers.py).

An owner whom that slows down in a new browser can reset the password: this ends the counts of the account, and those of
the client that does it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage, get_ip
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from accounts import waiting
from accounts.models import User
from accounts.waiting import Limit

KNOWN_FOR = timedelta(days=365)
MOST_KNOWN = 5
"""Accounts that one browser is known for."""
ID_LENGTH = 22
SALT = "accounts.known_browser"
APP, ACTION = "allauth.account", "login_failed"
BY_ACCOUNT = ("60/h/key", "1/20s/key")


def count_key(request: HttpRequest, email: str) -> str:
    """Return the key under which the wrong passwords of an account and a client are counted."""
    client = f"browser {_read_cookie(request).id}" if is_known(request, email) else get_ip(request)
    return f"{email.lower()} from {client}"


def use_account_limit(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Count an attempt for the account, wherever it comes from; return None if there were too many."""
    if is_known(request, email):
        return RateLimitUsage(usage=[])
    for rate in BY_ACCOUNT:
        if usage := ratelimit.consume(request, app=APP, action=ACTION, config={ACTION: rate}, key=email.lower()):
            return usage
    return None


def free_at(request: HttpRequest, email: str) -> float:
    """Return when a password can be tried again for an account (seconds since 1970)."""
    by_client = waiting.free_at(request, Limit(APP, ACTION, key=count_key(request, email)))
    if is_known(request, email):
        return by_client
    by_account = (waiting.free_at(request, Limit(APP, ACTION, {ACTION: rate}, email.lower())) for rate in BY_ACCOUNT)
    return max(by_client, min(by_account))


def forget_attempts(request: HttpRequest, email: str) -> None:
    """Start counting the attempts for an account anew."""
    for rate in BY_ACCOUNT:
        ratelimit.clear(request, app=APP, action=ACTION, config={ACTION: rate}, key=email.lower())


def is_known(request: HttpRequest, email: str) -> bool:
    """Return whether this account was signed in in this browser before, with the password that it has now."""
    marks = _read_cookie(request).marks
    if not marks:
        return False
    account = User.objects.filter(email=email.lower()).values_list("pk", "password").first()
    return account is not None and _mark(*account) in marks


def is_known_to(request: HttpRequest, user: User) -> bool:
    """Return whether this user was signed in in this browser before, with the password that they have now."""
    return _mark(user.pk, user.password) in _read_cookie(request).marks


def remember_browser(
    sender: object, request: HttpRequest, user: User, response: HttpResponse | None = None, **kwargs: Any
) -> None:
    """Mark the browser as one that the account uses (handler of allauth's user_logged_in).

    Not after a reset of the password: whoever reads the owner's mail would have counts of their own to guess codes.
    """
    if response is None:
        return
    cookie, mark = _read_cookie(request), _mark(user.pk, user.password)
    marks = [mark, *(other for other in cookie.marks if other != mark)][:MOST_KNOWN]
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ".".join([cookie.id or get_random_string(ID_LENGTH), *marks]),
        salt=SALT,
        max_age=int(KNOWN_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


@dataclass(frozen=True)
class _Cookie:
    """What a browser carries: an id of its own, and a mark for each account that it is known for."""

    id: str
    marks: list[str]


def _read_cookie(request: HttpRequest) -> _Cookie:
    name = settings.KNOWN_BROWSER_COOKIE_NAME
    text = request.get_signed_cookie(name, "", salt=SALT, max_age=int(KNOWN_FOR.total_seconds()))
    browser, *marks = (text or "").split(".")
    return _Cookie(browser, marks)


def _mark(pk: int, password: str) -> str:
    """Return what stands for an account and its (hashed) password: whoever reads the cookie learns neither."""
    return salted_hmac(SALT, f"{pk} {password}", algorithm="sha256").hexdigest()[:24]
