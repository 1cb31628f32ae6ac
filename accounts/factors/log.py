"""What the security log says about second factors: ids and kinds, never names, codes or keys.

allauth emails about each change; the use of a recovery code is emailed from here.
"""

from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.core import context as allauth_context
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from accounts.factors.queries import codes_left
from accounts.models import User

log = structlog.get_logger(__name__)


def connect() -> None:
    """Log each event from now on."""
    signals.authenticator_added.connect(_log_added, dispatch_uid="accounts.factors.added")
    signals.authenticator_removed.connect(_log_removed, dispatch_uid="accounts.factors.removed")
    signals.authenticator_reset.connect(_log_replaced, dispatch_uid="accounts.factors.replaced")
    signals.authenticator_used.connect(_log_used, dispatch_uid="accounts.factors.used")
    signals.authentication_failed.connect(_log_refused, dispatch_uid="accounts.factors.refused")


def report_failure(user: User | None, *, reauthentication: bool = False) -> None:
    """Send allauth's signal for a code or passkey that was refused; `user` is None if we do not know whose it is."""
    signals.authentication_failed.send(
        sender=Authenticator,
        request=allauth_context.request,
        user=user,
        authenticator=None,
        reauthentication=reauthentication,
    )


def _log_added(sender: object, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log.info("factor_added", user=user.pk, factor=authenticator.type)


def _log_removed(sender: object, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log.info("factor_removed", user=user.pk, factor=authenticator.type)


def _log_replaced(sender: object, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log.info("recovery_codes_replaced", user=user.pk)


def _log_used(sender: object, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        log.info("recovery_code_used", user=user.pk)
        left = codes_left(Authenticator.objects.get(pk=authenticator.pk))
        get_adapter().send_notification_mail("account/email/recovery_code_used", user, {"left": left})
    else:
        log.info("factor_used", user=user.pk, factor=authenticator.type)


def _log_refused(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    log.warning("factor_refused", user=user.pk if user else None, client=get_adapter().get_client_ip(request))
