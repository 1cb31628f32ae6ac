"""Mails of the next few digests, read and built together right before they go out.

Together, because one statement reads twenty as quickly as two, and because code that runs twenty times in a row runs
in two thirds of the time that it takes between talks with a database and a mail server.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from careerplan.reminders.claims import Claimed
from careerplan.reminders.letters import Letter, read_letters
from careerplan.reminders.messages import Mail, daily_mail

# What is true of a goal or step is read again when it was last read longer ago than this: at a thousand mails a second
# for fifteen of them together, at a slow mail server before every single one. (Where reading alone takes as long, half
# of it is left for what comes after.)
FRESH_SECONDS = 0.02
MOST_AT_ONCE = 64
SURE = 0.8  # of that time is planned for, so that hardly a mail is built in vain

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A digest as things stood a moment ago. Without a letter or a mail there is nothing to send, or not now."""

    letter: Letter | None
    mail: Mail | None = None
    error: Exception | None = None


class Ahead:
    """Reads and builds as many mails at once as go out while they are fresh: as many as the last ones let expect."""

    def __init__(self, as_of: datetime) -> None:
        """Takes the moment as of which things are owed."""
        self._as_of = as_of
        self._ready: dict[tuple[int, UUID], Ready] = {}
        self._read_at, self._fresh_until = 0.0, 0.0
        self._at_once, self._used = 1, 0

    @property
    def is_fresh(self) -> bool:
        """Whether what was read last still counts."""
        return time.monotonic() <= self._fresh_until

    def ready(self, digest: Claimed, waiting: Sequence[Claimed]) -> Ready:
        """A digest as things stand now; `waiting` come after it. Raises what went wrong with this one."""
        key = digest.id, digest.claim
        if key not in self._ready or not self.is_fresh:
            self._read([digest, *islice(waiting, self._how_many() - 1)])
            if not self.is_fresh:  # building it took long, as the first mail of a process does
                self._read([digest])
        self._used += 1
        found = self._ready.pop(key)
        if found.error:
            raise found.error
        return found

    def _how_many(self) -> int:
        if self._used:
            each = (time.monotonic() - self._read_at) / self._used
            self._at_once = max(1, min(int(SURE * FRESH_SECONDS / each), 2 * self._at_once, MOST_AT_ONCE))
        return self._at_once

    def _read(self, some: list[Claimed]) -> None:
        self._ready, self._used, self._read_at = {}, 0, time.monotonic()
        try:
            letters = read_letters(some, self._as_of)
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  (one that cannot be read must not keep those before it waiting)
            log.warning("letters cannot be read together", error=type(error).__name__)
            some, self._at_once = some[:1], 1
            letters = read_letters(some, self._as_of)
        now = time.monotonic()
        self._fresh_until = max(self._read_at + FRESH_SECONDS, now + FRESH_SECONDS / 2)
        enough = now + SURE * (self._fresh_until - now)
        for digest in some:
            self._ready[digest.id, digest.claim] = _built(letters.get(digest.id))
            if time.monotonic() > enough:  # the others would be stale
                break


def _built(letter: Letter | None) -> Ready:
    if letter is None or not letter.lines or not letter.is_for_now:
        return Ready(letter)
    try:
        return Ready(letter, daily_mail(letter))
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001  (told when it is its turn)
        return Ready(letter, error=error)
