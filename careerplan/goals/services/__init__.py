"""What can be done with goals and steps. Every write is here; the database has the last word."""

from careerplan.goals.services.data import GoalData, GoalIsClosed, Measure, ResourceData, StepData
from careerplan.goals.services.evaluations import StepIsNotDone, Verdict, evaluate_step
from careerplan.goals.services.goals import close_goal, create_goal, delete_goal, reopen_goal, update_goal
from careerplan.goals.services.order import OrderDoesNotFit, move_step, order_steps
from careerplan.goals.services.resources import set_resource_state
from careerplan.goals.services.steps import add_step, complete_step, drop_step, reopen_step, start_step, update_step

__all__ = [
    "GoalData",
    "GoalIsClosed",
    "Measure",
    "OrderDoesNotFit",
    "ResourceData",
    "StepData",
    "StepIsNotDone",
    "Verdict",
    "add_step",
    "close_goal",
    "complete_step",
    "create_goal",
    "delete_goal",
    "drop_step",
    "evaluate_step",
    "move_step",
    "order_steps",
    "reopen_goal",
    "reopen_step",
    "set_resource_state",
    "start_step",
    "update_goal",
    "update_step",
]
