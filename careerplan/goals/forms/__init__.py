"""Forms for goals and steps."""

from careerplan.goals.forms.goal import GoalForm, NewGoalForm
from careerplan.goals.forms.progress import ReadingForm
from careerplan.goals.forms.step import StepForm

__all__ = ["GoalForm", "NewGoalForm", "ReadingForm", "StepForm"]
