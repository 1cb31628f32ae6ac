"""Sending what is owed: claim, check again, begin, send, record.

The order is what makes it safe. Digests are claimed in a statement of its own and committed before anything is sent;
right before a mail goes out it is read again whether it is still owed; that an attempt has begun is committed before
the mail server hears of it; no transaction is open while talking to the mail server; what became of it is recorded
only by whoever still holds the claim. A worker that dies leaves a claim that runs out, and the next round takes it
over with the same Message-ID and Date.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult
from careerplan.reminders import claims, refused_addresses
from careerplan.reminders.claims import Claimed, Clock
from careerplan.reminders.digest_mail import DigestMail, build_digest_mail
from careerplan.reminders.letters import Letter
from careerplan.reminders.models import Digest
from careerplan.reminders.prefetch import ContentPrefetcher
from careerplan.reminders.services import bring_forward, make_owed
from careerplan.reviews.services import make_due_reviews

# Few enough that other senders can help at a slow mail server, and that little waits for a claim to run out.
BATCH_SIZE = 100
# A round ends after this, so that it ends well before Celery's soft time limit.
ROUND = timedelta(seconds=120)
# Looking at what is owed ends after this, so that sending begins; the next round goes on with it.
LOOKING = timedelta(seconds=40)
# A mail that is out is recorded even if the database is just being restarted: not longer than a lease has left.
PATIENCE_SECONDS = 20.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail that went out, for whoever asked for the round."""

    address: str
    subject: str
    today: date
    time_zone: str


T = TypeVar("T")
Tell = Callable[[Sent], None]
More = Callable[[], None]


def send_round(*, as_of: datetime, clock: Clock, tell: Tell | None = None, more: More | None = None) -> int:
    """Make what is owed at `as_of`, then send everything that is owed. Gives how many mails were sent.

    `tell` hears of each; `more` is called once where there is enough to do for another sender beside this one.
    """
    _apart(lambda: make_due_reviews(now=as_of))
    _apart(lambda: bring_forward(as_of=as_of, now=clock()))
    end = clock() + LOOKING
    made = make_owed(as_of=as_of, now=clock(), is_over=lambda: clock() >= end)
    sent = send_owed(as_of=as_of, clock=clock, tell=tell, more=more)
    if made or sent:
        log.info("reminder round", made=made, sent=sent)
    return sent


def _apart(step: Callable[[], object]) -> None:
    """Do one step of a round; where the database refuses it, the other steps go on, and the next round tries again."""
    try:
        step()
    except DatabaseError as error:
        if not connection.is_usable():
            raise
        # Not its words: they may hold what people wrote.
        log.error("a step of a reminder round failed", error=type(error).__name__)


def send_owed(*, as_of: datetime, clock: Clock, tell: Tell | None = None, more: More | None = None) -> int:
    """Send what is owed and free, over one connection a batch. Gives how many mails were sent.

    Ends when nothing is left, when ROUND is over, or when the mail server cannot be reached.
    """
    end, sent = clock() + ROUND, 0
    while clock() < end and (digests := claims.take(now=clock(), limit=BATCH_SIZE)):
        if more and len(digests) == BATCH_SIZE:
            more()
            more = None
        batch = _Batch(digests, as_of, clock, end, tell)
        with claims.tuned_for_sending():
            batch.send()
        sent += batch.sent
        if batch.server_is_away:
            break
    return sent


class _Batch:
    """Claimed digests, one after the other over one connection. One that fails never stops the rest."""

    def __init__(self, digests: list[Claimed], as_of: datetime, clock: Clock, end: datetime, tell: Tell | None) -> None:
        self.waiting = deque(digests)
        self.prefetcher = ContentPrefetcher(as_of)
        self.clock, self.end, self.tell = clock, end, tell
        self.sent = 0
        self.server_is_away = False

    def send(self) -> None:
        """Send them all, or as many as the time allows."""
        smtp = EmailBackend()
        try:
            while self.waiting and self.clock() < self.end:
                if away := smtp.ensure_open():
                    log.warning("mail server is away", answer=away.text)
                    self.server_is_away = True
                    break
                self._one(self.waiting.popleft(), smtp)
        finally:
            smtp.close()
        if self.waiting:
            pause = claims.FIRST_PAUSE if self.server_is_away else timedelta()
            claims.release(self.waiting, until=self.clock() + pause)

    def _one(self, digest: Claimed, smtp: EmailBackend) -> None:
        found = self._look(digest)
        if found is None or not _surely(lambda: claims.begin(digest, now=self.clock())):
            return
        if not self.prefetcher.is_fresh:  # building or beginning took long: the first mail, a restart of the database
            found = self._look(digest)
            if found is None:
                return
        letter, mail = found
        try:
            self._handle(letter, mail, smtp.deliver(mail.sender, mail.recipient, mail.content))
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # its claim runs out, and it is repeated; nobody knows how far the talk had come
            log.exception("reminder failed while it was sent", digest=digest.id, error=type(error).__name__)
            smtp.close()

    def _look(self, digest: Claimed) -> tuple[Letter, DigestMail] | None:
        """What a digest says as things stand now; None where it does not go out (any more, or yet), which is noted."""
        try:
            letter = self.prefetcher.load(digest, self.waiting)
            if letter and letter.lines and letter.is_for_now:
                return letter, build_digest_mail(letter)
            self._leave(digest, letter)
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # one broken digest must not keep the others waiting
            log.exception("reminder failed", digest=digest.id, error=type(error).__name__)
            claims.try_later(digest, now=self.clock(), attempts=digest.attempts + 1)
        return None

    def _leave(self, digest: Claimed, letter: Letter | None) -> None:
        if letter is None or not letter.lines:
            claims.give_up(digest, Digest.State.DROPPED)
        else:  # not its day, or not the hour (any more): waits for it
            claims.try_later(digest, now=self.clock(), attempts=digest.attempts)

    def _handle(self, letter: Letter, mail: DigestMail, answer: SmtpResult) -> None:
        digest, now = letter.digest, self.clock()
        if answer.outcome is SmtpOutcome.ACCEPTED:
            self.sent += 1
            _surely(
                lambda: claims.record_sent(
                    digest, sent_at=now, subject=mail.subject, answer=answer.text, obsolete_ids=letter.untold
                )
            )
            if letter.was_refused:
                refused_addresses.accept(digest.user_id, letter.address)
            if self.tell:
                self.tell(Sent(letter.address, mail.subject, letter.today, letter.time_zone))
            return
        log.warning("mail was not taken", digest=digest.id, outcome=answer.outcome.value, answer=answer.text[:3])
        if answer.outcome is SmtpOutcome.REJECTED:
            if answer.about_address:
                refused_addresses.refuse(digest.user_id, letter.address, on=letter.today, now=now, answer=answer.text)
            claims.give_up(digest, Digest.State.FAILED, answer=answer.text, subject=mail.subject)
        else:
            unsure = answer.outcome is SmtpOutcome.UNCERTAIN
            claims.try_later(digest, now=now, attempts=digest.attempts + 1, answer=answer.text, unsure=unsure)


def _surely(write: Callable[[], T]) -> T:
    """Run a statement that may run twice, again and again while the database restarts."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > end:
                raise
            connection.close()
            time.sleep(0.5)
