"""Send the daily emails.

1. Claim a batch of digests and commit, before anything is sent (claims.py).
2. Read again, right before each mail, what may still be sent (digest_content.py), and build the mail (digest_mail.py).
3. Commit that an attempt starts. Only then does the mail server hear of the mail; no transaction is open.
4. Hand the mail over and record its outcome, together with the start of the next mail where that is ready. Only the
   holder of the claim may.

The claim of a worker that died expires. The next run takes the digest over with the same Message-ID and Date. Where the
mail server refuses everyone, sending stops for a while and everything stays owed (refusals.py).
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connection

from accounts.models import User
from careerplan.core.mail_leases import FIRST_PAUSE, lease
from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult, without_addresses
from careerplan.reminders import claims, refusals
from careerplan.reminders.claims import ClaimedDigest, Clock, DeliveredDigest
from careerplan.reminders.digest_content import ContentPrefetcher, DigestContent
from careerplan.reminders.digest_mail import DigestMail, build_digest_mail
from careerplan.reminders.forecast import held_back
from careerplan.reminders.models import Digest, MailServerState
from careerplan.reminders.queries.mail_server import is_sending_stopped
from careerplan.reminders.services import create_due_reminders, reschedule_unsent_digests
from careerplan.reviews.services import make_due_reviews

# Small enough that other senders can help at a slow mail server, and few digests wait for a claim to expire.
BATCH_SIZE = 100
# A run ends after this, well before Celery's soft time limit.
RUN_LIMIT = timedelta(seconds=120)
# Creating reminders ends after this, so that sending starts. The next run continues with it.
CREATION_LIMIT = timedelta(seconds=40)
# How long a statement is repeated while the database restarts; the one that records an email at least so long, and for
# the rest of its lease: until then nobody else sends it.
DATABASE_PATIENCE_SECONDS = 20.0
# How often it is recorded that the mail server takes emails; after a refusal at once.
ACCEPTED_EVERY_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SentMail:
    """An email that was sent."""

    address: str
    subject: str
    today: date
    time_zone: str


T = TypeVar("T")
OnSent = Callable[[SentMail], None]
RequestHelper = Callable[[], None]


def run_scheduler(
    *, as_of: datetime, clock: Clock, on_sent: OnSent | None = None, request_helper: RequestHelper | None = None
) -> int:
    """Create the reminders due at `as_of` and send all due digests. Return the number of emails sent.

    `on_sent` is called for each; `request_helper` once, if there is enough work for another sender.
    """
    run_isolated(lambda: make_due_reviews(now=as_of))
    run_isolated(lambda: reschedule_unsent_digests(as_of=as_of, now=clock()))
    end = clock() + CREATION_LIMIT
    created = create_due_reminders(as_of=as_of, now=clock(), is_over=lambda: clock() >= end)
    sent = send_due_digests(as_of=as_of, clock=clock, on_sent=on_sent, request_helper=request_helper)
    if created or sent:
        log.info("scheduler_run", created=created, sent=sent)
    return sent


def run_isolated(step: Callable[[], object]) -> None:
    """Run one step. Where the database refuses it, the other steps still run, and the next run tries again."""
    try:
        step()
    except DatabaseError as error:
        if not connection.is_usable():
            raise
        # Only the type: the message may quote user texts.
        log.error("scheduler_step_failed", error=type(error).__name__)


def send_due_digests(
    *, as_of: datetime, clock: Clock, on_sent: OnSent | None = None, request_helper: RequestHelper | None = None
) -> int:
    """Send the due digests, one connection per batch. Return the number of emails sent.

    Ends when none is left, after RUN_LIMIT, or if the mail server cannot be reached or refuses everyone.
    """
    started = clock()
    end, sent = started + RUN_LIMIT, 0
    while clock() < end and not is_sending_stopped(clock()):
        digests = claims.claim_digests(now=clock(), limit=BATCH_SIZE)
        if not digests:
            break
        if request_helper and len(digests) == BATCH_SIZE:
            request_helper()
            request_helper = None
        # A run that begins before midnight ends after it: each batch has its own day.
        batch = _Batch(digests, as_of + (clock() - started), clock, end, on_sent)
        with claims.sending_session_settings():
            batch.send()
        sent += batch.sent
        if batch.pause:
            break
    return sent


class _Batch:
    """Claimed digests, sent one after the other over one connection. A failure never stops the rest."""

    def __init__(
        self, digests: list[ClaimedDigest], as_of: datetime, clock: Clock, end: datetime, on_sent: OnSent | None
    ) -> None:
        self.waiting = deque(digests)
        self.as_of, self.prefetcher = as_of, ContentPrefetcher(as_of)
        self.clock, self.end, self.on_sent = clock, end, on_sent
        self.sent = 0
        self.pause = timedelta()  # until the mail server is tried again
        self.lease_ends = 0.0  # of the digest that was started last, on the monotonic clock
        self.unrecorded: DeliveredDigest | None = None  # the last email, to be recorded with the start of the next
        self.accepted_until = 0.0  # it was recorded that the mail server takes emails, on the monotonic clock

    def send(self) -> None:
        """Send them all, or as many as time allows, and release the rest."""
        smtp = EmailBackend()
        try:
            while self.waiting and self.clock() < self.end and not self.pause:
                if not smtp.is_open:
                    self._record_last()
                if failure := smtp.ensure_open():
                    log.warning("mail_server_unavailable", answer=without_addresses(failure.text))
                    refusals.record_unreachable(now=self.clock(), smtp_response=failure.text)
                    self.pause = FIRST_PAUSE
                    break
                self._send_one(self.waiting.popleft(), smtp)
        finally:
            try:
                self._record_last()
            finally:
                smtp.close()
        if self.waiting:
            claims.release(self.waiting, until=self.clock() + self.pause)

    def _send_one(self, digest: ClaimedDigest, smtp: EmailBackend) -> None:
        prepared = self._prepare(digest)
        if prepared is None or not self._start(digest):
            return
        if not self.prefetcher.is_fresh:  # the first email of a process, or the database restarted
            prepared = self._prepare(digest)
            if prepared is None:
                return
        if time.monotonic() > self.lease_ends - settings.LONGEST_EMAIL_SECONDS:
            # The database took so long that another worker could take the digest over while its email is being sent.
            claims.defer(digest, now=self.clock(), attempts=digest.attempts)
            return
        content, mail = prepared
        try:
            self._record(content, mail, smtp.deliver(mail.sender, mail.recipient, mail.content))
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # its claim expires and it is repeated: the mail server may have it
            log.exception("digest_failed_while_sending", digest=digest.id, error=type(error).__name__)
            smtp.close()

    def _start(self, digest: ClaimedDigest) -> bool:
        """Commit that an attempt starts, and with it that the last email was sent. False where it was taken over."""
        if self.unrecorded:
            lease_ends = time.monotonic() + lease().total_seconds()
            try:
                is_started = claims.record_sent_and_start(self.unrecorded, digest, now=self.clock())
            except Error:  # then one after the other: what is wrong with one must not hold up the other
                self._record_last()
            else:
                self.unrecorded, self.lease_ends = None, lease_ends
                return is_started
        return retry_while_database_down(lambda: self._start_alone(digest))

    def _start_alone(self, digest: ClaimedDigest) -> bool:
        self.lease_ends = time.monotonic() + lease().total_seconds()
        return claims.start_attempt(digest, now=self.clock())

    def _record_last(self) -> None:
        """Record the last email by itself: before anything that may take long or fail, and at the end.

        If that fails, its claim expires and the attempt counts as uncertain.
        """
        last, self.unrecorded = self.unrecorded, None
        if last is None:
            return
        try:
            retry_while_database_down(lambda: claims.record_sent(last), at_least_until=self.lease_ends)
        except SoftTimeLimitExceeded:  # it is tried once more at the end of the batch
            self.unrecorded = last
            raise
        except OperationalError:
            raise
        except DatabaseError as error:  # one broken digest must not stop the others
            log.error("digest_not_recorded", digest=last.digest.id, error=type(error).__name__)

    def _prepare(self, digest: ClaimedDigest) -> tuple[DigestContent, DigestMail] | None:
        """Load a digest and build its email. None if it is not sent, or not now; that is recorded."""
        try:
            if not self.prefetcher.has(digest):
                self._record_last()
            content = self.prefetcher.load(digest, self.waiting)
            if content is None or not content.lines:
                self._record_last()
                claims.give_up(digest, Digest.State.DROPPED)
            elif not content.is_for_now:  # not its day, not the time of day, or too soon after the last one
                self._record_last()
                claims.defer(digest, now=self.clock(), attempts=digest.attempts, at_least=content.wait)
            else:
                if content.is_before_gap:
                    self._record_last()
                    content.held_back = held_back(User.objects.get(pk=digest.user_id), self.as_of)
                return content, build_digest_mail(content)
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # one broken digest must not stop the others
            log.exception("digest_failed", digest=digest.id, error=type(error).__name__)
            self._record_last()
            claims.defer(digest, now=self.clock(), attempts=digest.attempts + 1)
        return None

    def _record(self, content: DigestContent, mail: DigestMail, result: SmtpResult) -> None:
        if result.outcome is SmtpOutcome.ACCEPTED:
            self._record_sent(content, mail, result.text)
            return
        digest, now, answer = content.digest, self.clock(), result.text
        log.warning("mail_refused", digest=digest.id, outcome=result.outcome.value, answer=without_addresses(answer))
        if result.outcome in {SmtpOutcome.REJECTED, SmtpOutcome.REFUSED} and self._is_everyone_refused(digest, result):
            self.pause = MailServerState.PAUSE
        elif result.outcome is SmtpOutcome.REJECTED:
            refusals.record_rejected_address(
                digest.user_id, content.address, on=content.today, now=now, smtp_response=answer
            )
            claims.give_up(digest, Digest.State.FAILED, smtp_response=answer, subject=mail.subject)
            return
        is_uncertain = result.outcome is SmtpOutcome.UNCERTAIN
        claims.defer(digest, now=now, attempts=digest.attempts + 1, smtp_response=answer, is_uncertain=is_uncertain)

    def _is_everyone_refused(self, digest: ClaimedDigest, result: SmtpResult) -> bool:
        self.accepted_until = 0.0
        is_ours = result.outcome is SmtpOutcome.REFUSED
        return refusals.record_refusal(digest.user_id, is_ours=is_ours, now=self.clock(), smtp_response=result.text)

    def _record_sent(self, content: DigestContent, mail: DigestMail, smtp_response: str) -> None:
        """Take an email as sent. It is recorded with the start of the next, unless more is to be written about it."""
        digest, is_accepted_due = content.digest, time.monotonic() > self.accepted_until
        self.sent += 1
        self.unrecorded = DeliveredDigest(digest, self.clock(), mail.subject, smtp_response, content.obsolete_ids)
        if content.obsolete_ids or content.was_refused or is_accepted_due:
            self._record_last()
        if is_accepted_due:
            refusals.record_accepted()
            self.accepted_until = time.monotonic() + ACCEPTED_EVERY_SECONDS
        if content.was_refused:
            refusals.record_accepted_address(digest.user_id, content.address, on=content.today)
        if self.on_sent:
            self.on_sent(SentMail(content.address, mail.subject, content.today, content.time_zone))


def retry_while_database_down(statement: Callable[[], T], *, at_least_until: float = 0.0) -> T:
    """Repeat a statement that may run twice while the database restarts; `at_least_until` is on the monotonic clock."""
    end = max(time.monotonic() + DATABASE_PATIENCE_SECONDS, at_least_until)
    while True:
        try:
            return statement()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.5)
