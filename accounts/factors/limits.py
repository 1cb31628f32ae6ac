"""How often a code may be guessed. Whoever guesses has the password or a session already, so this is strict.

1. Five wrong codes in five minutes, and 30 a day, for an account from one client.
2. Each browser in which the account was signed in before has a count of its own: what others do does not reach it.
3. From all other browsers together 10 wrong ones an hour and 50 a day for an account.

A right code ends both counts. Passkeys cannot be guessed and are not counted: they work whatever was tried.
"""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from accounts import attempts, waiting
from accounts.models import User
from accounts.waiting import Limit

APP, ACTION = "allauth.mfa", "code"
BY_CLIENT = {ACTION: "5/5m/key,30/d/key"}
BY_ACCOUNT = {ACTION: "10/h/key,50/d/key"}


def use_attempt(request: HttpRequest, user: User) -> bool:
    """Count a code that is about to be checked; return whether it may be."""
    return all(
        ratelimit.consume(request, app=APP, action=ACTION, config=config, key=key)
        for config, key in _counts(request, user)
    )


def free_at(request: HttpRequest, user: User) -> float:
    """Return when a code can be tried again (seconds since 1970)."""
    return waiting.free_at(request, *(Limit(APP, ACTION, config, key) for config, key in _counts(request, user)))


def forget_attempts(request: HttpRequest, user: User) -> None:
    """Start counting anew, after a right code."""
    for config, key in _counts(request, user):
        ratelimit.clear(request, app=APP, action=ACTION, config=config, key=key)


def _counts(request: HttpRequest, user: User) -> list[tuple[dict[str, str], str]]:
    """Return the counts that an attempt of this client falls under."""
    by_client = (BY_CLIENT, f"code {attempts.count_key(request, user.email)}")
    if attempts.is_known(request, user.email):
        return [by_client]
    return [by_client, (BY_ACCOUNT, f"code {user.pk}")]
