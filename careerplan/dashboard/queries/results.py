"""What the results of an assessment show of goals."""

from accounts.models import User
from careerplan.goals.queries.goal_list import active_goals_by_skill
from careerplan.skills.queries import GoalLink


def goals_by_skill(user: User) -> dict[int, GoalLink]:
    """The active goal that builds a skill, by skill id: what the results link to. One query."""
    goals = active_goals_by_skill(user)
    return {skill_id: GoalLink(goal.title, goal.get_absolute_url()) for skill_id, goal in goals.items()}
