"""What the pages of goals show."""

from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.rows import (
    GoalRow,
    active_goals_by_skill,
    closed_goals,
    goal_rows,
    last_open_step_on,
    open_steps_by_date,
)

__all__ = [
    "GoalPage",
    "GoalRow",
    "active_goals_by_skill",
    "closed_goals",
    "goal_page",
    "goal_rows",
    "last_open_step_on",
    "open_steps_by_date",
]
