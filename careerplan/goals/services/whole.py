"""A plan with its goals, held for what changes many of them at once."""

from careerplan.goals.models import Goal
from careerplan.plans.models import Plan
from careerplan.plans.services import locked_plan


def locked_whole(plan: Plan) -> tuple[Plan, list[Goal]]:
    """The plan and its active goals as they are now, held until the transaction ends. Raises PlanIsArchived.

    The goals first, in one order, then the plan: whoever changes a goal holds it before the rules of the database
    look at its plan, so nobody waits in a circle.
    """
    active = Goal.objects.filter(plan=plan, state=Goal.State.ACTIVE).order_by("pk")
    list(active.select_for_update().values_list("pk"))
    held = locked_plan(plan)
    return held, list(active)  # anew: one may have been added before the plan was held
