"""Who may send a digest: a claim that runs out, and that only its holder may turn into an outcome.

A digest without a claim is free; with one it is free again when `not_before` has come. Every function is one
statement of its own, committed when it returns: a mail server is only spoken to in between.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import DatabaseError

from careerplan.core.database import run_prepared
from careerplan.reminders.models import Digest

Clock = Callable[[], datetime]
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

log = structlog.get_logger(__name__)

# Those that wait longest first. A claim that ran out after a send was begun leaves a mail that may have arrived; so
# does one from before a start of the database, which may have lost what was written last (`tuned_for_sending`).
TAKE = """
WITH free AS MATERIALIZED (
    SELECT id, claim IS NOT NULL AND (
        begun_at IS NOT NULL OR not_before - %(lease)s < pg_postmaster_start_time()
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
# These statements find the row by its key. They do not ask for `state = 'owed'`, which a claim implies by a constraint:
# PostgreSQL 18 would read the index of all owed digests instead.
BEGIN = """
UPDATE reminders_digest SET begun_at = %(now)s, attempts = attempts + 1, not_before = %(until)s
WHERE id = %(id)s AND claim = %(claim)s RETURNING id
"""
# The reminders that a digest did not send are deleted together with its outcome, so that they can be owed again.
RECORD_OUTCOME = """
WITH recorded AS (
    UPDATE reminders_digest
    SET state = %(state)s, sent_at = %(sent_at)s, subject = %(subject)s, answer = %(answer)s, claim = NULL,
        begun_at = NULL
    WHERE id = %(id)s AND claim = %(claim)s RETURNING id
),
deleted AS (
    DELETE FROM reminders_reminder WHERE digest_id IN (SELECT id FROM recorded)
      AND (%(state)s <> 'sent' OR id = ANY (%(obsolete_ids)s))
)
SELECT id FROM recorded
"""
DEFER = """
UPDATE reminders_digest
SET claim = NULL, begun_at = NULL, not_before = %(until)s, attempts = %(attempts)s, answer = %(answer)s,
    unsure = unsure + %(unsure)s::int
WHERE id = %(id)s AND claim = %(claim)s RETURNING id
"""


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


def lease() -> timedelta:
    """How long a claim holds from the beginning of a mail: longer than a mail may take on an open connection
    (settings.py).
    """
    return timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


def take(*, now: datetime, limit: int) -> list[Claimed]:
    """Claim up to `limit` digests nobody else is at, those that wait longest first."""
    claim, held = uuid4(), lease()
    rows = run_prepared(TAKE, {"now": now, "limit": limit, "claim": claim, "until": now + held, "lease": held})
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
    """Commit that an attempt begins, and renew the lease. False where the digest was taken over."""
    return bool(run_prepared(BEGIN, {"id": digest.id, "claim": digest.claim, "now": now, "until": now + lease()}))


def record_sent(
    digest: Claimed, *, sent_at: datetime, subject: str, answer: str, obsolete_ids: Sequence[int] = ()
) -> None:
    """Record that a mail went out. Where the digest was taken over, the new holder repeats the mail and records it."""
    _record(digest, Digest.State.SENT, sent_at=sent_at, subject=subject, answer=answer, obsolete_ids=obsolete_ids)


def give_up(digest: Claimed, state: Digest.State, *, answer: str = "", subject: str = "") -> None:
    """Record that a digest will not be sent, dropped or failed. Its reminders can be owed again."""
    _record(digest, state, sent_at=None, subject=subject, answer=answer, obsolete_ids=())


def _record(
    digest: Claimed,
    state: Digest.State,
    *,
    sent_at: datetime | None,
    subject: str,
    answer: str,
    obsolete_ids: Sequence[int],
) -> None:
    values = {
        "id": digest.id,
        "claim": digest.claim,
        "state": state.value,
        "sent_at": sent_at,
        "subject": subject,
        "answer": answer,
        "obsolete_ids": list(obsolete_ids),
    }
    _warn_unless(run_prepared(RECORD_OUTCOME, values), digest)


def release(digests: Iterable[Claimed], *, until: datetime) -> None:
    """Give back digests that were not tried; nobody takes them before `until`."""
    for digest in digests:
        ours = Digest.objects.owed().filter(pk=digest.id, claim=digest.claim, begun_at=None)
        ours.update(claim=None, not_before=until)


def try_later(digest: Claimed, *, now: datetime, attempts: int, answer: str = "", unsure: bool = False) -> None:
    """Defer the next attempt: by a minute, then twice as long each time, an hour at most.

    `attempts` counts this one too; `unsure` says that this one may have arrived.
    """
    pause = min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 10), LONGEST_PAUSE)
    values = {
        "id": digest.id,
        "claim": digest.claim,
        "until": now + pause,
        "attempts": attempts,
        "answer": answer,
        "unsure": int(unsure),
    }
    _warn_unless(run_prepared(DEFER, values), digest)


def _warn_unless(recorded: object, digest: Claimed) -> None:
    if not recorded:
        log.warning("digest was taken over", digest=digest.id)
