"""Forms of a review. All answers are optional and can be given later."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import AutosaveForm
from careerplan.core.forms import BaseForm, DateInput, LongTextField, NumberField
from careerplan.core.numbers import format_number
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET
from careerplan.goals.models import Goal
from careerplan.goals.queries.obstacles import IfThenPlan
from careerplan.goals.queries.progress import newest_value
from careerplan.reviews.cadence import Cadence, first_date
from careerplan.reviews.models import ANSWER_LENGTH, NOTE_LENGTH, Review, ReviewGoal, ReviewSchedule
from careerplan.reviews.services import GoalAnswers

FARTHEST_YEARS = 2
UNRECORDED_LENGTH = 40  # characters


class ReviewGoalForm(AutosaveForm):
    """Answers about one goal: its number, whether it is on track, the decision and a note."""

    value = NumberField(
        label=gettext_lazy("What is the number now?"),
        required=False,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "form-control cp-input-num cp-num"}),
        error_messages={"invalid": gettext_lazy("Enter a number, such as 35 or 3.5.")},
        **NUMBER_LIMITS,
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Is it on track?"),
        choices=ReviewGoal.Answer,
        required=False,
        widget=forms.RadioSelect,
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("What do you want to do?"),
        choices=ReviewGoal.Decision,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    obstacle_came = forms.ChoiceField(
        label=gettext_lazy("Did this happen?"),
        choices=ReviewGoal.YesNo,
        required=False,
        widget=forms.RadioSelect,
    )
    plan_used = forms.ChoiceField(
        label=gettext_lazy("Did you use your plan?"),
        choices=ReviewGoal.YesNo,
        required=False,
        widget=forms.RadioSelect,
    )
    note = LongTextField(
        label=gettext_lazy("Reason or note"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control cp-own-input"}),
    )

    def __init__(self, data: Any, *, row: ReviewGoal, goal: Goal, if_then: IfThenPlan | None = None) -> None:
        """Take the row and its goal, and the if-then plan that is asked about."""
        self.row, self.goal, self.if_then = row, goal, if_then
        newest = format_number(newest_value(goal)) if goal.measure_range and goal.is_active else ""
        self.newest = newest
        initial = {name: getattr(row, name) for name in ReviewGoal.ANSWERS}
        super().__init__(data, initial={**initial, "value": row.unrecorded_value or newest})
        self.unmark_optional("value")  # filled in already
        if if_then is None:
            del self.fields["obstacle_came"], self.fields["plan_used"]
        if not newest:
            del self.fields["value"]
        elif self.pending_reason:
            self.fields["value"].widget.attrs["aria-describedby"] = "value-pending"
        self.check_conflicts(row.answers)

    @property
    def obstacle_fields(self) -> list[forms.BoundField]:
        """Return the questions about the if-then plan that it has."""
        if self.if_then is None:
            return []
        return [self["obstacle_came"], *([self["plan_used"]] if self.if_then.obstacle_plan else [])]

    @property
    def pending_reason(self) -> str:
        """Say why the number entered earlier is not recorded; "" where there is none or the form shows its error."""
        if self.is_bound or not self.row.unrecorded_value or "value" not in self.fields:
            return ""
        try:
            self.fields["value"].clean(self.row.unrecorded_value)
        except ValidationError as reason:
            return _("Not recorded: %(reason)s") % {"reason": reason.messages[0]}
        return _("Not recorded yet. Choose “Next goal” to record it.")

    def answers(self, *, leaving: bool) -> GoalAnswers:
        """Return what can be saved. The number is recorded only when the user is `leaving` the page."""
        data = self.cleaned_data
        value = data.get("value") if leaving else None
        entered = self.data.get("value", "").strip()[:UNRECORDED_LENGTH]
        is_unrecorded = "value" in self.fields and entered != self.newest and value is None
        given = {name: data.get(name, self.initial[name]) for name in ReviewGoal.ANSWERS}
        return GoalAnswers(**given, value=value, unrecorded_value=entered if is_unrecorded else "")


class OverallForm(AutosaveForm):
    """The three questions about the whole plan."""

    went_well = LongTextField(label=gettext_lazy("What went well?"), max_length=ANSWER_LENGTH, required=False)
    obstacles = LongTextField(label=gettext_lazy("What got in the way?"), max_length=ANSWER_LENGTH, required=False)
    next = LongTextField(label=gettext_lazy("What is next?"), max_length=ANSWER_LENGTH, required=False)

    def __init__(self, data: Any, *, review: Review) -> None:
        self.review = review
        super().__init__(data, initial={name: getattr(review, name) for name in Review.QUESTIONS})
        self.unmark_optional(*Review.QUESTIONS)  # all are optional
        self.check_conflicts(review.answers)

    def answers(self) -> dict[str, str]:
        """Return what can be saved."""
        return {name: self.cleaned_data.get(name, self.initial[name]) for name in Review.QUESTIONS}


class ScheduleForm(BaseForm):
    """How often the plan is reviewed, and when next."""

    cadence = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=Cadence,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("Choose how often you want to review your plan.")},
    )
    next_on = forms.DateField(
        label=gettext_lazy("Date of the next review"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        help_text=gettext_lazy("We schedule later reviews from this date."),
    )

    def __init__(self, data: Any, *, schedule: ReviewSchedule, today: date) -> None:
        super().__init__(data, initial={"cadence": schedule.cadence, "next_on": schedule.next_on})
        self.today, self.schedule = today, schedule
        self.unmark_optional("next_on")

    def clean(self) -> dict[str, Any]:
        """Require a date within two years, unless no reviews are planned.

        A new cadence with an untouched date sets the date itself and `counted_from` to today.
        """
        cleaned = super().clean() or {}
        day: date | None = cleaned.get("next_on")
        cleaned["counted_from"] = None
        if cleaned.get("cadence") in ("", None, Cadence.NONE):
            cleaned["next_on"] = None
        elif "cadence" in self.changed_data and "next_on" not in self.changed_data:
            cleaned["next_on"] = first_date(Cadence(cleaned["cadence"]), self.today, self.schedule.next_on)
            cleaned["counted_from"] = self.today if cleaned["next_on"] != self.schedule.next_on else None
        elif day is None:
            if "next_on" not in self.errors:
                self.add_error("next_on", _("Choose the date of the next review."))
        elif day != self.schedule.next_on:
            self._check_day(day)
        return cleaned

    def _check_day(self, day: date) -> None:
        days = {"day": date_format(day, "j M Y"), "today": date_format(self.today, "j M Y")}
        if day < self.today:
            self.add_error("next_on", _("%(day)s is in the past. Choose today, %(today)s, or a later date.") % days)
        elif (day - self.today).days > FARTHEST_YEARS * 366:
            self.add_error("next_on", _("%(day)s is more than 2 years away. Choose an earlier date.") % days)
