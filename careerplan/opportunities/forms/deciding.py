"""For or against it, and whether that was right."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField
from careerplan.goals.forms.base import AsksAboutPast
from careerplan.goals.models import Goal
from careerplan.goals.services.steps import StepData
from careerplan.opportunities.models import TITLE_LENGTH, WORDS_LENGTH, Opportunity
from careerplan.opportunities.services import NextStep


class DecideForm(BaseForm):
    """Why."""

    reason = LongTextField(
        label=gettext_lazy("Why?"),
        max_length=WORDS_LENGTH,
        help_text=gettext_lazy("A few words. In 90 days you are asked whether it was right."),
        error_messages={"required": gettext_lazy("Say why, in a few words.")},
    )


class PursueForm(DecideForm, AsksAboutPast):
    """Why, and what comes next."""

    step_title = LineField(label=gettext_lazy("Next step"), max_length=TITLE_LENGTH, required=False)
    step_due_on = forms.DateField(
        label=gettext_lazy("Due date of the step"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"invalid": gettext_lazy("Enter a date, such as 30 Sep 2031.")},
    )
    step_goal = forms.ModelChoiceField(
        Goal.objects.none(), label=gettext_lazy("Goal that it belongs to"), required=False, empty_label=None
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)
    days_that_may_be_past: tuple[str, ...] = ("step_due_on",)

    def __init__(self, data: Any, *, goals: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["step_goal"].queryset = goals  # type: ignore[attr-defined]
        for name in ("step_due_on", "step_goal"):  # asked for with the step
            self.fields[name].label = self.base_fields[name].label

    def clean(self) -> dict[str, Any]:
        """A step has a day and a goal."""
        cleaned = super().clean()
        if cleaned.get("step_title"):
            if not cleaned.get("step_due_on") and "step_due_on" not in self.errors:
                self.add_error("step_due_on", _("Choose the day, or empty the step."))
            if not cleaned.get("step_goal") and "step_goal" not in self.errors:
                self.add_error("step_goal", _("Choose the goal that the step belongs to, or empty the step."))
        return cleaned

    def next_step(self) -> NextStep | None:
        """The step that was named, for the service."""
        data = self.cleaned_data
        if not data["step_title"]:
            return None
        step = StepData(title=data["step_title"], due_on=data["step_due_on"])
        return NextStep(goal=data["step_goal"], step=step, form_key=data["form_key"] or uuid4())


class JudgeForm(BaseForm):
    """Was the decision right?"""

    judgement = forms.ChoiceField(
        label=gettext_lazy("Was it right?"),
        choices=Opportunity.Judgement,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    note = LongTextField(label=gettext_lazy("What do you see now?"), max_length=WORDS_LENGTH, required=False)
