"""Forms of pauses, of catching up, of a new plan and of the date of a snapshot."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField
from careerplan.goals.models import ActionStep, Goal
from careerplan.planning.queries.pauses import one_week_later
from careerplan.planning.services.pauses import MOST_DAYS, CatchUpChoice
from careerplan.plans.models import Pause, Plan

LONGEST_AGO = timedelta(days=366)


class PauseForm(BaseForm):
    """Form for the dates and reason of a pause. A preview is shown first, for the dates in `shown`."""

    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=DateInput(),
        error_messages={"required": gettext_lazy("Choose the first day of the pause.")},
    )
    ends_on = forms.DateField(
        label=gettext_lazy("To"),
        widget=DateInput(),
        help_text=gettext_lazy("The last day. You can end the pause earlier."),
        error_messages={"required": gettext_lazy("Choose the last day of the pause. You can end it earlier.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=Pause.Reason,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("Choose the closest reason. Only you can see it.")},
    )
    note = LineField(label=gettext_lazy("Note"), max_length=300, required=False)
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"form_key": uuid4(), "starts_on": today})
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Check that the dates are in order, not too long and not too long ago."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_on"), cleaned.get("ends_on")
        if start and start < self.today - LONGEST_AGO:
            self.add_error("starts_on", _("The first day is more than a year ago. Choose a later date."))
        if start and end and end < start:
            days = {"end": date_format(end, "j M Y"), "start": date_format(start, "j M Y")}
            self.add_error("ends_on", _("%(end)s is before the first day, %(start)s. Choose a later day.") % days)
        elif start and end and (end - start).days >= MOST_DAYS:
            self.add_error(
                "ends_on", _("A pause can last 2 years at most. Choose an earlier date, or start a new plan.")
            )
        return cleaned

    @property
    def days(self) -> str:
        """Return the entered dates in the form of `shown`."""
        return f"{self.cleaned_data['starts_on']}/{self.cleaned_data['ends_on']}"

    @property
    def was_shown(self) -> bool:
        """Return whether the user has seen the preview for these dates."""
        return bool(self.cleaned_data["shown"] == self.days)

    def changes(self) -> dict[str, Any]:
        """Return the entered fields of the pause."""
        return {name: self.cleaned_data[name] for name in ("starts_on", "ends_on", "reason", "note")}

    def refuse(self, other: Pause) -> None:
        """Add an error that names the overlapping pause and how to continue."""
        days = {"start": date_format(other.starts_on, "j M Y"), "end": date_format(other.ends_on, "j M Y")}
        message = _("You already have a pause from %(start)s to %(end)s. Choose other dates, or end that pause first.")
        self.add_error("starts_on", message % days)


class CatchUpForm(ConflictForm):
    """Keep, a week later or drop, for each step; a step without an answer does not change.

    The due date on the page comes with each answer: a step that moved in another tab is not moved again.
    """

    def __init__(self, data: QueryDict | None = None, *, steps: list[ActionStep], today: date) -> None:
        super().__init__(data)
        self.steps = steps
        for step in steps:
            later = one_week_later(step, today)
            choices = [choice for choice in CatchUpChoice.choices if later or choice[0] != CatchUpChoice.LATER]
            field = forms.ChoiceField(
                label=step.title,
                choices=choices,
                initial=CatchUpChoice.KEEP,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one of the answers.")},
            )
            self.fields[f"step-{step.pk}"] = field
            self.fields[f"due_on-{step.pk}"] = forms.DateField(
                label=step.title, widget=forms.HiddenInput, initial=step.due_on, required=False
            )
        self.check_conflicts({f"due_on-{step.pk}": step.due_on for step in steps})

    @property
    def rows(self) -> list[tuple[ActionStep, forms.BoundField, forms.BoundField]]:
        """Each step with its answer and the due date on the page."""
        return [(step, self[f"step-{step.pk}"], self[f"due_on-{step.pk}"]) for step in self.steps]

    def choices(self) -> dict[ActionStep, CatchUpChoice]:
        """Return the answers, without those for steps that moved in another tab."""
        unmoved = [step for step in self.steps if f"due_on-{step.pk}" not in self.auto_merged]
        answers = {step: self.cleaned_data[f"step-{step.pk}"] for step in unmoved}
        return {step: CatchUpChoice(answer) for step, answer in answers.items() if answer}


class NewPlanForm(BaseForm):
    """Form for how the plan ended, the title of the next plan, and the goals to keep."""

    closing_notes = LongTextField(label=gettext_lazy("How did this plan go?"), max_length=4000, required=False)
    title = LineField(
        label=gettext_lazy("Title of the new plan"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the new plan a name, such as the role you want.")},
    )
    goals = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which goals do you want to keep?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": gettext_lazy("One of the goals has no open step. Check the list again.")},
    )
    # The plan it is about: a second click must not archive the new plan.
    plan = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, plan: Plan, goals: list[Goal]) -> None:
        super().__init__(data, initial={"plan": plan.pk, "goals": [goal.pk for goal in goals]})
        self.fields["goals"].choices = [(goal.pk, goal.title) for goal in goals]  # type: ignore[attr-defined]


class SnapshotDayForm(BaseForm):
    """Form for the date of a snapshot, in the URL."""

    on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"required": gettext_lazy("Choose a date."), "invalid": gettext_lazy("Enter a valid date.")},
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.today = today

    def clean_on(self) -> Any:
        """Refuse future dates."""
        day = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("That date is in the future. Choose today or an earlier date."))
        return day
