"""Forms of the list of all steps: what to list, and what to do with several steps."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.core.dates import next_monday
from careerplan.core.forms import BaseForm, DateInput
from careerplan.goals.models import ActionStep
from careerplan.goals.queries.step_list import LONGEST_SEARCH, SHOW, SORTS, StepFilter

LONGEST_AHEAD = timedelta(days=366 * 60)
MOST_AT_ONCE = 200
TO_TODAY, TO_TOMORROW, TO_WEEK, TO_NO_DAY = "today", "tomorrow", "week", "none"


class StepFilterForm(BaseForm):
    """The filters in the address. What is not valid there is left out."""

    show = forms.ChoiceField(choices=SHOW.items(), required=False)
    q = forms.CharField(label=_("Search steps"), max_length=LONGEST_SEARCH, required=False)
    goal = forms.IntegerField(label=_("Goal"), required=False, min_value=1, max_value=2**62)
    kind = forms.ChoiceField(label=_("Kind of step"), choices=ActionStep.Kind.choices, required=False)
    sort = forms.ChoiceField(
        label=_("Order"), choices=[(key, label) for key, (label, _order) in SORTS.items()], required=False
    )

    def wanted(self) -> StepFilter:
        """Return what to list."""
        self.is_valid()
        found = self.cleaned_data
        return StepFilter(
            show=found.get("show") or "open",
            words=found.get("q") or "",
            goal=found.get("goal"),
            kind=found.get("kind") or "",
            sort=found.get("sort") or "due",
        )


class NewDayForm(BaseForm):
    """A new date: `to` names a near one or takes the date away, or `day` is any date from today on."""

    TO = (
        (TO_TODAY, _("Today")),
        (TO_TOMORROW, _("Tomorrow")),
        (TO_WEEK, _("Next week")),
        (TO_NO_DAY, _("No day yet")),
    )

    to = forms.ChoiceField(choices=TO, required=False)
    day = forms.DateField(
        required=False, widget=DateInput(), error_messages={"invalid": _("Enter a date, such as 12 Mar 2027.")}
    )

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Put the date into `day`; None for no date."""
        cleaned = super().clean() or {}
        if cleaned.get("to") == TO_NO_DAY:
            self.errors.pop("day", None)
            return {**cleaned, "day": None}
        near = near_days(self.today).get(cleaned.get("to") or "")
        day = near or cleaned.get("day")
        if self.errors:
            return cleaned
        if day is None:
            self.add_error("day", _("Choose a date."))
        elif not self.today <= day <= self.today + LONGEST_AHEAD:
            self.add_error("day", _("Choose today or a later date, within 60 years."))
        return {**cleaned, "day": day}


def near_days(today: date) -> dict[str, date]:
    """Return the near dates that a step can be moved to with one button."""
    return {TO_TODAY: today, TO_TOMORROW: today + timedelta(days=1), TO_WEEK: next_monday(today)}


class SeveralStepsForm(NewDayForm):
    """The chosen steps, and what to do with them: done, drop, or a new date."""

    DO = (("done", pgettext_lazy("step", "Done")), ("drop", _("Drop")), ("move", _("Move")))

    do = forms.ChoiceField(choices=DO, error_messages={"required": _("Choose what to do with the steps.")})
    step = forms.TypedMultipleChoiceField(coerce=int, error_messages={"required": _("Choose at least one step.")})

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, today=today)
        ids = [text for text in data.getlist("step") if text.isdecimal() and len(text) < 19][:MOST_AT_ONCE]
        self.fields["step"].choices = [(text, text) for text in ids]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a date only if the steps move."""
        if self.cleaned_data.get("do") == "move":
            return super().clean()
        self.errors.pop("day", None)
        return self.cleaned_data
