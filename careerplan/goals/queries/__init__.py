"""What the pages of goals show."""

from careerplan.goals.queries.changes import HistoryLine, history_of
from careerplan.goals.queries.ledger import (
    LEAST,
    Ledger,
    LedgerRow,
    SimilarStep,
    Sums,
    judged_steps,
    ledger_of,
    similar_steps,
)
from careerplan.goals.queries.list import (
    ClosedRow,
    GoalRow,
    NextStep,
    closed_rows,
    goal_list,
    goal_rows,
)
from careerplan.goals.queries.moves import (
    Move,
    moves_along,
    moves_so_far,
    open_steps_of,
)
from careerplan.goals.queries.needed import NeededGroup, NeededPage, needed_page
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.progress import GoalProgress, newest_reading, newest_value, progress_of
from careerplan.goals.queries.rows import active_goals_by_skill, last_open_step_on, open_steps_by_date
from careerplan.goals.queries.skills import BuiltSkill, skill_choices, skills_of
from careerplan.goals.queries.steps import (
    StepsOfGoal,
    has_open_step,
    open_steps_in_order,
    steps_of_goal,
    unrated_steps,
)
from careerplan.goals.queries.stop_rules import stop_rules_due

__all__ = [
    "LEAST",
    "BuiltSkill",
    "ClosedRow",
    "GoalPage",
    "GoalProgress",
    "GoalRow",
    "HistoryLine",
    "Ledger",
    "LedgerRow",
    "Move",
    "NeededGroup",
    "NeededPage",
    "NextStep",
    "SimilarStep",
    "StepsOfGoal",
    "Sums",
    "active_goals_by_skill",
    "closed_rows",
    "goal_list",
    "goal_page",
    "goal_rows",
    "has_open_step",
    "history_of",
    "judged_steps",
    "last_open_step_on",
    "ledger_of",
    "moves_along",
    "moves_so_far",
    "needed_page",
    "newest_reading",
    "newest_value",
    "open_steps_by_date",
    "open_steps_in_order",
    "open_steps_of",
    "progress_of",
    "similar_steps",
    "skill_choices",
    "skills_of",
    "steps_of_goal",
    "stop_rules_due",
    "unrated_steps",
]
