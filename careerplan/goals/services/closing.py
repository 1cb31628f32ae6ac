"""Close a goal, open it again, and answer its stop rule ("I drop this if by DATE not X")."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Change, Goal, Progress
from careerplan.goals.services.goals import ChangeReason, ReasonMissing
from careerplan.goals.services.locks import GoalIsClosed, lock_goal


@dataclass(frozen=True, kw_only=True)
class ClosingNotes:
    """What is said at the end; all of it may be left out. `worth` is 1 to 5, `final_value` in the goal's unit."""

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
    """Close an active goal as reached, partly reached or let go. Idempotent: the first time counts.

    A final figure becomes a reading of `today`, unless it is the newest reading already. `version` is that of the
    goal as the words were held against it: raises StaleObjectError where it is another one by now. Raises
    GoalIsArchived.
    """
    goal = lock_goal(require_active=False, pk=goal.pk)
    if version is not None and goal.version != version:
        raise StaleObjectError
    if not goal.is_active:
        return goal
    if notes.final_value is not None and goal.measure_kind == Goal.MeasureKind.NUMBER:
        newest = goal.readings.filter(withdrawn_at__isnull=True).order_by("-read_on", "-id").first()
        if newest is None or newest.value != notes.final_value:
            Progress.objects.create(goal=goal, read_on=today, value=notes.final_value, recorded_at=now)
    goal.closing_note, goal.learned, goal.worth = notes.closing_note, notes.learned, notes.worth
    goal.state, goal.closed_at = outcome, now
    goal.save(update_fields=["closing_note", "learned", "worth", "state", "closed_at"])
    return goal


@transaction.atomic
def reopen_goal(*, goal: Goal) -> Goal:
    """Work on a goal again that was closed too early; what was said at its end stays. Idempotent.

    Raises GoalIsArchived.
    """
    goal = lock_goal(require_active=False, pk=goal.pk)
    goal.state, goal.closed_at = Goal.State.ACTIVE, None
    goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def confirm_stop_rule(*, goal: Goal, now: datetime) -> Goal:
    """It is so: the goal goes on, and the rule is not asked any more. Idempotent. Raises GoalIsClosed."""
    goal = _lock_active(goal)
    if goal.stop_on is not None and goal.stop_answered_at is None:
        goal.stop_answered_at = now
        goal.save(update_fields=["stop_answered_at"])
    return goal


@transaction.atomic
def extend_stop_rule(
    *, goal: Goal, stop_on: date, reason: ChangeReason, now: datetime, version: int | None = None
) -> Goal:
    """Give it until another day, with a reason, and be asked again then. Idempotent.

    `version` is that of the goal as the answers were held against it. Raises GoalIsClosed, ReasonMissing, and
    StaleObjectError where the goal is another one by now, or has no rule any more.
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
