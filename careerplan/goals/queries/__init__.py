"""What the pages of goals show."""

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
from careerplan.goals.queries.needed import NeededGroup, NeededPage, needed_page
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.progress import GoalProgress, newest_value, progress_of
from careerplan.goals.queries.rows import active_goals_by_skill, last_open_step_on, open_steps_by_date
from careerplan.goals.queries.steps import (
    StepsOfGoal,
    has_open_step,
    open_steps_in_order,
    steps_of_goal,
    unrated_steps,
)

__all__ = [
    "LEAST",
    "ClosedRow",
    "GoalPage",
    "GoalProgress",
    "GoalRow",
    "Ledger",
    "LedgerRow",
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
    "judged_steps",
    "last_open_step_on",
    "ledger_of",
    "needed_page",
    "newest_value",
    "open_steps_by_date",
    "open_steps_in_order",
    "progress_of",
    "similar_steps",
    "steps_of_goal",
    "unrated_steps",
]
