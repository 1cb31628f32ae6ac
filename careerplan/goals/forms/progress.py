"""Forms of progress: a measured number, and the evaluation of a finished step."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField, NumberField
from careerplan.core.numbers import format_number, is_percentage
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET, ActiveGoalForm
from careerplan.goals.models import ActionStep, Evaluation, EvaluationDraft, Goal
from careerplan.goals.services.progress import EvaluationVersion


class ProgressEntryForm(ActiveGoalForm):
    """Form for a number, its date and a note. The short form on the goal's page has no date: it is today."""

    value = NumberField(
        label=gettext_lazy("Number now"),
        widget=forms.TextInput(attrs=NUMBER_WIDGET),
        error_messages={
            "required": gettext_lazy("Enter the current number, such as 35."),
            "invalid": gettext_lazy("Enter a number, such as 35 or 3.5."),
        },
        **NUMBER_LIMITS,
    )
    measured_on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DateInput())
    note = LineField(label=gettext_lazy("Note"), max_length=500, required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, goal: Goal, today: date, value: str = "") -> None:
        super().__init__(data, initial={"value": value, "measured_on": today, "form_key": uuid4()})
        self.goal, self.today = goal, today
        label = _("Percentage now") if is_percentage(goal.unit) else _("Now, in %(unit)s") % {"unit": goal.unit}
        self.fields["value"].label = label
        self.unmark_optional("measured_on")  # filled in already

    def clean_measured_on(self) -> date:
        """Return the date, today if none is given; refuse future dates."""
        day: date = self.cleaned_data["measured_on"] or self.today
        if day > self.today:
            message = _("%(day)s is in the future. Choose today, %(today)s, or an earlier day.")
            days = {"day": date_format(day, "j M Y"), "today": date_format(self.today, "j M Y")}
            raise forms.ValidationError(message % days)
        return day

    def changes(self) -> dict[str, Any]:
        """Return the entered fields."""
        return {name: self.cleaned_data[name] for name in ("value", "measured_on", "note")}


EVALUATION_FIELDS = ("worth", "hours_spent", "learned", "would_repeat")


class NewEvaluationForm(BaseForm):
    """Form for rating a finished step, without earlier answers."""

    worth = forms.TypedChoiceField(
        label=gettext_lazy("Rating, from 1 to 5"),
        choices=Evaluation.Worth,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a number from 1 to 5, or answer later.")},
    )
    hours_spent = NumberField(
        label=gettext_lazy("Hours spent"),
        required=False,
        min_value=Decimal(0),
        max_digits=6,
        decimal_places=2,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "cp-num cp-input-num"}),
    )
    learned = LongTextField(label=gettext_lazy("What did you learn?"), max_length=4000, required=False)
    would_repeat = forms.ChoiceField(
        label=gettext_lazy("Would you do it again?"),
        choices=Evaluation.WouldRepeat,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, step: ActionStep, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.unmark_optional("would_repeat")
        if step.effort_hours is not None:
            planned = _("You planned %(hours)s.") % {"hours": format_number(step.effort_hours)}
            self.fields["hours_spent"].help_text = planned

    def changes(self) -> dict[str, Any]:
        """Return the entered fields."""
        return {name: self.cleaned_data[name] for name in EVALUATION_FIELDS}


class EvaluationForm(ConflictForm, NewEvaluationForm):
    """Form for rating a finished step, filled in with a draft or an earlier rating."""

    def __init__(self, data: Any, *, step: ActionStep) -> None:
        self.step = step
        self.draft: EvaluationDraft | None = getattr(step, "evaluation_draft", None)
        self.evaluation: Evaluation | None = getattr(step, "evaluation", None)
        stored = self.field_values(self.draft or self.evaluation or Evaluation(step=step))
        initial = dict(stored)
        if initial["hours_spent"] is not None:
            initial["hours_spent"] = f"{initial['hours_spent'].normalize():f}"
        super().__init__(data, step=step, initial=initial)
        self.check_conflicts(stored)

    @staticmethod
    def field_values(row: Evaluation | EvaluationDraft) -> dict[str, Any]:
        """Return values of an evaluation by field name."""
        return {name: getattr(row, name) for name in EVALUATION_FIELDS}

    @property
    def version(self) -> EvaluationVersion:
        """Return the version of what the form was compared with."""
        return EvaluationVersion.of(self.evaluation, self.draft)

    def is_valid_draft(self) -> bool:
        """Return whether the answers can be saved as a draft: no conflict, and nothing but the rating is missing."""
        return not self.conflicts and set(self.errors) <= ({"worth"} if not self.data.get("worth") else set())

    def draft_changes(self) -> dict[str, Any]:
        """Return the fields entered so far; the rating may be missing."""
        return {name: self.cleaned_data.get(name) for name in EVALUATION_FIELDS}
