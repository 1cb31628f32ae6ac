"""Holding a goal while something is written to it.

One order everywhere: the plan, then its goals, then their steps. Who writes to a goal holds its plan FOR SHARE, so that
writes to two goals do not wait for each other; who archives or pauses the plan waits for them, and they for them.
"""

from typing import Any

from careerplan.goals.models import Goal
from careerplan.goals.services.data import GoalIsArchived, GoalIsClosed
from careerplan.plans.services import shared_plan


def held_goal(*, closed_too: bool = False, **found_by: Any) -> Goal:
    """The goal as it is now with its plan, held until the transaction ends; `found_by` is a lookup that finds one.

    Raises GoalIsArchived where its plan is archived, GoalIsClosed unless it is active (or closed, with `closed_too`).
    """
    goals = Goal.objects.filter(**found_by)
    plan = shared_plan(goals.values("plan_id"))
    if plan is not None and not plan.is_active:
        raise GoalIsArchived
    goal = goals.select_for_update(of=("self",)).get()
    if plan is not None:
        goal.plan = plan
    if not (goal.is_active or closed_too):
        raise GoalIsClosed
    return goal


def locked_goal(goal: Goal) -> Goal:
    """The goal as it is now, active or closed, held until the transaction ends. Raises GoalIsArchived."""
    return held_goal(closed_too=True, pk=goal.pk)
