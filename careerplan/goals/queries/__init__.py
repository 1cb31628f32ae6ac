"""What the pages of goals show."""

from careerplan.goals.queries.load import AsksLoad, PlanLoad, asks_load, plan_load
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.pause import (
    Moves,
    TriageDue,
    a_week_later,
    steps_to_triage,
    triage_due,
    what_would_move,
)
from careerplan.goals.queries.rows import (
    GoalRow,
    active_goals_by_skill,
    closed_goals,
    goal_rows,
    last_open_step_on,
    open_steps_by_date,
)
from careerplan.plans.queries import pause_now

__all__ = [
    "AsksLoad",
    "GoalPage",
    "GoalRow",
    "Moves",
    "PlanLoad",
    "TriageDue",
    "a_week_later",
    "active_goals_by_skill",
    "asks_load",
    "closed_goals",
    "goal_page",
    "goal_rows",
    "last_open_step_on",
    "open_steps_by_date",
    "pause_now",
    "plan_load",
    "steps_to_triage",
    "triage_due",
    "what_would_move",
]
