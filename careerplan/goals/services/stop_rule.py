"""The stop rule, "I drop this if by DATE not X": what is answered on the day. (Dropping it is closing the goal.)"""

from datetime import date, datetime

from django.db import transaction

from careerplan.core.merge import ChangedMeanwhile
from careerplan.goals.models import Change, Goal
from careerplan.goals.services.data import GoalIsClosed, Why, WhyIsMissing
from careerplan.goals.services.locks import locked_goal


@transaction.atomic
def keep_going(*, goal: Goal, now: datetime) -> Goal:
    """It is so: the goal goes on, and the rule is not asked any more. Idempotent. Raises GoalIsClosed."""
    goal = _ruled(goal)
    if goal.stop_on is not None and goal.stop_answered_at is None:
        goal.stop_answered_at = now
        goal.save(update_fields=["stop_answered_at"])
    return goal


@transaction.atomic
def extend_stop_rule(*, goal: Goal, stop_on: date, why: Why, now: datetime, version: int | None = None) -> Goal:
    """Give it until another day, with a reason, and be asked again then. Idempotent.

    `version` is that of the goal as the answers were held against it. Raises GoalIsClosed, WhyIsMissing, and
    ChangedMeanwhile where the goal is another one by now, or has no rule any more.
    """
    goal = _ruled(goal)
    if goal.stop_on == stop_on:
        return goal
    if goal.stop_on is None or (version is not None and goal.version != version):
        raise ChangedMeanwhile
    if not why.reason:
        raise WhyIsMissing
    Change.objects.create(
        goal=goal,
        what=Change.What.STOP_DATE,
        day_from=goal.stop_on,
        day_to=stop_on,
        reason=why.reason,
        note=why.note,
        made_at=now,
    )
    goal.stop_on, goal.stop_answered_at = stop_on, None
    goal.save(update_fields=["stop_on", "stop_answered_at"])
    return goal


def _ruled(goal: Goal) -> Goal:
    goal = locked_goal(goal)
    if not goal.is_active:
        raise GoalIsClosed
    return goal
