"""Holding a goal while something is written to it."""

from typing import Any

from careerplan.goals.models import Goal
from careerplan.goals.services.data import GoalIsClosed


def held_goal(*, closed_too: bool = False, **found_by: Any) -> Goal:
    """The goal as it is now with its plan, held until the transaction ends; `found_by` is a lookup that finds one.

    Raises GoalIsClosed unless it is active (or closed, with `closed_too`) in an active plan.
    """
    goal = Goal.objects.select_for_update(of=("self",)).select_related("plan").get(**found_by)
    if not goal.plan.is_active or not (goal.is_active or closed_too):
        raise GoalIsClosed
    return goal
