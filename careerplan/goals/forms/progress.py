"""Form for a progress entry."""

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import DateInput, LineField, NumberField
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET, ActiveGoalForm
from careerplan.goals.models import Goal


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
        self.fields["value"].label = _("Now, in %(unit)s") % {"unit": goal.unit}
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
