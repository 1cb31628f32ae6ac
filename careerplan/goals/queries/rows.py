"""Steps and goals as other pages ask for them. Each function costs a fixed number of queries."""

from datetime import date

from django.db.models import Max

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal


def active_goals_by_skill(user: User) -> dict[int, Goal]:
    """The active goal of the active plan that builds a skill, by skill id; of several the one due first. One query."""
    goals = Goal.objects.for_user(user).active().filter(plan__state="active").order_by("due_on", "id")
    found: dict[int, Goal] = {}
    for skill_id, pk, title in goals.values_list("skills", "pk", "title"):
        if skill_id is not None:
            found.setdefault(skill_id, Goal(pk=pk, title=title))
    return found


def last_open_step_on(goal: Goal) -> date | None:
    """When the last open step of a goal is due."""
    last: date | None = goal.steps.filter(state__in=ActionStep.OPEN_STATES).aggregate(last=Max("due_on"))["last"]
    return last
