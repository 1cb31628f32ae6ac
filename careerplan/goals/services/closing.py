"""Close and reopen a goal, and answer its stop rule."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Change, Goal, ProgressEntry
from careerplan.goals.services.goals import ChangeReason, ReasonMissing
from careerplan.goals.services.locks import GoalIsClosed, lock_goal


@dataclass(frozen=True, kw_only=True)
class ClosingNotes:
    """Answers on closing a goal, all optional. `worth` is 1 to 5, `final_value` in the goal's unit."""

    closing_note: str = ""
    learned: str = ""
    worth: int | None = None
    final_value: Decimal | None = None


NOTHING_SAID = ClosingNotes()


@transaction.atomic
def close_goal(
    *,
    goal: Goal,
    outcome: Goal.State,
    notes: ClosingNotes = NOTHING_SAID,
    version: int | None = None,
    today: date,
    now: datetime,
) -> Goal:
    """Close an active goal as reached, partly reached or let go. Idempotent: the first call counts.

    A final number becomes an entry of `today`, unless it is the newest entry already. `version` is that of the goal
    when the form was validated. Raises StaleObjectError if it has changed, and GoalIsArchived.
    """
    goal = lock_goal(require_active=False, pk=goal.pk)
    if version is not None and goal.version != version:
        raise StaleObjectError
    if not goal.is_active:
        return goal
    if notes.final_value is not None and goal.measure_kind == Goal.MeasureKind.NUMBER:
        newest = goal.progress_entries.filter(removed_at__isnull=True).order_by("-measured_on", "-id").first()
        if newest is None or newest.value != notes.final_value:
            ProgressEntry.objects.create(goal=goal, measured_on=today, value=notes.final_value, recorded_at=now)
    goal.closing_note, goal.learned, goal.worth = notes.closing_note, notes.learned, notes.worth
    goal.state, goal.closed_at = outcome, now
    goal.save(update_fields=["closing_note", "learned", "worth", "state", "closed_at"])
    return goal


@transaction.atomic
def reopen_goal(*, goal: Goal) -> Goal:
    """Reopen a goal that was closed too early; its closing notes stay. Idempotent. Raises GoalIsArchived."""
    goal = lock_goal(require_active=False, pk=goal.pk)
    goal.state, goal.closed_at = Goal.State.ACTIVE, None
    goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def confirm_stop_rule(*, goal: Goal, now: datetime) -> Goal:
    """Record that the condition is met: the goal continues, and the rule is not asked again. Idempotent. Raises
    GoalIsClosed.
    """
    goal = _lock_active(goal)
    if goal.stop_on is not None and goal.stop_answered_at is None:
        goal.stop_answered_at = now
        goal.save(update_fields=["stop_answered_at"])
    return goal


@transaction.atomic
def extend_stop_rule(
    *, goal: Goal, stop_on: date, reason: ChangeReason, now: datetime, version: int | None = None
) -> Goal:
    """Move the stop rule to a later date, with a reason. Idempotent.

    `version` is that of the goal when the form was validated. Raises GoalIsClosed, ReasonMissing, and StaleObjectError
    if the goal has changed or has no rule any more.
    """
    goal = _lock_active(goal)
    if goal.stop_on == stop_on:
        return goal
    if goal.stop_on is None or (version is not None and goal.version != version):
        raise StaleObjectError
    if not reason.reason:
        raise ReasonMissing
    Change.objects.create(
        goal=goal,
        what=Change.What.STOP_DATE,
        day_from=goal.stop_on,
        day_to=stop_on,
        reason=reason.reason,
        note=reason.note,
        made_at=now,
    )
    goal.stop_on, goal.stop_answered_at = stop_on, None
    goal.save(update_fields=["stop_on", "stop_answered_at"])
    return goal


def _lock_active(goal: Goal) -> Goal:
    goal = lock_goal(require_active=False, pk=goal.pk)
    if not goal.is_active:
        raise GoalIsClosed
    return goal
