"""What follows a connection to an OpenID account: a line in the security log. allauth sends the emails."""

from typing import Any

import structlog
from allauth.account.signals import user_logged_in
from allauth.socialaccount import signals
from allauth.socialaccount.models import SocialAccount, SocialLogin

from accounts.openid import joining

log = structlog.get_logger(__name__)


def connect() -> None:
    """Connect the handlers."""
    user_logged_in.connect(joining.connect_waiting, dispatch_uid="accounts.openid.connect_waiting")
    signals.social_account_added.connect(log_added, dispatch_uid="accounts.openid.log_added")
    signals.social_account_removed.connect(log_removed, dispatch_uid="accounts.openid.log_removed")


def log_added(sender: object, sociallogin: SocialLogin, **kwargs: Any) -> None:
    log.info("openid_connected", user=sociallogin.user.pk)


def log_removed(sender: object, socialaccount: SocialAccount, **kwargs: Any) -> None:
    log.info("openid_disconnected", user=socialaccount.user_id)
