"""Forms for goals and steps."""

from careerplan.goals.forms.base import OfOpenGoal
from careerplan.goals.forms.changes import EditGoalForm, MoveGoalForm, StopRuleForm
from careerplan.goals.forms.chapter import ChapterForm, DayForm
from careerplan.goals.forms.closing import ClosingForm, EndingForm
from careerplan.goals.forms.evaluation import EvaluationForm, VerdictForm
from careerplan.goals.forms.full_step import FullStepForm
from careerplan.goals.forms.goal import GoalForm, NewGoalForm
from careerplan.goals.forms.pause import PauseForm, TriageForm
from careerplan.goals.forms.progress import ReadingForm
from careerplan.goals.forms.step import StepForm

__all__ = [
    "ChapterForm",
    "ClosingForm",
    "DayForm",
    "EditGoalForm",
    "EndingForm",
    "EvaluationForm",
    "FullStepForm",
    "GoalForm",
    "MoveGoalForm",
    "NewGoalForm",
    "OfOpenGoal",
    "PauseForm",
    "ReadingForm",
    "StepForm",
    "StopRuleForm",
    "TriageForm",
    "VerdictForm",
]
