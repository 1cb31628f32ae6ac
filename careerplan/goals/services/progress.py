"""What can be done with the readings of a goal. None is ever changed or removed."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from careerplan.goals.models import Goal, Progress
from careerplan.goals.services.locks import GoalIsClosed, lock_goal, matches


class NotMeasuredByNumber(Exception):
    """A goal with a yes or no has no readings; it has steps."""


class ReadingInFuture(Exception):
    """A figure is known on its day, not before."""


@dataclass(frozen=True, kw_only=True)
class ReadingData:
    """What a measure was on a day, and what there is to say about it."""

    value: Decimal
    read_on: date
    note: str = ""

    def columns(self) -> dict[str, Any]:
        """The same by the names of the columns."""
        return {"value": self.value, "read_on": self.read_on, "note": self.note}


@transaction.atomic
def record_progress(*, goal: Goal, data: ReadingData, form_key: UUID, now: datetime, today: date) -> Progress:
    """Record a reading of an active goal. `today` is the person's local day.

    Idempotent as `create_goal` is: a form sent again gives the reading it made; with another figure, a new one.
    Raises GoalIsClosed, NotMeasuredByNumber, ReadingInFuture.
    """
    goal = _lock_active(goal)
    if goal.measure_kind != Goal.MeasureKind.NUMBER:
        raise NotMeasuredByNumber
    if data.read_on > today:
        raise ReadingInFuture
    answers = data.columns()
    made = goal.readings.filter(form_key=form_key).first()
    if made and matches(made, answers):
        return made
    return Progress.objects.create(goal=goal, form_key=uuid4() if made else form_key, recorded_at=now, **answers)


@transaction.atomic
def withdraw_reading(*, reading: Progress, now: datetime) -> Progress:
    """Take a mistaken reading out of the count; it stays in the history. Idempotent. Raises GoalIsClosed."""
    return _set_withdrawn(reading, now)


@transaction.atomic
def restore_reading(*, reading: Progress) -> Progress:
    """Count a withdrawn reading again. Idempotent.

    Raises GoalIsClosed; NotMeasuredByNumber where the goal became one with a yes or no meanwhile.
    """
    return _set_withdrawn(reading, None)


def _lock_active(goal: Goal) -> Goal:
    goal = lock_goal(require_active=False, pk=goal.pk)
    if not goal.is_active:
        raise GoalIsClosed
    return goal


def _set_withdrawn(reading: Progress, moment: datetime | None) -> Progress:
    goal = _lock_active(reading.goal)
    if moment is None and goal.measure_kind != Goal.MeasureKind.NUMBER:
        raise NotMeasuredByNumber
    reading = Progress.objects.select_for_update().get(pk=reading.pk)
    if (reading.withdrawn_at is None) != (moment is None):
        reading.withdrawn_at = moment
        reading.save(update_fields=["withdrawn_at"])
    return reading
