"""Locks on a goal and its plan, and the errors for goals and plans that have closed.

Always in one order: the plan, then its goals, then their steps. Writing to a goal locks its plan FOR SHARE, so that
writes to two goals do not wait for each other, while archiving or pausing the plan waits for them and they wait for it.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from careerplan.core.readonly import ClosedRowError, require_open
from careerplan.goals.models import ActionStep, Evaluation, EvaluationDraft, Goal, ProgressEntry, Resource
from careerplan.plans.models import Plan
from careerplan.plans.services import lock_plan, share_plan_lock


class GoalIsClosed(ClosedRowError):
    """The goal is closed and read-only."""


class GoalIsArchived(GoalIsClosed):
    """The whole plan is archived; its goals are read-only."""


def matches(
    row: Goal | ActionStep | ProgressEntry | Resource | Evaluation | EvaluationDraft, values: dict[str, Any]
) -> bool:
    """Return whether a row has exactly these values."""
    return all(getattr(row, name) == value for name, value in values.items())


def lock_goal(*, require_active: bool = True, **lookup: Any) -> Goal:
    """Lock the goal that `lookup` finds until the transaction ends, and reload it with its plan.

    Raises GoalIsArchived if the plan is archived and, with `require_active`, GoalIsClosed if the goal is closed;
    Goal.DoesNotExist if it was deleted since.
    """
    goals = Goal.objects.filter(**lookup)
    plan = share_plan_lock(goals.values("plan_id"))
    if plan is not None:
        require_open(plan, GoalIsArchived)
    goal = goals.select_for_update(of=("self",)).get()
    if plan is not None:
        goal.plan = plan
    if require_active:
        require_open(goal, GoalIsClosed)
    return goal


def lock_goals(ids: Iterable[int], *, require_active: bool = True) -> dict[int, Goal]:
    """Lock several goals as `lock_goal` does, always in the same order. Those deleted since are left out."""
    goals = {}
    for pk in sorted(ids):
        with suppress(Goal.DoesNotExist):
            goals[pk] = lock_goal(pk=pk, require_active=require_active)
    return goals


def lock_plan_and_goals(plan: Plan) -> tuple[Plan, list[Goal]]:
    """Lock a plan, then its active goals, until the transaction ends, and reload them. Raises PlanIsArchived."""
    locked = lock_plan(plan)
    active = Goal.objects.filter(plan=plan, state=Goal.State.ACTIVE).order_by("pk")
    return locked, list(active.select_for_update())
