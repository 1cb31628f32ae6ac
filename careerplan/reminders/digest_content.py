"""The contents of digests, read a few at a time right before their mails go out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from careerplan.core.dates import local_day
from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.forecast import HeldBack
from careerplan.reminders.queries.delivery_windows import delivery_day, wait_after
from careerplan.reminders.queries.digests import DigestRow, load_digest_rows, unique_by_target

# Contents that were read longer ago than this are read again. It is also much less than one email may wait: an email is
# recorded with the start of the next only within this time, so its lease has room for that statement and for its record
# alone after it (delivery.py).
FRESH_SECONDS = 0.02
BUILD_SECONDS = FRESH_SECONDS / 4  # of it, for building a mail
# One statement reads this many nearly as quickly as one. Reading each alone costs more than a quarter of the speed.
READ_TOGETHER = 12

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class DigestContent:
    """The recipient of a digest and its valid reminders, most urgent first, each target once.

    `delivery_day` is the day whose email may be sent now, None before the user's time of day, and `wait` how long the
    last email is too recent. `obsolete_ids` are reminders that are no longer valid. Without lines nothing is sent.
    """

    digest: ClaimedDigest
    address: str
    time_zone: str
    today: date
    delivery_day: date | None
    wait: timedelta
    hour: int
    was_refused: bool
    lines: list[DigestRow] = field(default_factory=list)
    obsolete_ids: list[int] = field(default_factory=list)
    held_back: HeldBack | None = None

    @property
    def is_before_gap(self) -> bool:
        """Return whether the email of the day after would be held back."""
        return any(line.is_before_gap for line in self.lines)

    @property
    def is_for_now(self) -> bool:
        """Return whether the email of the current day may be sent now."""
        return self.digest.local_date == self.delivery_day and not self.wait

    @property
    def asks_for_feedback(self) -> bool:
        """Whether it asks if the time of day, the number of emails or the plan should change."""
        return any(line.asks_for_feedback for line in self.lines)

    @property
    def plan_title(self) -> str:
        """Title of the plan; empty where no reminder is about one."""
        return next((line.plan_title for line in self.lines if line.plan_title), "")


def load_digest_contents(digests: Sequence[ClaimedDigest], as_of: datetime) -> dict[int, DigestContent]:
    """Return the contents of claimed digests by their ids; none for people we cannot write to. One query."""
    by_id = {digest.id: digest for digest in digests}
    contents: dict[int, DigestContent] = {}
    for row in load_digest_rows(list(by_id)):
        content = contents.get(row.digest_id)
        if content is None:
            digest, zone = by_id[row.digest_id], row.time_zone
            today, day = local_day(as_of, zone), delivery_day(as_of, zone, row.hour)
            wait = wait_after(row.last_sent_at, as_of)
            content = DigestContent(digest, row.address, zone, today, day, wait, row.hour, row.was_refused)
            contents[row.digest_id] = content
        if row.is_valid:
            content.lines.append(row)
        elif row.reminder_id is not None:
            content.obsolete_ids.append(row.reminder_id)
    for content in contents.values():
        content.lines = unique_by_target(content.lines)
    return contents


class ContentPrefetcher:
    """Reads the contents of a batch of digests a few at a time, and again where they are no longer fresh."""

    def __init__(self, as_of: datetime) -> None:
        """Take the moment as of which reminders are valid."""
        self._as_of = as_of
        self._contents: dict[int, DigestContent | None] = {}
        self._fresh_until = 0.0

    @property
    def is_fresh(self) -> bool:
        """Whether the last contents may still be sent."""
        return time.monotonic() <= self._fresh_until

    def has(self, digest: ClaimedDigest) -> bool:
        """Whether `load` needs no query."""
        return digest.id in self._contents and time.monotonic() <= self._fresh_until - BUILD_SECONDS

    def load(self, digest: ClaimedDigest, waiting: Sequence[ClaimedDigest]) -> DigestContent | None:
        """Return the content of a digest as it is now; `waiting` come after it. None where there is no recipient."""
        if not self.has(digest):
            self._read([digest, *islice(waiting, READ_TOGETHER - 1)])
        return self._contents.pop(digest.id)

    def _read(self, digests: list[ClaimedDigest]) -> None:
        self._contents, started_at = {}, time.monotonic()
        try:
            contents = load_digest_contents(digests, self._as_of)
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  (a digest that cannot be read must not stop those before it)
            log.warning("batch_read_failed", error=type(error).__name__)
            digests = digests[:1]
            contents = load_digest_contents(digests, self._as_of)
        # Where reading alone takes longer than contents stay fresh, half of that time is left for sending.
        self._fresh_until = max(started_at + FRESH_SECONDS, time.monotonic() + FRESH_SECONDS / 2)
        self._contents = {digest.id: contents.get(digest.id) for digest in digests}
