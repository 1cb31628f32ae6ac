"""Forms for goals and steps."""

from careerplan.goals.forms.changes import EditGoalForm, MoveGoalForm, StopRuleForm
from careerplan.goals.forms.closing import ClosingForm
from careerplan.goals.forms.goal import GoalForm, NewGoalForm
from careerplan.goals.forms.step import StepForm

__all__ = ["ClosingForm", "EditGoalForm", "GoalForm", "MoveGoalForm", "NewGoalForm", "StepForm", "StopRuleForm"]
