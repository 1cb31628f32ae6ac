"""Models of a goal and what belongs to it, one aggregate. Django looks for models here, so all are imported here."""

from careerplan.goals.models.first_goals import DeclinedFirstGoals
from careerplan.goals.models.goal import Goal, GoalSkill
from careerplan.goals.models.occurrence import StepOccurrence
from careerplan.goals.models.progress import Change, ProgressEntry
from careerplan.goals.models.step import ActionStep, Evaluation, EvaluationDraft, Resource

__all__ = [
    "ActionStep",
    "Change",
    "DeclinedFirstGoals",
    "Evaluation",
    "EvaluationDraft",
    "Goal",
    "GoalSkill",
    "ProgressEntry",
    "Resource",
    "StepOccurrence",
]
