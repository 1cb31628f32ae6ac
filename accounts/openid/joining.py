"""Connecting an OpenID account to an existing account: by its password, once, or by its owner when signed in.

That both have the same address does not suffice: whoever runs the provider could then open every account here. So the
sign-in at the provider waits in the session until the account's password was typed on the page that asks for it, and
all other steps of signing in are done.
"""

import time
from contextlib import suppress
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.fields import EmailField
from accounts.models import User

WAITING = "openid_waiting"  # session key
WAITS_FOR = 600
"""Seconds."""


def confirmed_address(login: SocialLogin) -> str:
    """Return the address that the provider has confirmed, as sign-up would store it; blank without a valid one."""
    for address in login.email_addresses:
        if address.verified:
            with suppress(ValidationError):
                return str(EmailField().clean(address.email)).lower()
    return ""


def has_account(email: str) -> bool:
    """Return whether an address (lower case) has an account; a sign-up that was not confirmed does not count."""
    if User.objects.unconfirmed(email).exists():
        return False
    return User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email, verified=True).exists()


def wait_for_password(request: HttpRequest, login: SocialLogin) -> None:
    """Keep the sign-in at the provider for a while."""
    request.session[WAITING] = {"login": login.serialize(), "at": time.time(), "agreed": False}


def waiting_login(request: HttpRequest) -> SocialLogin | None:
    """Return the sign-in at the provider that waits for the password."""
    waiting = request.session.get(WAITING)
    if not waiting or time.time() - waiting["at"] > WAITS_FOR:
        return None
    return SocialLogin.deserialize(waiting["login"])


def agree(request: HttpRequest) -> None:
    """Record that the password was typed for this: the account is connected as soon as it is signed in."""
    request.session[WAITING] = {**request.session[WAITING], "agreed": True}


def is_connected(user: User, login: SocialLogin) -> bool:
    """Return whether a user is connected to an account at the provider of this sign-in."""
    return bool(SocialAccount.objects.filter(user=user, provider=login.account.provider).exists())


def refuse_second(request: HttpRequest) -> None:
    """Say that an account is connected to one OpenID account at most."""
    words = _("You are connected to a different %(provider)s account. Disconnect that one first.")
    messages.error(request, words % {"provider": settings.OIDC_NAME})


def connect_waiting(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Connect the accounts (handler of allauth's user_logged_in)."""
    login = waiting_login(request)
    waiting = request.session.pop(WAITING, None)
    if login is None or not waiting["agreed"] or confirmed_address(login) != user.email:
        return
    if SocialAccount.objects.filter(provider=login.account.provider, uid=login.account.uid).exists():
        return
    if is_connected(user, login):
        refuse_second(request)
    else:
        login.connect(request, user)
