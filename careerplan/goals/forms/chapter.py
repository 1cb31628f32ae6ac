"""The form that closes a plan and begins the next, and the one that asks for a day."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField
from careerplan.goals.models import Goal
from careerplan.plans.models import Plan


class ChapterForm(BaseForm):
    """How this chapter ended, what the next is called, and which goals come along."""

    closing_words = LongTextField(label=gettext_lazy("How did this chapter go?"), max_length=4000, required=False)
    title = LineField(
        label=gettext_lazy("Title of the new plan"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the new plan a name, such as where it leads.")},
    )
    goals = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which goals come along?"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"invalid_choice": gettext_lazy("One of the goals cannot come along any more. Look again.")},
    )
    # Which plan it is about: a second click must not close the plan that the first one began.
    plan = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, plan: Plan, goals: list[Goal]) -> None:
        super().__init__(data, initial={"plan": plan.pk, "goals": [goal.pk for goal in goals]})
        self.fields["goals"].choices = [(goal.pk, goal.title) for goal in goals]  # type: ignore[attr-defined]


class DayForm(BaseForm):
    """A day that has been, in the address: the plan as it stood on it."""

    on = forms.DateField(
        label=gettext_lazy("Day"),
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Enter a valid date.")},
    )

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"on": today})
        self.today = today

    def clean_on(self) -> Any:
        """Not in the future."""
        day = self.cleaned_data["on"]
        if day > self.today:
            raise forms.ValidationError(_("That day has not come yet. Choose today or an earlier day."))
        return day
