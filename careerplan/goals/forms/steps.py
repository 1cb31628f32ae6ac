"""Forms of a step: short beside a new goal, and complete on its own page."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import DateInput, LineField, LongTextField, NumberField
from careerplan.goals.forms.base import NUMBER_WIDGET, ActiveGoalForm, ConfirmPastDates, ConfirmWorkload
from careerplan.goals.forms.resources import add_row, rows_of
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.models.goal import TITLE_LENGTH


class StepForm(ConfirmWorkload, ConfirmPastDates):
    """Short form of a step: title, due date, hours. FullStepForm has the rest."""

    step_title = LineField(
        label=gettext_lazy("What will you do?"),
        max_length=TITLE_LENGTH,
        error_messages={
            "required": gettext_lazy(
                "Enter what you will do, however small. Start with a verb, such as ask, book or read."
            )
        },
    )
    step_due_on = forms.DateField(
        label=gettext_lazy("Due date of the step"),
        widget=DateInput(),
        error_messages={"required": gettext_lazy("Choose the date by which you will finish this step.")},
    )
    effort_hours = NumberField(
        label=gettext_lazy("Effort in hours"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "cp-num cp-input-num"}),
        error_messages={"min_value": gettext_lazy("Enter more than 0 hours, or leave this empty if you do not know.")},
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
        self.check_workload(cleaned.get("effort_hours"), step_due)
        return cleaned

    def step_changes(self) -> dict[str, Any]:
        """Return the entered fields of the step."""
        data = self.cleaned_data
        return {"title": data["step_title"], "due_on": data["step_due_on"], "effort_hours": data["effort_hours"]}


ADD_ROW = "another_row"  # name of the button that adds a row


class FullStepForm(ActiveGoalForm, ConflictForm, StepForm):
    """Form of a step with its details, kind and resources."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of step"),
        choices=[("", gettext_lazy("Choose")), *ActionStep.Kind.choices],
        required=False,
        help_text=gettext_lazy("Shows you later which kinds of step were worth it."),
    )
    details = LongTextField(label=gettext_lazy("Details"), max_length=4000, required=False)

    def __init__(self, data: QueryDict | None, *, goal: Goal, step: ActionStep | None = None, **kwargs: Any) -> None:
        self.goal, self.seen = goal, step
        there = list(step.resources.all()) if step else []
        self.asks_for_row = data is not None and ADD_ROW in data
        self.answers = data.copy() if data is not None else None
        if self.answers is not None and self.asks_for_row:
            add_row(self.answers)
        self.resources = rows_of(there, self.answers)
        super().__init__(self.answers, initial=answers_of(step) if step else None, goal_due_on=goal.due_on, **kwargs)
        if step:
            self.check_conflicts(answers_of(step))
        if not self.skip_check:
            for row in self.resources.forms:
                row.check_resource({resource.pk: resource for resource in there})
                self.conflicts += row.conflicts
                self.auto_merged |= row.auto_merged
        if self.asks_for_row:
            self._errors = ErrorDict()  # not validated yet
            self.resources.say_nothing()

    @classmethod
    def of_goal(cls, goal: Goal, data: QueryDict | None, *, today: date, **kwargs: Any) -> "FullStepForm":
        """Return the form for a new step of a goal."""
        return cls(data, goal=goal, today=today, **kwargs)

    @classmethod
    def of_step(cls, step: ActionStep, data: QueryDict | None, *, today: date, **kwargs: Any) -> "FullStepForm":
        """Return the form for an existing step. One query for its resources."""
        return cls(data, goal=step.goal, step=step, today=today, **kwargs)

    def is_valid(self) -> bool:
        """Return whether the form is valid, has no conflict and is to be saved."""
        return not self.asks_for_row and super().is_valid()

    def clean(self) -> dict[str, Any]:
        """Report errors in the rows as errors of this form."""
        cleaned = super().clean()
        if self.resources.is_bound and not self.resources.is_valid():
            for complaint in self.resources.complaints():
                self.add_error(None, complaint)
        return cleaned

    def step_changes(self) -> dict[str, Any]:
        """Return the entered fields of the step."""
        return super().step_changes() | {name: self.cleaned_data[name] for name in ("details", "kind")}

    def entered_resources(self) -> list[dict[str, Any]]:
        """Return what the step needs, for `write_resources`; nothing if the rows were not sent."""
        return self.resources.resources() if self.resources.is_bound else []


def answers_of(step: ActionStep) -> Mapping[str, Any]:
    """Return values of a step by field name."""
    return {
        "step_title": step.title,
        "step_due_on": step.due_on,
        "effort_hours": None if step.effort_hours is None else f"{step.effort_hours.normalize():f}",
        "kind": step.kind,
        "details": step.details,
    }
