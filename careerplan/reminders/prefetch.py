"""Contents of the next few digests, read together right before their emails are sent."""

import time
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError

from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.digest_content import DigestContent, load_digest_contents

# The content of a digest is read again if it was last read longer ago than this.
FRESH_SECONDS = 0.02
BUILD_SECONDS = FRESH_SECONDS / 4  # this much is left for building an email
# One statement reads this many nearly as fast as one. Reading each alone costs more than a quarter of the speed.
READ_TOGETHER = 8

log = structlog.get_logger(__name__)


class ContentPrefetcher:
    """Reads a batch of digests a few at a time. Outdated contents are read again."""

    def __init__(self, as_of: datetime) -> None:
        """Take the time for which reminders must be valid."""
        self._as_of = as_of
        self._contents: dict[int, DigestContent | None] = {}
        self._fresh_until = 0.0

    @property
    def is_fresh(self) -> bool:
        """Return whether the last contents are recent enough to send."""
        return time.monotonic() <= self._fresh_until

    def load(self, digest: ClaimedDigest, waiting: Sequence[ClaimedDigest]) -> DigestContent | None:
        """Return the current content of a digest; those in `waiting` come after it. None if the user cannot get
        emails.
        """
        if digest.id not in self._contents or time.monotonic() > self._fresh_until - BUILD_SECONDS:
            self._read([digest, *islice(waiting, READ_TOGETHER - 1)])
        return self._contents.pop(digest.id)

    def _read(self, digests: list[ClaimedDigest]) -> None:
        self._contents, started_at = {}, time.monotonic()
        try:
            contents = load_digest_contents(digests, self._as_of)
        except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
            raise
        except Exception as error:  # noqa: BLE001  (a digest that cannot be read must not stop those before it)
            log.warning("digests cannot be read together", error=type(error).__name__)
            digests = digests[:1]
            contents = load_digest_contents(digests, self._as_of)
        # If reading takes longer than contents stay fresh, half of that time is left for sending.
        self._fresh_until = max(started_at + FRESH_SECONDS, time.monotonic() + FRESH_SECONDS / 2)
        self._contents = {digest.id: contents.get(digest.id) for digest in digests}
