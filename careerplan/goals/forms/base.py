"""Field options and mixins that the forms of goals share."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm
from careerplan.goals.models import Goal
from careerplan.goals.queries.workload import StepEffort, WorkloadCheck
from careerplan.goals.texts import workload_question

NUMBER_LIMITS: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}
FAR_YEARS = 80  # longer than anyone plans ahead: a slip, such as 2207 for 2027
REOPEN = "reopen"  # the button of goals/_closed_meanwhile.html
NUMBER_WIDGET = {"inputmode": "decimal", "class": "cp-num"}


class ActiveGoalForm(BaseForm):
    """A form that changes a goal, which may be closed in another tab.

    Then it is invalid unless the user chose to reopen the goal (goals/_closed_meanwhile.html), and what was typed stays
    on the page.
    """

    goal: Goal

    def is_valid(self) -> bool:
        """Return whether the form is valid and the goal is open or will be reopened."""
        return not self.is_closed_meanwhile and super().is_valid()

    @property
    def is_closed_meanwhile(self) -> bool:
        """Return whether something was typed for a goal that is now closed."""
        return self.is_bound and not self.goal.is_active and REOPEN not in self.data

    skip_check = is_closed_meanwhile  # edit conflicts are shown once the goal will be reopened

    @property
    def reopens(self) -> bool:
        """Return whether the goal will be reopened once nothing is left to ask."""
        return self.is_bound and not self.goal.is_active and REOPEN in self.data


class ConfirmPastDates(BaseForm):
    """Mixin that asks about a date in the past, or one that nobody plans for, instead of refusing it."""

    confirm_past = forms.BooleanField(label=gettext_lazy("Save with this date"), required=False)
    days_that_may_be_past: tuple[str, ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Ask unless it was confirmed or the date was already stored."""
        cleaned = super().clean() or {}
        days = [(cleaned.get(name), self.initial.get(name)) for name in self.days_that_may_be_past]
        new = [day for day, stored in days if day and day != stored]
        if cleaned.get("confirm_past"):
            return cleaned
        if any(day < self.today for day in new):
            self.add_error("confirm_past", _("This date is in the past. Is that right?"))
        elif any(day.year - self.today.year > FAR_YEARS for day in new):
            words = _("This date is more than %(n)s years away. Is that right?")
            self.add_error("confirm_past", words % {"n": FAR_YEARS})
        return cleaned


class ConfirmWorkload(BaseForm):
    """Mixin that asks before a week gets more than its hours. Without `workload_check` nothing is asked."""

    confirm_load = forms.BooleanField(label=gettext_lazy("Save anyway"), required=False)

    def __init__(self, *args: Any, workload_check: WorkloadCheck | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workload_check = workload_check

    def check_workload(self, effort: StepEffort) -> None:
        """Ask about the week that this step would overload, unless it was confirmed. Call it in `clean`."""
        if self.workload_check is None or effort.due_on is None or self.cleaned_data.get("confirm_load"):
            return
        overfull = self.workload_check(effort)
        if overfull:
            self.add_error("confirm_load", workload_question(overfull))
