"""The form of a step: each answer is checked, and what was typed stays."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import DateInput, LineField
from careerplan.goals.forms.base import NUMBER_WIDGET, AsksAboutPast, NumberField
from careerplan.goals.forms.load import AsksAboutLoad
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.services import StepData


class StepForm(AsksAboutLoad, AsksAboutPast):
    """The least there is to say of a step: what, by when, how much effort. Its own page asks more (FullStepForm)."""

    step_title = LineField(
        label=gettext_lazy("What will you do?"),
        max_length=TITLE_LENGTH,
        error_messages={
            "required": gettext_lazy("Enter what you will do, however small. Begin with a verb: ask, book, read.")
        },
    )
    step_due_on = forms.DateField(
        label=gettext_lazy("Due date of the step"),
        widget=DateInput(),
        error_messages={"required": gettext_lazy("Choose the day by which you will have done it.")},
    )
    effort_hours = NumberField(
        label=gettext_lazy("Effort in hours"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "cp-num cp-input-num"}),
        error_messages={"min_value": gettext_lazy("Effort is more than nothing. Leave it empty if you do not know.")},
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    days_that_may_be_past: tuple[str, ...] = ("step_due_on",)

    def __init__(self, *args: Any, goal_due_on: date | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.goal_due_on = goal_due_on

    def clean(self) -> dict[str, Any]:
        """Refuse a step that is due after its goal."""
        cleaned = super().clean()
        step_due, goal_due = cleaned.get("step_due_on"), self.goal_due_on or cleaned.get("due_on")
        if step_due and goal_due and step_due > goal_due:
            message = _(
                "%(step)s is after the goal's due date, %(goal)s. Choose an earlier day or move the goal's date."
            )
            days = {"step": date_format(step_due, "j M Y"), "goal": date_format(goal_due, "j M Y")}
            self.add_error("step_due_on", message % days)
        self.look_at_load(cleaned.get("effort_hours"), step_due)
        return cleaned

    def step(self) -> StepData:
        """What was entered, for the service."""
        data = self.cleaned_data
        return StepData(title=data["step_title"], due_on=data["step_due_on"], effort_hours=data["effort_hours"])
