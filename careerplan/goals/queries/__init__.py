"""What the pages of goals show."""

from careerplan.goals.queries.changes import HistoryLine, history_of
from careerplan.goals.queries.moves import Move, moves_along, moves_so_far, open_steps_of
from careerplan.goals.queries.page import GoalPage, goal_page, newest_figure
from careerplan.goals.queries.rows import (
    GoalRow,
    active_goals_by_skill,
    closed_goals,
    goal_rows,
    last_open_step_on,
    open_steps_by_date,
)
from careerplan.goals.queries.skills import BuiltSkill, skill_choices, skills_of
from careerplan.goals.queries.stop_rules import stop_rules_due

__all__ = [
    "BuiltSkill",
    "GoalPage",
    "GoalRow",
    "HistoryLine",
    "Move",
    "active_goals_by_skill",
    "closed_goals",
    "goal_page",
    "goal_rows",
    "history_of",
    "last_open_step_on",
    "moves_along",
    "moves_so_far",
    "newest_figure",
    "open_steps_by_date",
    "open_steps_of",
    "skill_choices",
    "skills_of",
    "stop_rules_due",
]
