"""Who may send a digest: a claim that runs out, and that only its holder may turn into an outcome.

A digest without a claim is free; with one it is free again when `not_before` has come.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import transaction

from careerplan.reminders.models import Digest, Reminder

Clock = Callable[[], datetime]
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

log = structlog.get_logger(__name__)


def lease() -> timedelta:
    """How long a claim holds. Longer than the longest a mail may take on an open connection (settings.py)."""
    return timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


@transaction.atomic
def take(*, now: datetime, limit: int) -> list[Digest]:
    """Claim up to `limit` digests nobody else is at, those that wait longest first."""
    rows = Digest.objects.owed().filter(not_before__lte=now).order_by("not_before", "id")
    digests = list(rows.select_for_update(skip_locked=True, of=("self",)).select_related("user")[:limit])
    for digest in digests:
        digest.claim, digest.not_before = uuid4(), now + lease()
    Digest.objects.bulk_update(digests, ["claim", "not_before"])
    return digests


def renew(digest: Digest, *, now: datetime) -> bool:
    """Begin an attempt: the lease runs anew. False where somebody took the digest over meanwhile."""
    digest.attempts += 1
    return _holds(digest, not_before=now + lease(), attempts=digest.attempts)


def release(digests: Iterable[Digest], *, now: datetime) -> None:
    """Give back what was not tried, for a minute later."""
    for digest in digests:
        _holds(digest, claim=None, not_before=now + FIRST_PAUSE)


def try_later(digest: Digest, *, now: datetime) -> None:
    """Wait before the next attempt: a minute, then twice as long each time, an hour at most."""
    pause = min(FIRST_PAUSE * 2 ** min(max(digest.attempts - 1, 0), 10), LONGEST_PAUSE)
    _holds(digest, claim=None, not_before=now + pause)


@transaction.atomic
def record(digest: Digest, told: Sequence[Reminder], **outcome: object) -> None:
    """Write what became of a digest. What it did not tell is forgotten, so that it can be owed again."""
    if not _holds(digest, claim=None, **outcome):
        log.warning("reminder was taken over", digest=digest.pk)
        return
    Reminder.objects.filter(digest=digest).exclude(pk__in=[reminder.pk for reminder in told]).delete()


def _holds(digest: Digest, **changes: object) -> bool:
    """Change a digest if it is still ours; False where it is not."""
    ours = Digest.objects.owed().filter(pk=digest.pk, claim=digest.claim)
    return bool(ours.update(**changes))
