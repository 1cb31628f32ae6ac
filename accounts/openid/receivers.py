"""What follows a sign-in with an OpenID account or a connection to it. allauth sends the emails."""

from typing import Any

import structlog
from allauth.account.signals import user_logged_in
from allauth.socialaccount import signals
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.openid import joining
from accounts.reauthentication import record_openid_sign_in

log = structlog.get_logger(__name__)


def connect() -> None:
    """Connect the handlers."""
    user_logged_in.connect(joining.connect_waiting, dispatch_uid="accounts.openid.connect_waiting")
    user_logged_in.connect(remember_auth_time, dispatch_uid="accounts.openid.remember_auth_time")
    signals.social_account_added.connect(log_added, dispatch_uid="accounts.openid.log_added")
    signals.social_account_removed.connect(log_removed, dispatch_uid="accounts.openid.log_removed")


def remember_auth_time(
    sender: object, request: HttpRequest, sociallogin: SocialLogin | None = None, **kwargs: Any
) -> None:
    """Remember when the provider says it asked who someone is (handler of allauth's user_logged_in)."""
    if sociallogin is None:
        return
    confirms = record_openid_sign_in(request, sociallogin.state.get("auth_time"))
    if sociallogin.state.get("is_confirmation") and not confirms:
        words = _("%(provider)s did not say that it asked you to sign in again. Try again.")
        messages.error(request, words % {"provider": settings.OIDC_NAME})


def log_added(sender: object, sociallogin: SocialLogin, **kwargs: Any) -> None:
    log.info("openid_connected", user=sociallogin.user.pk)


def log_removed(sender: object, socialaccount: SocialAccount, **kwargs: Any) -> None:
    log.info("openid_disconnected", user=socialaccount.user_id)
