"""What can be done with goals and steps. Every write is here; the database has the last word."""

from careerplan.goals.services.changes import (
    SkillsTicked,
    move_goal,
    needs_why,
    update_goal,
)
from careerplan.goals.services.chapter import GoalHasNoStep, start_chapter
from careerplan.goals.services.closing import ClosingWords, close_goal, reopen_goal
from careerplan.goals.services.data import (
    GoalData,
    GoalIsArchived,
    GoalIsClosed,
    Measure,
    ResourceData,
    StepData,
    Why,
    WhyIsMissing,
)
from careerplan.goals.services.evaluations import (
    BegunVerdict,
    StepIsNotDone,
    Verdict,
    evaluate_step,
    keep_begun_verdict,
)
from careerplan.goals.services.goals import create_goal, delete_goal
from careerplan.goals.services.order import OrderDoesNotFit, move_step, order_steps
from careerplan.goals.services.pause import (
    MOST_DAYS,
    PauseData,
    PauseEnded,
    PauseOverlaps,
    end_pause,
    start_pause,
)
from careerplan.goals.services.progress import (
    NotMeasuredByNumber,
    ReadingData,
    ReadingInFuture,
    record_progress,
    restore_reading,
    withdraw_reading,
)
from careerplan.goals.services.resources import set_resource_state
from careerplan.goals.services.steps import (
    add_step,
    complete_step,
    drop_step,
    reopen_step,
    start_step,
    update_step,
)
from careerplan.goals.services.stop_rule import extend_stop_rule, keep_going
from careerplan.goals.services.stuck import blocker_words, plan_way_round
from careerplan.goals.services.triage import Triage, triage_steps

__all__ = [
    "MOST_DAYS",
    "BegunVerdict",
    "ClosingWords",
    "GoalData",
    "GoalHasNoStep",
    "GoalIsArchived",
    "GoalIsClosed",
    "Measure",
    "NotMeasuredByNumber",
    "OrderDoesNotFit",
    "PauseData",
    "PauseEnded",
    "PauseOverlaps",
    "ReadingData",
    "ReadingInFuture",
    "ResourceData",
    "SkillsTicked",
    "StepData",
    "StepIsNotDone",
    "Triage",
    "Verdict",
    "Why",
    "WhyIsMissing",
    "add_step",
    "blocker_words",
    "close_goal",
    "complete_step",
    "create_goal",
    "delete_goal",
    "drop_step",
    "end_pause",
    "evaluate_step",
    "extend_stop_rule",
    "keep_begun_verdict",
    "keep_going",
    "move_goal",
    "move_step",
    "needs_why",
    "order_steps",
    "plan_way_round",
    "record_progress",
    "reopen_goal",
    "reopen_step",
    "restore_reading",
    "set_resource_state",
    "start_chapter",
    "start_pause",
    "start_step",
    "triage_steps",
    "update_goal",
    "update_step",
    "withdraw_reading",
]
