"""Rejected addresses: after two days in a row we send nothing more, and tell the user."""

from datetime import date, datetime

import structlog
from django.db import transaction

from accounts.models import User
from careerplan.reminders.models import RefusedAddress

log = structlog.get_logger(__name__)


@transaction.atomic
def refuse(user_id: int, address: str, *, on: date, now: datetime, smtp_response: str) -> None:
    """Record that a mail server rejected an address (5xx) on a user's local day. A day counts once."""
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
    """Record that an address works. Idempotent."""
    RefusedAddress.objects.filter(user_id=user_id, address=address).delete()


def try_again(*, user: User) -> None:
    """Send to an address again because the user says that it works. Idempotent."""
    RefusedAddress.objects.for_user(user).delete()
