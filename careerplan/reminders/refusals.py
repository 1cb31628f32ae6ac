"""What follows a refusal: days are counted for an address, and for our own mail server sending stops for a while.

Whose fault a refusal is, its enhanced status code says (core/smtp.py). After so many different people in a row it is
the operator's whatever the code: then nothing more is counted for an address.
"""

from datetime import date, datetime

import structlog
from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from careerplan.core.smtp import without_addresses
from careerplan.reminders.models import Digest, MailServerState, RefusedAddress

log = structlog.get_logger(__name__)


# --- Our mail server --------------------------------------------------------------------------------------
@transaction.atomic
def record_refusal(user_id: int, *, is_ours: bool, now: datetime, smtp_response: str) -> bool:
    """Count a person whose email was refused; return whether everyone is refused, so that sending stops.

    `is_ours`: the fault is not the address's, as far as the code says.
    """
    state = _lock_state()
    if user_id not in state.refused_users and not state.refuses_everyone:
        state.refused_users.append(user_id)
    _set_failure(state, now, smtp_response, begins=is_ours or state.refuses_everyone)
    state.refused_at = now
    if state.refuses_everyone:
        state.stopped_until = now + MailServerState.PAUSE
        log.error("sending_stopped", people=len(state.refused_users), answer=state.smtp_response)
    state.save()
    return state.refuses_everyone


@transaction.atomic
def record_unreachable(*, now: datetime, smtp_response: str) -> None:
    """Record that no connection to the mail server could be opened, or that it turned us away."""
    state = _lock_state()
    _set_failure(state, now, smtp_response, begins=True)
    state.save()


def record_accepted() -> None:
    """Record that the mail server took an email: whatever was wrong is over. Idempotent."""
    MailServerState.objects.all().delete()


@transaction.atomic
def retry_unsent(*, now: datetime) -> int:
    """Forget what the mail server refused, and free every unsent email that waits for its next attempt.

    Return how many. The next scheduler run sends them.
    """
    record_accepted()
    waiting = Digest.objects.pending().filter(claim_token=None, not_before__gt=now)
    return waiting.update(not_before=now)


def _lock_state() -> MailServerState:
    """Return the one row, locked. A sender whose email is taken meanwhile deletes it; then it is made again."""
    while True:
        MailServerState.objects.get_or_create(pk=1)
        if state := MailServerState.objects.select_for_update().filter(pk=1).first():
            return state


def _set_failure(state: MailServerState, now: datetime, smtp_response: str, *, begins: bool) -> None:
    state.smtp_response = without_addresses(smtp_response)[:200]
    if begins and state.failing_since is None:
        state.failing_since = now


# --- Addresses --------------------------------------------------------------------------------------------
@transaction.atomic
def record_rejected_address(
    user_id: int, address: str, *, on: date, now: datetime, smtp_response: str, is_bounce: bool = False
) -> RefusedAddress:
    """Record that there was no such mailbox on a person's local day. A day counts once.

    After two days in a row we send nothing there, and the app says so. Of bounces these are two within BOUNCE_COUNTS.
    """
    first = {"refused_on": on, "smtp_response": smtp_response, "has_bounced": is_bounce}
    row, is_new = RefusedAddress.objects.select_for_update().get_or_create(
        user_id=user_id, address=address, defaults=first
    )
    if is_new or row.refused_on >= on:
        return row
    is_too_old = row.has_bounced and on - row.refused_on > RefusedAddress.BOUNCE_COUNTS
    row.days = 1 if is_too_old else row.days + 1
    row.refused_on, row.smtp_response, row.has_bounced = on, smtp_response, row.has_bounced or is_bounce
    if row.days >= RefusedAddress.DAYS and row.stopped_at is None:
        row.stopped_at = now
        log.warning("address_suppressed", user=user_id)
    row.save()
    return row


def record_accepted_address(user_id: int, address: str, *, on: date) -> None:
    """Record that a mail server accepted mail to an address again. Idempotent.

    That says nothing about an address that bounces: such a row is deleted when it is too old to count.
    """
    row = RefusedAddress.objects.filter(user_id=user_id, address=address)
    row.filter(has_bounced=False).delete()
    row.filter(refused_on__lt=on - RefusedAddress.BOUNCE_COUNTS).delete()


def record_bounce(*, user: User, on: date, now: datetime, smtp_response: str) -> RefusedAddress:
    """Count a bounce of the email of a local day for a person's address."""
    primary = EmailAddress.objects.filter(user=user, primary=True).first()
    address = primary.email if primary else user.email
    return record_rejected_address(user.pk, address, on=on, now=now, smtp_response=smtp_response, is_bounce=True)


def retry_rejected_addresses(*, user: User) -> None:
    """Send mail to a person's rejected addresses again. Idempotent."""
    RefusedAddress.objects.for_user(user).delete()


def clear_rejected_addresses(addresses: list[str]) -> int:
    """Send mail to these addresses again, or to all if none is named. Return how many."""
    rows = RefusedAddress.objects.all()
    if addresses:
        rows = rows.filter(address__in=[address.strip().lower() for address in addresses])
    return rows.delete()[0]
