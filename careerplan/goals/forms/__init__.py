"""Forms for goals and steps."""

from careerplan.goals.forms.chapter import ChapterForm, DayForm
from careerplan.goals.forms.goal import GoalForm, NewGoalForm
from careerplan.goals.forms.pause import PauseForm, TriageForm
from careerplan.goals.forms.step import StepForm

__all__ = ["ChapterForm", "DayForm", "GoalForm", "NewGoalForm", "PauseForm", "StepForm", "TriageForm"]
