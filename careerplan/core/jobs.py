"""Jobs for workers that are rows: a claim lasts for a lease, and only its holder may save an outcome.

A row of such a model has `state` ("waiting", and "failed" for the last time), `not_before` and `attempts`.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, models, transaction

Job = TypeVar("Job", bound=models.Model)
WAITING, FAILED = "waiting", "failed"
RUN_LIMIT = timedelta(seconds=60)
"""A task begins no further job after this: other tasks wait for its process. The next run goes on."""


def claim_next(model: type[Job], *, now: datetime, lease: timedelta, most_attempts: int) -> Job | None:
    """Claim the oldest waiting row for `lease`; None if none is free. The claim of a dead worker expires.

    A row that was claimed `most_attempts` times fails.
    """
    while True:
        with transaction.atomic():
            free = model._default_manager.filter(state=WAITING, not_before__lte=now)
            job = free.select_for_update(skip_locked=True, of=("self",)).order_by("not_before", "pk").first()
            if job is None:
                return None
            job.attempts += 1  # type: ignore[attr-defined]  # see above
            job.not_before = now + lease  # type: ignore[attr-defined]
            is_over = job.attempts > most_attempts  # type: ignore[attr-defined]
            if is_over:
                job.state = FAILED  # type: ignore[attr-defined]
            job.save(update_fields=["attempts", "not_before", "state"])
        if not is_over:
            return job


def run_in_turn(
    claim: Callable[[datetime], Job | None], work: Callable[[Job], object], *, clock: Callable[[], datetime]
) -> None:
    """Claim and do one job after the other, until none is free or RUN_LIMIT is over.

    A job counts an attempt when the time limit of the task ends it only if it had that time for itself. A later one is
    given back, and is the first of a task when no older one waits.
    """
    end, is_first = clock() + RUN_LIMIT, True
    while (now := clock()) < end and (job := claim(now)):
        try:
            work(job)
        except SoftTimeLimitExceeded:
            if not is_first:
                _give_back(job, now)
            raise
        is_first = False


def _give_back(job: models.Model, claimed_at: datetime) -> None:
    """Free a claimed row as if it had not been claimed. Where that fails, its lease expires."""
    ours = type(job)._default_manager.filter(pk=job.pk, state=WAITING, not_before=job.not_before)  # type: ignore[attr-defined]
    with suppress(DatabaseError):
        ours.update(not_before=claimed_at, attempts=models.F("attempts") - 1)


def lock_claimed(job: Job, claimed_until: datetime) -> Job | None:
    """Lock a claimed row; None if another worker has it now, or its owner has deleted it."""
    waiting = type(job)._default_manager.select_for_update().filter(state=WAITING)
    return waiting.filter(pk=job.pk, not_before=claimed_until).first()
