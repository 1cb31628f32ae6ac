"""What the pages of goals show."""

from careerplan.goals.queries.history import Happenings, what_changed
from careerplan.goals.queries.load import AsksLoad, PlanLoad, asks_load, plan_load
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.pause import (
    Moves,
    TriageDue,
    a_week_later,
    pause_in,
    steps_to_triage,
    triage_due,
    what_would_move,
)
from careerplan.goals.queries.plan import Chapter, PlanPage, archived_goal, chapter, goals_with_a_step, plan_page
from careerplan.goals.queries.rows import (
    GoalRow,
    active_goals_by_skill,
    closed_goals,
    goal_rows,
    last_open_step_on,
    open_steps_by_date,
)
from careerplan.goals.queries.stood import PlanThen, history_begins_on, plan_as_it_stood
from careerplan.plans.queries import pause_now

__all__ = [
    "AsksLoad",
    "Chapter",
    "GoalPage",
    "GoalRow",
    "Happenings",
    "Moves",
    "PlanLoad",
    "PlanPage",
    "PlanThen",
    "TriageDue",
    "a_week_later",
    "active_goals_by_skill",
    "archived_goal",
    "asks_load",
    "chapter",
    "closed_goals",
    "goal_page",
    "goal_rows",
    "goals_with_a_step",
    "history_begins_on",
    "last_open_step_on",
    "open_steps_by_date",
    "pause_in",
    "pause_now",
    "plan_as_it_stood",
    "plan_load",
    "plan_page",
    "steps_to_triage",
    "triage_due",
    "what_changed",
    "what_would_move",
]
