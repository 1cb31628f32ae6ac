"""What can be done with goals and steps. Every write is here; the database has the last word."""

from careerplan.goals.services.changes import SkillsTicked, move_goal, needs_why, update_goal
from careerplan.goals.services.closing import ClosingWords, close_goal, reopen_goal
from careerplan.goals.services.data import GoalData, GoalIsClosed, Measure, StepData, Why, WhyIsMissing
from careerplan.goals.services.goals import create_goal, delete_goal
from careerplan.goals.services.steps import add_step, complete_step, drop_step, reopen_step, update_step
from careerplan.goals.services.stop_rule import extend_stop_rule, keep_going

__all__ = [
    "ClosingWords",
    "GoalData",
    "GoalIsClosed",
    "Measure",
    "SkillsTicked",
    "StepData",
    "Why",
    "WhyIsMissing",
    "add_step",
    "close_goal",
    "complete_step",
    "create_goal",
    "delete_goal",
    "drop_step",
    "extend_stop_rule",
    "keep_going",
    "move_goal",
    "needs_why",
    "reopen_goal",
    "reopen_step",
    "update_goal",
    "update_step",
]
