"""What can be done with goals and steps. Every write is here; the database has the last word."""

from careerplan.goals.services.data import GoalData, GoalIsClosed, Measure, StepData
from careerplan.goals.services.goals import close_goal, create_goal, delete_goal, reopen_goal, update_goal
from careerplan.goals.services.progress import (
    NotMeasuredByNumber,
    ReadingData,
    ReadingInFuture,
    record_progress,
    restore_reading,
    withdraw_reading,
)
from careerplan.goals.services.steps import add_step, complete_step, drop_step, reopen_step, update_step

__all__ = [
    "GoalData",
    "GoalIsClosed",
    "Measure",
    "NotMeasuredByNumber",
    "ReadingData",
    "ReadingInFuture",
    "StepData",
    "add_step",
    "close_goal",
    "complete_step",
    "create_goal",
    "delete_goal",
    "drop_step",
    "record_progress",
    "reopen_goal",
    "reopen_step",
    "restore_reading",
    "update_goal",
    "update_step",
    "withdraw_reading",
]
