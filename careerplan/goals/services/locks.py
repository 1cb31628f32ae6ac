"""Locks on a goal and its plan, and the errors of a write that comes too late.

One order everywhere: the plan, then its goals, then their steps. Who writes to a goal holds its plan FOR SHARE, so that
writes to two goals do not wait for each other; who archives or pauses the plan waits for them, and they for them.
"""

from typing import Any

from careerplan.goals.models import ActionStep, Goal, Progress
from careerplan.plans.models import Plan
from careerplan.plans.services import locked_plan, shared_plan


class GoalIsClosed(Exception):
    """A closed goal does not change any more."""


class GoalIsArchived(GoalIsClosed):
    """The whole plan was archived; its goals stay readable and do not change any more."""


def says(row: Goal | ActionStep | Progress, answers: dict[str, Any]) -> bool:
    """Whether a row holds just these answers."""
    return all(getattr(row, name) == answer for name, answer in answers.items())


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


def locked_whole(plan: Plan) -> tuple[Plan, list[Goal]]:
    """The plan and its active goals as they are now, held until the transaction ends. Raises PlanIsArchived.

    The plan first, then its goals, as everywhere (services/locks.py): so nobody waits in a circle.
    """
    held = locked_plan(plan)
    active = Goal.objects.filter(plan=plan, state=Goal.State.ACTIVE).order_by("pk")
    return held, list(active.select_for_update())
