"""A goal and what belongs to it: one aggregate. A step is reached through its goal, a goal through its plan."""

from careerplan.goals.models.goal import GREW_FROM, Goal, GoalSkill
from careerplan.goals.models.parts import Evaluation, EvaluationDraft, Resource
from careerplan.goals.models.pause_move import PauseMove
from careerplan.goals.models.progress import Change, Progress
from careerplan.goals.models.step import ActionStep

__all__ = [
    "GREW_FROM",
    "ActionStep",
    "Change",
    "Evaluation",
    "EvaluationDraft",
    "Goal",
    "GoalSkill",
    "PauseMove",
    "Progress",
    "Resource",
]
