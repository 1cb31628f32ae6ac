"""Record progress of a goal, and remove or restore an entry. Entries are never changed or deleted."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from careerplan.goals.models import Goal, ProgressEntry
from careerplan.goals.services.locks import GoalIsClosed, lock_goal, matches


class NotMeasuredByNumber(Exception):
    """A yes/no goal has steps and no progress entries."""


class ProgressInFuture(Exception):
    """A progress entry cannot have a future date."""


@transaction.atomic
def record_progress(
    *, goal: Goal, changes: dict[str, Any], form_key: UUID, now: datetime, today: date
) -> ProgressEntry:
    """Record the number of an active goal on a day. `changes`: fields by name; `today`: the user's local date.

    Idempotent like `create_goal`: a form sent again returns the entry it made; with another number, a new one. Raises
    GoalIsClosed, NotMeasuredByNumber, ProgressInFuture.
    """
    goal = _lock_active(goal)
    if goal.measure_kind != Goal.MeasureKind.NUMBER:
        raise NotMeasuredByNumber
    if changes["measured_on"] > today:
        raise ProgressInFuture
    made = goal.progress_entries.filter(form_key=form_key).first()
    if made and matches(made, changes):
        return made
    return ProgressEntry.objects.create(goal=goal, form_key=uuid4() if made else form_key, recorded_at=now, **changes)


@transaction.atomic
def remove_entry(*, entry: ProgressEntry, now: datetime) -> ProgressEntry:
    """Mark a mistaken entry as removed; it stays in the history. Idempotent. Raises GoalIsClosed."""
    return _set_removed(entry, now)


@transaction.atomic
def restore_entry(*, entry: ProgressEntry) -> ProgressEntry:
    """Restore a removed entry. Idempotent.

    Raises GoalIsClosed; NotMeasuredByNumber if the goal has become a yes/no goal.
    """
    return _set_removed(entry, None)


def _lock_active(goal: Goal) -> Goal:
    goal = lock_goal(require_active=False, pk=goal.pk)
    if not goal.is_active:
        raise GoalIsClosed
    return goal


def _set_removed(entry: ProgressEntry, moment: datetime | None) -> ProgressEntry:
    goal = _lock_active(entry.goal)
    if moment is None and goal.measure_kind != Goal.MeasureKind.NUMBER:
        raise NotMeasuredByNumber
    entry = ProgressEntry.objects.select_for_update().get(pk=entry.pk)
    if (entry.removed_at is None) != (moment is None):
        entry.removed_at = moment
        entry.save(update_fields=["removed_at"])
    return entry
