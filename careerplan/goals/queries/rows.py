"""Goals as other pages ask for them."""

from accounts.models import User
from careerplan.goals.models import Goal


def active_goals_by_skill(user: User) -> dict[int, Goal]:
    """The active goal of the active plan that builds a skill, by skill id; of several the one due first. One query."""
    goals = Goal.objects.for_user(user).active().filter(plan__state="active").order_by("due_on", "id")
    found: dict[int, Goal] = {}
    for skill_id, pk, title in goals.values_list("skills", "pk", "title"):
        if skill_id is not None:
            found.setdefault(skill_id, Goal(pk=pk, title=title))
    return found
