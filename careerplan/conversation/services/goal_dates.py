"""Move a goal to a day that a mentor suggested. For the owner's pages alone: the mentor's side imports no services of
goals that read the owner's rows.
"""

from datetime import date, datetime

from django.db import transaction

from careerplan.conversation.models import Suggestion
from careerplan.conversation.services.suggestions import AlreadyAnswered, Answer, lock_open, record_answer
from careerplan.goals.models import Goal
from careerplan.goals.services.goals import ChangeReason, move_goal


@transaction.atomic
def take_goal_date(
    *, suggestion: Suggestion, goal: Goal, due_on: date, reason: ChangeReason | None, today: date, now: datetime
) -> Goal:
    """Move the goal to the suggested day, or to another one that the owner chose, with the owner's reason.

    `goal` is the goal as the form was validated against it; without a reason it is due on that day already. Raises
    AlreadyAnswered and the errors of `move_goal`.
    """
    locked = lock_open(suggestion)
    if not locked.is_goal_date:
        raise AlreadyAnswered
    if reason is not None:
        goal = move_goal(goal=goal, due_on=due_on, reason=reason, today=today, now=now)
    record_answer(locked, Answer.TAKEN if due_on == locked.due_on else Answer.CHANGED, now)
    return goal
