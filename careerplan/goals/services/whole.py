"""A plan with its goals, held for what changes many of them at once."""

from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.plans.services import locked_plan


def locked_whole(plan: Plan) -> tuple[Plan, list[Goal]]:
    """The plan and its active goals as they are now, held until the transaction ends. Raises PlanIsArchived.

    The plan first, then its goals, as everywhere (services/locks.py): so nobody waits in a circle.
    """
    held = locked_plan(plan)
    active = Goal.objects.filter(plan=plan, state=Goal.State.ACTIVE).order_by("pk")
    return held, list(active.select_for_update())
