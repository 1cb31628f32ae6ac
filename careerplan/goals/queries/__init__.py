"""What the pages of goals show."""

from careerplan.goals.queries.agenda import (
    DueStep,
    DueSteps,
    Part,
    Unrated,
    UnratedStep,
    due_steps,
)
from careerplan.goals.queries.changes import HistoryLine, history_of
from careerplan.goals.queries.history import Happenings, what_changed
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
    AskingGoal,
    ClosedRow,
    GoalRow,
    NextStep,
    closed_rows,
    first_goal_rows,
    goal_list,
    goal_rows,
)
from careerplan.goals.queries.load import (
    AsksLoad,
    PlanLoad,
    asks_load,
    plan_load,
)
from careerplan.goals.queries.moves import (
    Move,
    moves_along,
    moves_so_far,
    open_steps_of,
)
from careerplan.goals.queries.needed import NeededGroup, NeededPage, needed_page
from careerplan.goals.queries.page import GoalPage, goal_page
from careerplan.goals.queries.pause import (
    Moves,
    TriageDue,
    a_week_later,
    pause_and_triage,
    pause_in,
    steps_to_triage,
    triage_due,
    what_would_move,
)
from careerplan.goals.queries.plan import (
    Chapter,
    PlanPage,
    archived_goal,
    chapter,
    goals_with_a_step,
    plan_page,
)
from careerplan.goals.queries.progress import (
    GoalProgress,
    newest_reading,
    newest_value,
    progress_of,
)
from careerplan.goals.queries.rows import active_goals_by_skill
from careerplan.goals.queries.skills import BuiltSkill, skill_choices, skills_of
from careerplan.goals.queries.steps import (
    StepsOfGoal,
    has_open_step,
    open_steps_in_order,
    steps_of_goal,
)
from careerplan.goals.queries.stood import PlanThen, history_begins_on, plan_as_it_stood
from careerplan.plans.queries import pause_now

__all__ = [
    "LEAST",
    "AskingGoal",
    "AsksLoad",
    "BuiltSkill",
    "Chapter",
    "ClosedRow",
    "DueStep",
    "DueSteps",
    "GoalPage",
    "GoalProgress",
    "GoalRow",
    "Happenings",
    "HistoryLine",
    "Ledger",
    "LedgerRow",
    "Move",
    "Moves",
    "NeededGroup",
    "NeededPage",
    "NextStep",
    "Part",
    "PlanLoad",
    "PlanPage",
    "PlanThen",
    "SimilarStep",
    "StepsOfGoal",
    "Sums",
    "TriageDue",
    "Unrated",
    "UnratedStep",
    "a_week_later",
    "active_goals_by_skill",
    "archived_goal",
    "asks_load",
    "chapter",
    "closed_rows",
    "due_steps",
    "first_goal_rows",
    "goal_list",
    "goal_page",
    "goal_rows",
    "goals_with_a_step",
    "has_open_step",
    "history_begins_on",
    "history_of",
    "judged_steps",
    "ledger_of",
    "moves_along",
    "moves_so_far",
    "needed_page",
    "newest_reading",
    "newest_value",
    "open_steps_in_order",
    "open_steps_of",
    "pause_and_triage",
    "pause_in",
    "pause_now",
    "plan_as_it_stood",
    "plan_load",
    "plan_page",
    "progress_of",
    "similar_steps",
    "skill_choices",
    "skills_of",
    "steps_of_goal",
    "steps_to_triage",
    "triage_due",
    "what_changed",
    "what_would_move",
]
