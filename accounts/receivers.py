"""What follows a sign-in or a change of password or address.

The browser of the sign-in is stored. After a change, sessions elsewhere end, and the new address gets an email.
"""

import time
from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.notices import send_notice
from accounts.session_ending import end_sessions

RESET_OF = "password_reset_of"  # session key: whose password was reset here, and when (seconds since 1970)

MOST_SESSIONS = 50
"""Browsers in which an account is signed in at the same time."""


def store_session(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Store the browser of a new session, and end those that were not used for longest (handler of a sign-in).

    In place of allauth's handler, which loads every session of the user.
    """
    UserSession.objects.create_from_request(request)
    last_used = _sessions_elsewhere(request, user).order_by("-last_seen_at", "-pk")
    end_sessions(list(last_used.values_list("session_key", flat=True)[MOST_SESSIONS - 1 :]))


def end_sessions_elsewhere(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End the other sessions (handler of a change of password or address)."""
    end_sessions(list(_sessions_elsewhere(request, user).values_list("session_key", flat=True)))


def end_sessions_after_reset(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End all sessions, and remember whose password it was for the page that follows (handler of a reset)."""
    here = request.session.session_key
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    end_sessions(keys)
    if here in keys:
        logout(request)
    request.session[RESET_OF] = {"user": user.pk, "at": time.time()}


def _sessions_elsewhere(request: HttpRequest, user: User) -> QuerySet[UserSession]:
    sessions: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return sessions.exclude(session_key=request.session.session_key)


def user_after_reset(request: HttpRequest) -> User | None:
    """Return whose password was reset in this session within PASSWORD_RESET_TIMEOUT."""
    reset = request.session.get(RESET_OF)
    if not reset or time.time() - reset["at"] > settings.PASSWORD_RESET_TIMEOUT:
        return None
    return User.objects.filter(pk=reset["user"], is_active=True).first()


def email_new_address(
    sender: object,
    request: HttpRequest,
    user: User,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **kwargs: Any,
) -> None:
    """Email the new address (handler of a change of address); allauth emails the old one."""
    if from_email_address is not None:
        new = to_email_address.email
        send_notice("email_new_address", request=request, user=user, to=new, context={"new": new})
