"""What follows a change of password or address: sessions elsewhere end, and the new address gets an email."""

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.internal.flows.sessions import end_other_sessions, end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from accounts.models import User
from accounts.notices import send_notice

RESET_OF = "password_reset_of"  # session key: whose password was reset here, and when (seconds since 1970)


def end_sessions_elsewhere(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End the other sessions (handler of a change of password or address)."""
    end_other_sessions(request, user)


def end_sessions_after_reset(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End all sessions, and remember whose password it was for the page that follows (handler of a reset)."""
    end_sessions(request, list(UserSession.objects.filter(user=user)))
    request.session[RESET_OF] = {"user": user.pk, "at": time.time()}


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
