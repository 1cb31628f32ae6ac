"""Who may send a digest: a claim that runs out, and that only its holder may turn into an outcome.

A digest without a claim is free; with one it is free again when `not_before` has come. Every function is one
statement of its own, committed when it returns: a mail server is only spoken to in between.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import DatabaseError

from careerplan.core.database import run_prepared
from careerplan.reminders.models import Digest

Clock = Callable[[], datetime]
# A claim holds this much longer than a mail may take. While that lasts, beginning a mail leaves `not_before` as it is,
# which is in an index: PostgreSQL then writes the row alone (a heap-only tuple), and a batch is out long before.
MARGIN = timedelta(seconds=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

log = structlog.get_logger(__name__)

# Those that wait longest first. A claim that ran out after a send was begun leaves a mail that may have arrived; so
# does one from before a start of the database, which may have lost what was written last (`tuned_for_sending`).
TAKE = """
WITH free AS MATERIALIZED (
    SELECT id, claim IS NOT NULL AND (
        begun_at IS NOT NULL OR not_before - %(longest)s < pg_postmaster_start_time()
    ) AS may_be_out FROM reminders_digest WHERE state = 'owed' AND not_before <= %(now)s
    ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE reminders_digest AS digest
SET claim = %(claim)s, not_before = %(until)s, begun_at = NULL,
    unsure = digest.unsure + free.may_be_out::int
FROM free WHERE digest.id = free.id
RETURNING digest.id, digest.user_id, digest.local_date, digest.key, digest.made_at, digest.attempts,
          free.may_be_out
"""
TUNE = "SELECT set_config('synchronous_commit', %(commit)s, false), set_config('plan_cache_mode', %(plans)s, false)"
# Only what is owed has a claim (a constraint). Not asked for here too: PostgreSQL would rather read the small index of
# what is owed from end to end than find the row by its key, which takes four times as long (EXPLAIN, PostgreSQL 18).
OURS = "id = %(id)s AND claim = %(claim)s"
BEGIN = f"""
UPDATE reminders_digest
SET begun_at = %(now)s, attempts = attempts + 1,
    not_before = CASE WHEN not_before BETWEEN %(until)s AND %(latest)s THEN not_before ELSE %(until)s END
WHERE {OURS} RETURNING id
"""  # noqa: S608  (fixed text)
OUTCOME = f"""
recorded AS (
    UPDATE reminders_digest
    SET state = %(state)s, sent_at = %(sent_at)s, subject = %(subject)s, answer = %(answer)s, claim = NULL,
        begun_at = NULL
    WHERE {OURS} RETURNING id
)
"""  # noqa: S608
# What a digest did not tell is forgotten together with its outcome, so that it can be owed again.
FORGET_SOME = "DELETE FROM reminders_reminder WHERE digest_id IN (SELECT id FROM recorded) AND id = ANY (%(untold)s)"
FORGET_ALL = "DELETE FROM reminders_reminder WHERE digest_id IN (SELECT id FROM recorded)"
COUNT_BOTH = "SELECT (SELECT count(*) FROM recorded), (SELECT count(*) FROM begun)"
COUNT_RECORDED = "SELECT id FROM recorded"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A digest somebody may send now, and the claim under which."""

    id: int
    user_id: int
    local_date: date
    key: UUID
    made_at: datetime
    attempts: int
    claim: UUID


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail that is out and whose digest does not say so yet."""

    digest: Claimed
    sent_at: datetime
    subject: str
    answer: str
    untold: Sequence[int]


def lease() -> timedelta:
    """How long a claim holds from the beginning of a mail: longer than a mail may take on an open connection
    (settings.py).
    """
    return timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


def longest_claim() -> timedelta:
    """How long a claim holds from when it was taken, where its mail is not begun."""
    return lease() + MARGIN


def take(*, now: datetime, limit: int) -> list[Claimed]:
    """Claim up to `limit` digests nobody else is at, those that wait longest first."""
    claim, longest = uuid4(), longest_claim()
    rows = run_prepared(TAKE, {"now": now, "limit": limit, "claim": claim, "until": now + longest, "longest": longest})
    if unsure := sum(row[-1] for row in rows):
        log.warning("a sender died while it sent; what it was at is repeated", digests=unsure)
    return [
        Claimed(pk, user_id, local_date, key, made_at, attempts, claim)
        for pk, user_id, local_date, key, made_at, attempts, _may_be_out in sorted(rows)
    ]


@contextmanager
def tuned_for_sending() -> Iterator[None]:
    """Plans are made once a connection, and what is written reaches the database's disk within a second.

    Planning what is read before a mail takes longer than reading it, and waiting for the disk longer than all the rest
    of a mail. Nothing can be lost by it: only if the database itself crashes, mails of its last second look as if they
    had not gone out, and are repeated, counted as unsure. Claims are not taken inside, so that they are on the disk
    before anything is sent.
    """
    run_prepared(TUNE, {"commit": "off", "plans": "force_generic_plan"})
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a lost session has lost its settings too
            run_prepared(TUNE, {"commit": "on", "plans": "auto"})


def begin(digest: Claimed, *, now: datetime) -> bool:
    """Begin an attempt: the lease runs anew. False where somebody took the digest over meanwhile."""
    return bool(run_prepared(BEGIN, _begin_values(digest, now)))


def record_sent(mail: Delivered) -> None:
    """Write that a mail is out. Where somebody took it over meanwhile, they repeat it, and it is theirs to record."""
    _warn_unless(run_prepared(f"WITH {OUTCOME}{_forgetting(mail)} {COUNT_RECORDED}", _sent_values(mail)), mail.digest)


def record_sent_and_begin(mail: Delivered, digest: Claimed, *, now: datetime) -> bool:
    """Both in one statement, which halves the database's part in a mail. False as of `begin`."""
    begun = BEGIN.replace("%(id)s", "%(next_id)s").replace("%(claim)s", "%(next_claim)s")
    values = _begin_values(digest, now)
    values |= {"next_id": values.pop("id"), "next_claim": values.pop("claim")} | _sent_values(mail)
    statement = f"WITH {OUTCOME}{_forgetting(mail)}, begun AS ({begun}) {COUNT_BOTH}"
    [(was_recorded, was_begun)] = run_prepared(statement, values)
    _warn_unless(was_recorded, mail.digest)
    return bool(was_begun)


def give_up(digest: Claimed, state: Digest.State, *, answer: str = "", subject: str = "") -> None:
    """Record that a digest will not be sent: dropped, or refused for good. All it held can be owed again."""
    values = {**_ours(digest), "state": state, "sent_at": None, "subject": subject, "answer": answer}
    _warn_unless(run_prepared(f"WITH {OUTCOME}, forgotten AS ({FORGET_ALL}) {COUNT_RECORDED}", values), digest)


def release(digests: Iterable[Claimed], *, until: datetime) -> None:
    """Give back what was not tried; nobody takes it before `until`."""
    for claim, ids in _by_claim(digests).items():
        ours = Digest.objects.owed().filter(pk__in=ids, claim=claim, begun_at=None)
        ours.update(claim=None, not_before=until)


def try_later(digest: Claimed, *, now: datetime, attempts: int, answer: str = "", unsure: bool = False) -> None:
    """Wait before the next attempt: a minute, then twice as long each time, an hour at most.

    `attempts` is how many there were, this one counted; `unsure` where it may have arrived.
    """
    pause = min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)
    statement = f"""
        UPDATE reminders_digest SET claim = NULL, begun_at = NULL, not_before = %(until)s, attempts = %(attempts)s,
            answer = %(answer)s, unsure = unsure + %(unsure)s::int
        WHERE {OURS} RETURNING id
    """  # noqa: S608
    values = {**_ours(digest), "until": now + pause, "attempts": attempts, "answer": answer, "unsure": int(unsure)}
    _warn_unless(run_prepared(statement, values), digest)


def _by_claim(digests: Iterable[Claimed]) -> dict[UUID, list[int]]:
    by_claim: dict[UUID, list[int]] = {}
    for digest in digests:
        by_claim.setdefault(digest.claim, []).append(digest.id)
    return by_claim


def _ours(digest: Claimed) -> dict[str, Any]:
    return {"id": digest.id, "claim": digest.claim}


def _begin_values(digest: Claimed, now: datetime) -> dict[str, Any]:
    return {**_ours(digest), "now": now, "until": now + lease(), "latest": now + longest_claim()}


def _sent_values(mail: Delivered) -> dict[str, Any]:
    sent = {"sent_at": mail.sent_at, "subject": mail.subject, "answer": mail.answer, "untold": list(mail.untold)}
    return {**_ours(mail.digest), "state": Digest.State.SENT.value, **sent}


def _forgetting(mail: Delivered) -> str:
    return f", forgotten AS ({FORGET_SOME})" if mail.untold else ""


def _warn_unless(recorded: object, digest: Claimed) -> None:
    if not recorded:
        log.warning("reminder was taken over", digest=digest.id)
