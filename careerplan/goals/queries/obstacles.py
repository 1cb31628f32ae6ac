"""Queries of if-then plans: what may get in the way of a goal or a step, and what its owner will do then."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.safestring import SafeString

from accounts.models import AuthenticatedRequest
from careerplan.goals.models import ActionStep, Goal


class IfThenPlan(NamedTuple):
    """An obstacle and the plan for it, in the person's own words."""

    obstacle: str
    obstacle_plan: str


def plan_to_review(goal: Goal) -> IfThenPlan | None:
    """Return the if-then plan of a goal, or else that of its next step; None without any. One query at most."""
    if goal.obstacle:
        return IfThenPlan(goal.obstacle, goal.obstacle_plan)
    steps = ActionStep.objects.open().filter(goal=goal).exclude(obstacle="")
    found = steps.order_by("due_on", "position").values_list("obstacle", "obstacle_plan").first()
    return IfThenPlan(*found) if found else None


LedgerPart = Callable[[AuthenticatedRequest], SafeString]

ledger_parts: list[LedgerPart] = []
"""Sections of the page of what was worth it; appended to in `AppConfig.ready`."""
