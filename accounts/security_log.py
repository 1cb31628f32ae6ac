"""The security log: a line for each sign-up and each change of password or address. Ids, never addresses.

The adapter logs signing in and out and refused passwords, accounts/confirmation.py wrong codes.
"""

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account import signals
from django.dispatch import Signal

log = structlog.get_logger(__name__)

EVENTS: dict[str, Signal] = {
    "signed_up": signals.user_signed_up,
    "password_changed": signals.password_changed,
    "password_set": signals.password_set,
    "password_reset": signals.password_reset,
    "address_changed": signals.email_changed,
}


def connect() -> None:
    """Log each event from now on."""
    for event, signal in EVENTS.items():
        signal.connect(_writer(event), dispatch_uid=f"accounts.security_log.{event}", weak=False)


def _writer(event: str) -> Callable[..., None]:
    def write(sender: object, user: Any = None, **kwargs: Any) -> None:
        log.info(event, user=user.pk if user else None)

    return write
