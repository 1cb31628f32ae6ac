"""What the pages of goals show."""

from careerplan.goals.queries.agenda import DueStep, DueSteps, Part, due_steps
from careerplan.goals.queries.list import (
    ClosedRow,
    GoalRow,
    NextStep,
    closed_rows,
    first_goal_rows,
    goal_list,
    goal_rows,
)
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.progress import GoalProgress, newest_value, progress_of
from careerplan.goals.queries.rows import active_goals_by_skill, last_open_step_on
from careerplan.goals.queries.unrated import Unrated, UnratedStep, unrated_steps

__all__ = [
    "ClosedRow",
    "DueStep",
    "DueSteps",
    "GoalPage",
    "GoalProgress",
    "GoalRow",
    "NextStep",
    "Part",
    "Unrated",
    "UnratedStep",
    "active_goals_by_skill",
    "closed_rows",
    "due_steps",
    "first_goal_rows",
    "goal_list",
    "goal_page",
    "goal_rows",
    "last_open_step_on",
    "newest_value",
    "progress_of",
    "unrated_steps",
]
