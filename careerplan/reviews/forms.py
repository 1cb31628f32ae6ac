"""The forms of a review. Nothing in them is required: what is said is kept, what is left open can be said later."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LongTextField, NumberField
from careerplan.core.numbers import format_number
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET
from careerplan.goals.models import Goal
from careerplan.goals.queries.progress import newest_value
from careerplan.reviews.models import ANSWER_LENGTH, NOTE_LENGTH, Review, ReviewGoal, ReviewRhythm, mark_of
from careerplan.reviews.rhythm import Cadence, first_date
from careerplan.reviews.services import GoalAnswers

FARTHEST_YEARS = 2
TYPED_LENGTH = 40
UNHEARD_MOST = 20


class ReviewForm(BaseForm):
    """A page of a review. It carries a mark of the answers that it was made from, to notice other tabs."""

    names: tuple[str, ...] = ()

    def seen(self) -> set[str]:
        """The marks of the answers that the page knows of: those it was made from, and those that it sent itself
        without hearing whether they arrived (static/js/autosave.js).
        """
        marks = {self.data.get("version", "")}
        unheard = self.data.getlist("unheard") if isinstance(self.data, QueryDict) else []
        for sent in unheard[:UNHEARD_MOST]:
            earlier = self.again(QueryDict(sent))
            if earlier.is_valid():
                marks.add(mark_of(earlier.cleaned_data[name] for name in self.names))
        return marks

    def again(self, data: QueryDict) -> "ReviewForm":
        """The same form with other answers."""
        raise NotImplementedError


class GoalForm(ReviewForm):
    """One goal: where it stands, whether it is on track, what is decided, and why."""

    value = NumberField(
        label=gettext_lazy("Where does it stand now?"),
        required=False,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "form-control cp-input-num cp-num"}),
        error_messages={"invalid": gettext_lazy("Enter a number, such as 35 or 3.5.")},
        **NUMBER_LIMITS,
    )
    verdict = forms.ChoiceField(
        label=gettext_lazy("Is it on track?"),
        choices=ReviewGoal.Verdict,
        required=False,
        widget=forms.RadioSelect,
    )
    decision = forms.ChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=ReviewGoal.Decision,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    note = LongTextField(
        label=gettext_lazy("Why, or a note to yourself"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control cp-own-input"}),
    )

    names = ReviewGoal.ANSWERS

    def __init__(self, data: Any, *, row: ReviewGoal, goal: Goal) -> None:
        self.row, self.goal = row, goal
        newest = format_number(newest_value(goal)) if goal.way and goal.is_active else ""
        self.newest = newest
        initial = {name: getattr(row, name) for name in ReviewGoal.ANSWERS}
        super().__init__(data, initial={**initial, "value": row.typed or newest})
        self.fields["value"].label = self.base_fields["value"].label  # filled in already, so not "optional"
        if not newest:
            del self.fields["value"]
        elif self.waiting:
            self.fields["value"].widget.attrs["aria-describedby"] = "value-waits"

    @property
    def waiting(self) -> str:
        """Why the figure that was typed here earlier is not recorded yet; "" where none waits or the form says it."""
        if self.is_bound or not self.row.typed or "value" not in self.fields:
            return ""
        try:
            self.fields["value"].clean(self.row.typed)
        except ValidationError as reason:
            return _("Not recorded: %(reason)s") % {"reason": reason.messages[0]}
        return _("Not recorded yet. It is as soon as you go on from here.")

    def again(self, data: QueryDict) -> "GoalForm":
        """The same form with other answers."""
        return GoalForm(data, row=self.row, goal=self.goal)

    def answers(self, *, leaving: bool) -> GoalAnswers:
        """What was entered, as far as it can be kept. A figure counts as given once the person leaves the page."""
        data = self.cleaned_data
        value = data.get("value") if leaving else None
        typed = self.data.get("value", "").strip()[:TYPED_LENGTH]
        stays = "value" in self.fields and typed != self.newest and value is None
        given = {name: data.get(name, self.initial[name]) for name in ReviewGoal.ANSWERS}
        return GoalAnswers(**given, value=value, typed=typed if stays else "")


class QuestionsForm(ReviewForm):
    """The three questions about the plan as a whole."""

    went_well = LongTextField(label=gettext_lazy("What went well?"), max_length=ANSWER_LENGTH, required=False)
    got_in_the_way = LongTextField(label=gettext_lazy("What got in the way?"), max_length=ANSWER_LENGTH, required=False)
    next = LongTextField(label=gettext_lazy("What is next?"), max_length=ANSWER_LENGTH, required=False)

    names = Review.QUESTIONS

    def __init__(self, data: Any, *, review: Review) -> None:
        self.review = review
        super().__init__(data, initial={name: getattr(review, name) for name in Review.QUESTIONS})
        for name in Review.QUESTIONS:
            self.fields[name].label = self.base_fields[name].label  # nothing here is required: no need to say it

    def again(self, data: QueryDict) -> "QuestionsForm":
        """The same form with other answers."""
        return QuestionsForm(data, review=self.review)

    def answers(self) -> dict[str, str]:
        """What was entered, as far as it can be kept."""
        return {name: self.cleaned_data.get(name, self.initial[name]) for name in self.names}


class RhythmForm(BaseForm):
    """How often, and on which day next."""

    cadence = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=Cadence,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        error_messages={"required": gettext_lazy("Choose how often you want to look at your plan.")},
    )
    next_on = forms.DateField(
        label=gettext_lazy("Next review on"),
        required=False,
        widget=DateInput(attrs={"class": "cp-input-date"}),
        help_text=gettext_lazy(
            "The ones after it are counted from this day. Choose a shorter time above and leave this day as it is, "
            "and it moves nearer by itself."
        ),
    )

    def __init__(self, data: Any, *, rhythm: ReviewRhythm, today: date) -> None:
        super().__init__(data, initial={"cadence": rhythm.cadence, "next_on": rhythm.next_on})
        self.today, self.rhythm = today, rhythm
        self.fields["next_on"].label = self.base_fields["next_on"].label  # asked for by the choice above it

    def clean(self) -> dict[str, Any]:
        """Ask for the day where there is a rhythm; from today to two years on. `counted_from` is today where the day
        follows from a new cadence, because nobody touched it.
        """
        cleaned = super().clean() or {}
        day: date | None = cleaned.get("next_on")
        cleaned["counted_from"] = None
        if cleaned.get("cadence") in ("", None, Cadence.NONE):
            cleaned["next_on"] = None
        elif "cadence" in self.changed_data and "next_on" not in self.changed_data:
            cleaned["next_on"] = first_date(Cadence(cleaned["cadence"]), self.today, self.rhythm.next_on)
            cleaned["counted_from"] = self.today if cleaned["next_on"] != self.rhythm.next_on else None
        elif day is None:
            if "next_on" not in self.errors:
                self.add_error("next_on", _("Choose the day of the next review."))
        elif day != self.rhythm.next_on:
            self._check_day(day)
        return cleaned

    def _check_day(self, day: date) -> None:
        words = {"day": date_format(day, "j M Y"), "today": date_format(self.today, "j M Y")}
        if day < self.today:
            self.add_error("next_on", _("%(day)s has passed. Choose today, %(today)s, or a later day.") % words)
        elif (day - self.today).days > FARTHEST_YEARS * 366:
            self.add_error("next_on", _("%(day)s is more than two years away. Choose an earlier day.") % words)
