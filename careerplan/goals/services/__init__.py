"""What can be done with goals and steps. Every write is here; the database has the last word."""

from careerplan.goals.services.chapter import GoalHasNoStep, start_chapter
from careerplan.goals.services.data import GoalData, GoalIsClosed, Measure, StepData
from careerplan.goals.services.goals import close_goal, create_goal, delete_goal, reopen_goal, update_goal
from careerplan.goals.services.pause import MOST_DAYS, PauseData, PauseOverlaps, end_pause, start_pause
from careerplan.goals.services.steps import add_step, complete_step, drop_step, reopen_step, update_step
from careerplan.goals.services.triage import Triage, triage_steps

__all__ = [
    "MOST_DAYS",
    "GoalData",
    "GoalHasNoStep",
    "GoalIsClosed",
    "Measure",
    "PauseData",
    "PauseOverlaps",
    "StepData",
    "Triage",
    "add_step",
    "close_goal",
    "complete_step",
    "create_goal",
    "delete_goal",
    "drop_step",
    "end_pause",
    "reopen_goal",
    "reopen_step",
    "start_chapter",
    "start_pause",
    "triage_steps",
    "update_goal",
    "update_step",
]
