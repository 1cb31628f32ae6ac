"""Sending what is owed: claim, check again, send, record.

The order is what makes it safe. A digest is claimed in a short transaction of its own and committed
before anything is sent; no transaction is open while talking to the mail server; what became of it is
recorded only by whoever still holds the claim. A worker that dies leaves a claim that runs out, and the
next round takes it over with the same Message-ID and Date.
"""

import smtplib
from datetime import datetime, timedelta

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from careerplan.reminders import claims
from careerplan.reminders.claims import Clock
from careerplan.reminders.messages import daily_mail
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries import Recipient, recipient_of, still_owed
from careerplan.reminders.services import bring_forward, make_owed
from careerplan.reviews.services import make_due_reviews

BATCH = 50
# A round claims nothing more after this, so that it ends well before Celery's soft time limit.
ROUND = timedelta(seconds=120)

log = structlog.get_logger(__name__)


class Sent:
    """One mail that went out, for whoever asked for the round."""

    def __init__(self, recipient: Recipient, mail: EmailMultiAlternatives) -> None:
        self.address = recipient.address
        self.subject = str(mail.subject)
        self.today = recipient.today
        self.time_zone = recipient.time_zone


def send_round(*, as_of: datetime, clock: Clock) -> list[Sent]:
    """Make what is owed at `as_of`, then send everything that is owed. Gives what was sent.

    Ends when nothing is left, when ROUND is over, or when the mail server cannot be reached.
    """
    end = clock() + ROUND
    make_due_reviews(now=as_of)
    bring_forward(as_of=as_of, now=clock())
    made = make_owed(as_of=as_of, now=clock())
    sent: list[Sent] = []
    is_open = True
    while is_open and clock() < end and (digests := claims.take(now=clock(), limit=BATCH)):
        is_open = _send_batch(digests, as_of, clock, sent)
    if made or sent:
        log.info("reminder round", made=made, sent=len(sent))
    return sent


def _send_batch(digests: list[Digest], as_of: datetime, clock: Clock, sent: list[Sent]) -> bool:
    """Send claimed digests over one connection; a failing one never stops the rest.

    False where the mail server cannot be reached: then nobody needs to wait for it digest by digest.
    """
    smtp = get_connection()
    try:
        for place, digest in enumerate(digests):
            try:
                smtp.open()
            except (smtplib.SMTPException, OSError) as error:
                log.warning("mail server is away", error=type(error).__name__)
                claims.release(digests[place:], now=clock())
                return False
            one = _send_one(digest, smtp, as_of, clock)
            if one:
                sent.append(one)
    finally:
        smtp.close()
    return True


def _send_one(digest: Digest, smtp: BaseEmailBackend, as_of: datetime, clock: Clock) -> Sent | None:
    try:
        prepared = _prepare(digest, as_of, clock)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # one broken digest must not keep the others waiting
        log.exception("reminder failed", digest=digest.pk, error=type(error).__name__)
        claims.try_later(digest, now=clock())
        return None
    if prepared is None:
        return None
    recipient, mail, reminders = prepared
    if not claims.renew(digest, now=clock()):
        return None
    try:
        smtp.send_messages([mail])
    except (smtplib.SMTPException, OSError) as error:
        smtp.close()
        _refused(digest, error, clock())
        return None
    # Whatever happens from here on, the mail is out: what fails now leaves the claim to run out.
    claims.record(digest, reminders, state=Digest.State.SENT, sent_at=clock(), subject=str(mail.subject))
    return Sent(recipient, mail)


def _prepare(
    digest: Digest, as_of: datetime, clock: Clock
) -> tuple[Recipient, EmailMultiAlternatives, list[Reminder]] | None:
    """The mail of a digest as things stand now; None where nothing is to be sent (any more, or yet)."""
    recipient = recipient_of(digest.user, as_of)
    if recipient is None:
        claims.record(digest, [], state=Digest.State.DROPPED)
        return None
    if digest.local_date != recipient.mail_day:  # not its day, or not the hour (any more): waits for it
        claims.try_later(digest, now=clock())
        return None
    reminders = still_owed(digest, recipient)
    if not reminders:
        claims.record(digest, [], state=Digest.State.DROPPED)
        return None
    return recipient, daily_mail(digest, reminders, recipient), reminders


def _refused(digest: Digest, error: Exception, now: datetime) -> None:
    """A refusal for good (5xx for this recipient or this mail) is recorded as such; all else is tried again."""
    log.warning("mail server refused", digest=digest.pk, error=type(error).__name__)
    if _is_for_good(error):
        claims.record(digest, [], state=Digest.State.FAILED)
    else:
        claims.try_later(digest, now=now)


def _is_for_good(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    # A refused sender or a refused sign-in is the operator's to mend: those mails wait.
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600
