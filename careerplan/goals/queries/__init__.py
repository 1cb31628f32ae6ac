"""What the pages of goals show."""

from careerplan.goals.queries.list import ClosedRow, GoalRow, NextStep, closed_rows, goal_list, goal_rows
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.progress import GoalProgress, newest_value, progress_of
from careerplan.goals.queries.rows import active_goals_by_skill, last_open_step_on, open_steps_by_date

__all__ = [
    "ClosedRow",
    "GoalPage",
    "GoalProgress",
    "GoalRow",
    "NextStep",
    "active_goals_by_skill",
    "closed_rows",
    "goal_list",
    "goal_page",
    "goal_rows",
    "last_open_step_on",
    "newest_value",
    "open_steps_by_date",
    "progress_of",
]
