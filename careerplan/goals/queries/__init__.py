"""What the pages of goals show."""

from careerplan.goals.queries.list import (
    ClosedRow,
    GoalRow,
    NextStep,
    closed_rows,
    count_by_pace,
    goal_rows,
)
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.progress import GoalProgress, progress_of
from careerplan.goals.queries.rows import active_goals_by_skill, last_open_step_on, open_steps_by_date

__all__ = [
    "ClosedRow",
    "GoalPage",
    "GoalProgress",
    "GoalRow",
    "NextStep",
    "active_goals_by_skill",
    "closed_rows",
    "count_by_pace",
    "goal_page",
    "goal_rows",
    "last_open_step_on",
    "open_steps_by_date",
    "progress_of",
]
