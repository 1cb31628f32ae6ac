"""Addresses that are refused for good: after two days in a row nothing more is sent there, and the person is told."""

from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.models import User
from careerplan.reminders.models import RefusedAddress

log = structlog.get_logger(__name__)


@transaction.atomic
def refuse(user_id: int, address: str, *, on: date, now: datetime, smtp_response: str) -> None:
    """Note that a mail server refused an address (5xx) on somebody's local day. A day counts once."""
    first = {"refused_on": on, "smtp_response": smtp_response}
    row, is_new = RefusedAddress.objects.select_for_update().get_or_create(
        user_id=user_id, address=address, defaults=first
    )
    if is_new or row.refused_on == on:
        return
    row.days, row.refused_on, row.smtp_response = row.days + 1, on, smtp_response
    if row.days >= RefusedAddress.DAYS and row.stopped_at is None:
        row.stopped_at = now
        log.warning("mail to an address is stopped", user=user_id)
    row.save()


def accept(user_id: int, address: str) -> None:
    """The address works (again): a mail was taken. Idempotent."""
    RefusedAddress.objects.filter(user_id=user_id, address=address).delete()


def try_again(*, user: User) -> None:
    """The person says that their address works: mails go there again. Idempotent."""
    RefusedAddress.objects.for_user(user).delete()
