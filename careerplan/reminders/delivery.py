"""Sending what is owed: claim, check again, send, record.

The order is what makes it safe. A digest is claimed in a short transaction of its own and committed
before anything is sent; no transaction is open while talking to the mail server; what became of it is
recorded only by whoever still holds the claim. A worker that dies leaves a claim that runs out, and the
next round takes it over with the same Message-ID and Date.
"""

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from careerplan.reminders.messages import daily_mail
from careerplan.reminders.models import Digest
from careerplan.reminders.queries import preferences_of, still_owed
from careerplan.reminders.services import Clock, make_owed

BATCH = 50
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sent:
    """One mail that went out, for whoever asked for the round."""

    address: str
    subject: str
    local_date: str
    time_zone: str


def send_round(*, as_of: datetime, clock: Clock) -> list[Sent]:
    """Make what is owed at `as_of`, then send everything that is owed. Gives what was sent."""
    made = make_owed(as_of=as_of, now=clock())
    sent: list[Sent] = []
    while digests := claim(now=clock(), limit=BATCH):
        sent.extend(_send_batch(digests, clock))
    if made or sent:
        log.info("reminder round", made=made, sent=len(sent))
    return sent


@transaction.atomic
def claim(*, now: datetime, limit: int) -> list[Digest]:
    """Take up to `limit` digests nobody else is at; the claim runs out after the lease."""
    rows = Digest.objects.owed().filter(not_before__lte=now).order_by("not_before", "id")
    digests = list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("user")[:limit])
    for digest in digests:
        digest.claim, digest.not_before = uuid4(), now + _lease()
        digest.attempts += 1
    Digest.objects.bulk_update(digests, ["claim", "not_before", "attempts"])
    return digests


def _lease() -> timedelta:
    return timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


def _send_batch(digests: list[Digest], clock: Clock) -> Iterator[Sent]:
    """Send claimed digests over one connection; a failing one never stops the rest."""
    smtp = get_connection()
    try:
        for digest in digests:
            try:
                sent = _send_one(digest, smtp, clock)
            except Exception:  # one broken digest must not keep the others waiting
                log.exception("reminder failed", digest=digest.pk)
                _try_again_later(digest, clock())
                continue
            if sent:
                yield sent
    finally:
        smtp.close()


def _send_one(digest: Digest, smtp: BaseEmailBackend, clock: Clock) -> Sent | None:
    if not _holds_claim(digest, not_before=clock() + _lease()):
        return None
    reminders = still_owed(digest)
    address = EmailAddress.objects.filter(user=digest.user, primary=True, verified=True).first()
    if not reminders or address is None or not digest.user.is_active:
        _record(digest, state=Digest.State.DROPPED)
        return None
    mail = daily_mail(digest, reminders, address.email, preferences_of(digest.user).hour)
    try:
        smtp.open()
        smtp.send_messages([mail])
    except (smtplib.SMTPException, OSError) as error:
        smtp.close()
        _failed(digest, error, clock())
        return None
    _record(digest, state=Digest.State.SENT, sent_at=clock(), subject=mail.subject)
    return Sent(address.email, str(mail.subject), digest.local_date.isoformat(), digest.user.time_zone)


def _holds_claim(digest: Digest, **changes: object) -> bool:
    """Change a digest if it is still ours; False where somebody took it over meanwhile."""
    ours = Digest.objects.owed().filter(pk=digest.pk, claim=digest.claim)
    return bool(ours.update(**changes))


def _record(digest: Digest, **outcome: object) -> None:
    if not _holds_claim(digest, **outcome):
        log.warning("reminder was taken over", digest=digest.pk)


def _failed(digest: Digest, error: Exception, now: datetime) -> None:
    """A refusal for good (5xx for this recipient) is recorded as such; anything else is tried again."""
    log.warning("mail server refused", digest=digest.pk, error=type(error).__name__)
    if isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _text in error.recipients.values()
    ):
        _record(digest, state=Digest.State.FAILED)
    else:
        _try_again_later(digest, now)


def _try_again_later(digest: Digest, now: datetime) -> None:
    """Wait before the next attempt: a minute, then twice as long each time, an hour at most."""
    pause = min(FIRST_PAUSE * 2 ** min(digest.attempts - 1, 10), LONGEST_PAUSE)
    _holds_claim(digest, not_before=now + pause)
