"""What follows a sign-in or a change of password or address.

The browser of the sign-in is stored, and its owner gets an email if it is new. After a change, sessions elsewhere end,
and the new address gets an email.
"""

import time
from typing import Any

import structlog
from allauth.account.internal.flows.logout import logout
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts import attempts, services, session_rows
from accounts.models import AuthenticatedRequest, User
from accounts.notices import send_notice
from accounts.session_ending import end_sessions
from careerplan.core.mail import absolute_url

RESET_OF = "password_reset_of"  # session key: whose password was reset here, and when (seconds since 1970)

log = structlog.get_logger(__name__)


def store_session(sender: object, request: AuthenticatedRequest, user: User, **kwargs: Any) -> None:
    """Store the browser of a new session (handler of a sign-in).

    In place of allauth's handler, which loads every session of the user.
    """
    session_rows.make_row(request)


def email_new_browser(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Email the owner about a sign-in in a browser that is new for the account (handler of a sign-in).

    Not about the first one of all, which is part of signing up.
    """
    if getattr(request, "is_first_sign_in", False) or attempts.is_known_to(request, user):
        return
    log.info("signed_in_in_new_browser", user=user.pk)
    pages = {"security_url": absolute_url(reverse("accounts:security"))}
    send_notice("new_browser", request=request, user=user, context=pages)


def remember_after_change(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Keep knowing the browser in which its owner, signed in, changed the password (handler of that change)."""
    request.changed_password_of = user  # type: ignore[attr-defined]  # SignInMiddleware writes the cookie


def end_sessions_elsewhere(sender: object, request: AuthenticatedRequest, user: User, **kwargs: Any) -> None:
    """End the other sessions (handler of a change of password or address)."""
    session_rows.end_elsewhere(request, user)


def end_sessions_after_reset(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """End all sessions, and remember whose password it was for the page that follows (handler of a reset)."""
    here = request.session.session_key
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    end_sessions(keys)
    if here in keys:
        logout(request)
    request.session[RESET_OF] = {"user": user.pk, "at": time.time()}


def user_after_reset(request: HttpRequest) -> User | None:
    """Return whose password was reset in this session within PASSWORD_RESET_TIMEOUT."""
    reset = request.session.get(RESET_OF)
    if not reset or time.time() - reset["at"] > settings.PASSWORD_RESET_TIMEOUT:
        return None
    return User.objects.filter(pk=reset["user"], is_active=True).first()


def use_invitation(sender: object, email_address: EmailAddress, **kwargs: Any) -> None:
    """End the invitation of an address that was confirmed (handler)."""
    services.use_invitation(email=email_address.email, now=timezone.now())


def use_invitation_at_sign_up(sender: object, user: User, sociallogin: Any = None, **kwargs: Any) -> None:
    """End the invitation of somebody whose provider has confirmed the address (handler of a sign-up).

    Without a provider (`sociallogin`) nothing is asked of the database: the answer must not take longer.
    """
    if sociallogin is not None and EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        services.use_invitation(email=user.email, now=timezone.now())


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
