"""Claims on digests: a lease that expires, and only its holder may record an outcome.

A digest without a claim is free; a claimed one is free again at `not_before`. Every function is one statement,
committed when it returns. The mail server is spoken to in between.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from careerplan.core.database import run_prepared
from careerplan.core.mail_leases import FIRST_PAUSE, lease, pause_after
from careerplan.core.postgresql.base import DatabaseWrapper
from careerplan.reminders.models import Digest

Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)

# Oldest first. An expired claim with a started attempt may have sent its email; so may a claim from before the last
# start of the database, which may have lost its last writes (`sending_session_settings`).
CLAIM_DIGESTS = """
WITH free AS MATERIALIZED (
    SELECT id, claim_token IS NOT NULL AND (
        attempt_started_at IS NOT NULL OR not_before - %(lease)s < pg_postmaster_start_time()
    ) AS may_be_out FROM reminders_digest WHERE state = 'pending' AND not_before <= %(now)s
    ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE reminders_digest AS digest
SET claim_token = %(claim_token)s, not_before = %(until)s, attempt_started_at = NULL,
    uncertain_attempts = digest.uncertain_attempts + free.may_be_out::int
FROM free WHERE digest.id = free.id
RETURNING digest.id, digest.user_id, digest.local_date, digest.key, digest.made_at, digest.attempts,
          free.may_be_out
"""
SET_SESSION = """
SELECT set_config('synchronous_commit', %(commit)s, false), set_config('plan_cache_mode', %(plans)s, false),
       set_config('statement_timeout', %(timeout)s, false)
"""
# These statements find the row by its key. They do not ask for `state = 'pending'`, which a claim implies by a
# constraint: PostgreSQL 18 would read the index of all pending digests instead.
STARTED = "attempt_started_at = %(now)s, attempts = attempts + 1, not_before = %(until)s"
START_ATTEMPT = f"""
UPDATE reminders_digest SET {STARTED} WHERE id = %(id)s AND claim_token = %(claim_token)s RETURNING id
"""  # noqa: S608  (fixed text)
ENDED = """
    state = %(state)s, sent_at = %(sent_at)s, subject = %(subject)s, smtp_response = %(smtp_response)s,
    claim_token = NULL, attempt_started_at = NULL
"""
RECORD_OUTCOME = f"""
UPDATE reminders_digest SET {ENDED} WHERE id = %(id)s AND claim_token = %(claim_token)s RETURNING id
"""  # noqa: S608  (fixed text)
# The outcome of an email and the start of the next: one commit an email instead of two.
RECORD_AND_START = f"""
WITH recorded AS ({RECORD_OUTCOME}), started AS (
    UPDATE reminders_digest SET {STARTED} WHERE id = %(next_id)s AND claim_token = %(claim_token)s RETURNING id
)
SELECT (SELECT count(*) FROM recorded), (SELECT count(*) FROM started)
"""  # noqa: S608  (fixed text)
# The reminders that a digest did not send are deleted together with its outcome, so that they can be created again.
RECORD_AND_DELETE = f"""
WITH recorded AS ({RECORD_OUTCOME}), deleted AS (
    DELETE FROM reminders_reminder WHERE digest_id IN (SELECT id FROM recorded)
      AND (%(state)s <> 'sent' OR id = ANY (%(obsolete_ids)s))
)
SELECT id FROM recorded
"""  # noqa: S608  (fixed text)
DEFER = """
UPDATE reminders_digest
SET claim_token = NULL, attempt_started_at = NULL, not_before = %(until)s, attempts = %(attempts)s,
    smtp_response = %(smtp_response)s, uncertain_attempts = uncertain_attempts + %(is_uncertain)s::int
WHERE id = %(id)s AND claim_token = %(claim_token)s RETURNING id
"""


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """A digest that may be sent now, with its claim."""

    id: int
    user_id: int
    local_date: date
    key: UUID
    made_at: datetime
    attempts: int
    claim_token: UUID


@dataclass(frozen=True, slots=True)
class DeliveredDigest:
    """A digest whose email was delivered, with what is recorded of that."""

    digest: ClaimedDigest
    sent_at: datetime
    subject: str
    smtp_response: str
    obsolete_ids: Sequence[int] = ()


def claim_digests(*, now: datetime, limit: int) -> list[ClaimedDigest]:
    """Claim up to `limit` free digests, oldest first."""
    claim_token = uuid4()
    values = {"now": now, "limit": limit, "claim_token": claim_token, "until": now + lease(), "lease": lease()}
    rows = run_prepared(CLAIM_DIGESTS, values)
    if uncertain := sum(row[-1] for row in rows):
        log.warning("sender_died", repeated=uncertain)
    return [
        ClaimedDigest(pk, user_id, local_date, key, made_at, attempts, claim_token)
        for pk, user_id, local_date, key, made_at, attempts, _may_be_out in sorted(rows)
    ]


@contextmanager
def sending_session_settings() -> Iterator[None]:
    """Plan statements once per connection, do not wait for the database's disk, and wait less for its answer.

    Planning the queries before an email takes ten times as long as everything else, and waiting for the disk longer
    than the rest of an email. Nothing is lost: if the database crashes, emails of its last second are repeated and
    counted as uncertain. Digests are claimed outside, so claims are on disk before anything is sent. The lease has
    room for the wait for one statement (environment.py).
    """
    try:
        with _database().statement_deadline(settings.SENDING_STATEMENT_SECONDS):
            _set_session(commit="off", plans="force_generic_plan")
            yield
    finally:
        with suppress(DatabaseError):  # a lost session has lost its settings too
            _set_session(commit="on", plans="auto")


def _set_session(**values: str) -> None:
    run_prepared(SET_SESSION, {**values, "timeout": f"{_database().statement_seconds}s"})


def _database() -> DatabaseWrapper:
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS])


def start_attempt(digest: ClaimedDigest, *, now: datetime) -> bool:
    """Commit that an attempt starts, and renew the lease. False where the digest was taken over."""
    values = {"id": digest.id, "claim_token": digest.claim_token, "now": now, "until": now + lease()}
    return bool(run_prepared(START_ATTEMPT, values))


def record_sent(sent: DeliveredDigest) -> None:
    """Record that an email was sent. If another worker has taken the digest, it sends the email again and records
    it.
    """
    statement = RECORD_AND_DELETE if sent.obsolete_ids else RECORD_OUTCOME
    _warn_unless(run_prepared(statement, _sent_values(sent)), sent.digest)


def record_sent_and_start(sent: DeliveredDigest, digest: ClaimedDigest, *, now: datetime) -> bool:
    """Record an email as `record_sent` does and start an attempt of another as `start_attempt` does, in one statement.

    Both are of one claim, and the first one has no obsolete reminders. False where the second was taken over.
    """
    values = _sent_values(sent) | {"next_id": digest.id, "now": now, "until": now + lease()}
    [(is_recorded, is_started)] = run_prepared(RECORD_AND_START, values)
    _warn_unless(is_recorded, sent.digest)
    return bool(is_started)


def give_up(digest: ClaimedDigest, state: Digest.State, *, smtp_response: str = "", subject: str = "") -> None:
    """Record that a digest will not be sent, dropped or failed. Its reminders can be created again."""
    values = _outcome(digest, state, sent_at=None, subject=subject, smtp_response=smtp_response)
    _warn_unless(run_prepared(RECORD_AND_DELETE, values), digest)


def _sent_values(sent: DeliveredDigest) -> dict[str, object]:
    return _outcome(
        sent.digest,
        Digest.State.SENT,
        sent_at=sent.sent_at,
        subject=sent.subject,
        smtp_response=sent.smtp_response,
        obsolete_ids=sent.obsolete_ids,
    )


def _outcome(
    digest: ClaimedDigest,
    state: Digest.State,
    *,
    sent_at: datetime | None,
    subject: str,
    smtp_response: str,
    obsolete_ids: Sequence[int] = (),
) -> dict[str, object]:
    return {
        "id": digest.id,
        "claim_token": digest.claim_token,
        "state": state.value,
        "sent_at": sent_at,
        "subject": subject,
        "smtp_response": smtp_response,
        "obsolete_ids": list(obsolete_ids),
    }


def release(digests: Iterable[ClaimedDigest], *, until: datetime) -> None:
    """Release digests that were not tried; they are free from `until` on."""
    for digest in digests:
        ours = Digest.objects.pending().filter(pk=digest.id, claim_token=digest.claim_token, attempt_started_at=None)
        ours.update(claim_token=None, not_before=until)


def defer(
    digest: ClaimedDigest,
    *,
    now: datetime,
    attempts: int,
    smtp_response: str = "",
    is_uncertain: bool = False,
    at_least: timedelta = FIRST_PAUSE,
) -> None:
    """Delay the next attempt by the pause after so many, or by `at_least`.

    `attempts` includes this one; `is_uncertain` says that its email may have arrived.
    """
    values = {
        "id": digest.id,
        "claim_token": digest.claim_token,
        "until": now + max(pause_after(attempts), at_least),
        "attempts": attempts,
        "smtp_response": smtp_response,
        "is_uncertain": int(is_uncertain),
    }
    _warn_unless(run_prepared(DEFER, values), digest)


def _warn_unless(recorded: object, digest: ClaimedDigest) -> None:
    if not recorded:
        log.warning("digest_taken_over", digest=digest.id)
