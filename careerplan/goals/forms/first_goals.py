"""Form of the first goals: hours a week, and a form for each goal that is offered."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, DateInput, LineField, NumberField, python_value
from careerplan.core.numbers import format_amount
from careerplan.goals.forms.base import NUMBER_WIDGET
from careerplan.goals.forms.goals import MeasureForm
from careerplan.goals.models import Goal
from careerplan.goals.models.goal import TITLE_LENGTH
from careerplan.goals.schedule import first_step_date
from careerplan.goals.services.first_goals import ChosenGoal
from careerplan.goals.step_ideas import StepIdea
from careerplan.goals.suggestions import GoalIdea
from careerplan.plans.models import HOURS_IN_A_WEEK

OFFER = "offer"  # name of the hidden fields with the keys of the goals on the page
OWN_STEP = "own"


class OfferForm(MeasureForm):
    """A goal that is offered, filled in from its idea: title, measure, due date and first step.

    `due_shown` is the date that we worked out, so that a new calculation keeps a date that the user chose.
    """

    take = forms.BooleanField(required=False)
    due_on = forms.DateField(
        label=gettext_lazy("Due date"),
        widget=DateInput(attrs={"class": "cp-input-date"}),
        error_messages={"required": gettext_lazy("Choose the date by which you want to reach this goal.")},
    )
    due_shown = forms.CharField(widget=forms.HiddenInput, required=False)
    step = forms.ChoiceField(label=gettext_lazy("First step"), widget=forms.RadioSelect)
    own_step = LineField(label=gettext_lazy("Your own first step"), max_length=TITLE_LENGTH, required=False)

    def __init__(self, data: QueryDict | None, *, idea: GoalIdea, due_on: date, place: int, today: date) -> None:
        self.idea, self.today = idea, today
        self.step_due_on = first_step_date(today, place)
        initial = {"title": idea.title, "start_value": "0", **idea.measure()}
        initial |= {"take": True, "due_on": due_on, "due_shown": due_on, "step": idea.steps[0].title}
        super().__init__(data, prefix=idea.key, initial=initial)
        choices = [*((step.title, step.title) for step in idea.steps), (OWN_STEP, _("Something else"))]
        self.fields["step"].choices = choices  # type: ignore[attr-defined]
        self.unmark_optional("own_step")

    @property
    def is_taken(self) -> bool:
        """Return whether it is ticked."""
        return bool(self["take"].value())

    @property
    def shown_title(self) -> str:
        """Return the title as entered; that of the idea if it is blank."""
        return str(self["title"].value() or "").strip() or self.idea.title

    @property
    def measure_text(self) -> str:
        """Return the measure as entered, in words."""
        if self["measure_kind"].value() != Goal.MeasureKind.NUMBER:
            return str(self["done_when"].value() or "")
        target = python_value(self.fields["target_value"], str(self["target_value"].value() or ""))
        unit = str(self["unit"].value() or "")
        return format_amount(target, unit) if isinstance(target, Decimal) else f"{target} {unit}"

    @property
    def due_day(self) -> date | None:
        """Return the due date as entered, if it is one."""
        day = python_value(self.fields["due_on"], self["due_on"].value() or "")
        return day if isinstance(day, date) else None

    @property
    def chosen_step(self) -> StepIdea | None:
        """Return the suggested step that is chosen; None for one in the user's own words."""
        return next((step for step in self.idea.steps if step.title == self["step"].value()), None)

    @property
    def step_text(self) -> str:
        """Return the first step as entered."""
        return self.chosen_step.title if self.chosen_step else str(self["own_step"].value() or "")

    def clean(self) -> dict[str, Any]:
        """Require a due date in the future, and own words if no suggested step is chosen."""
        cleaned = super().clean()
        due_on = cleaned.get("due_on")
        if due_on and due_on <= self.today:
            self.add_error("due_on", _("Choose a date after today."))
        if cleaned.get("step") == OWN_STEP and not cleaned.get("own_step") and "own_step" not in self.errors:
            self.add_error("own_step", _("Enter your first step, or choose another answer."))
        return cleaned

    def hide_errors(self) -> None:
        """Show what was entered without errors, because this goal is not to be saved."""
        self._errors = ErrorDict()

    def chosen_goal(self) -> ChosenGoal:
        """Return the goal with its first step, for the service."""
        entered, step = self.cleaned_data, self.chosen_step
        return ChosenGoal(
            idea=self.idea,
            changes={
                "area": Goal.Area.PROFESSIONAL,
                "title": entered["title"],
                "why": self.idea.why,
                "starts_on": self.today,
                "due_on": entered["due_on"],
                **self.measure_changes(),
            },
            first_step={
                "title": step.title if step else entered["own_step"],
                "kind": step.kind.step_kind if step else "",
                "due_on": min(self.step_due_on, entered["due_on"]),
            },
            resources=step.resources if step else [],
        )


class FirstGoalsForm(BaseForm):
    """The hours a week and the goals on offer."""

    hours_a_week = NumberField(
        label=gettext_lazy("Hours a week you can give"),
        min_value=Decimal("0.5"),
        max_value=HOURS_IN_A_WEEK,
        max_digits=4,
        decimal_places=1,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "cp-num cp-input-num"}),
        error_messages={
            "required": gettext_lazy("Enter the hours a week that you can give, such as 3."),
            "min_value": gettext_lazy("Enter at least half an hour."),
        },
    )

    def __init__(
        self, data: QueryDict | None, *, ideas: Sequence[GoalIdea], hours_a_week: Decimal, today: date
    ) -> None:
        super().__init__(data, initial={"hours_a_week": f"{hours_a_week.normalize():f}"})
        self.today, self.planned_hours = today, hours_a_week
        due_dates = self._due_dates(ideas, hours_a_week)
        self.offers = [
            OfferForm(data, idea=idea, due_on=due_dates[idea.key], place=place, today=today)
            for place, idea in enumerate(ideas)
        ]

    @property
    def taken(self) -> list[OfferForm]:
        """Return the goals that are ticked."""
        return [offer for offer in self.offers if offer.is_taken]

    @property
    def hours(self) -> Decimal:
        """Return the entered hours a week; those of the plan if they are wrong."""
        return self.cleaned_data.get("hours_a_week") or self.planned_hours

    @property
    def is_wrong(self) -> bool:
        """Return whether there is an error to show."""
        return bool(self.errors) or any(offer.errors for offer in self.offers)

    def is_valid_for(self, chosen: Sequence[OfferForm]) -> bool:
        """Return whether the hours and the `chosen` goals may be saved. The others get no errors."""
        for offer in self.offers:
            if offer not in chosen:
                offer.hide_errors()
        if self.is_valid() and not chosen:
            self.add_error(None, _("Tick at least one goal, or choose Not now."))
        return not self.is_wrong

    def hide_errors(self) -> None:
        """Show what was entered without errors."""
        self._errors = ErrorDict()
        for offer in self.offers:
            offer.hide_errors()

    def recalculated(self) -> "FirstGoalsForm":
        """Return this form with the dates that follow from the entered hours.

        A date that the user chose, and everything else that was entered, stays.
        """
        self.is_valid()
        data = QueryDict(mutable=True)
        data.update(self.data)
        ideas = [offer.idea for offer in self.offers]
        new = self._due_dates([offer.idea for offer in self.taken] or ideas, self.hours)
        for offer in self.offers:
            due_on, due_shown = offer.add_prefix("due_on"), offer.add_prefix("due_shown")
            if offer.idea.key in new and data.get(due_on) == data.get(due_shown):
                data[due_on] = data[due_shown] = new[offer.idea.key].isoformat()
        form = FirstGoalsForm(data, ideas=ideas, hours_a_week=self.planned_hours, today=self.today)
        for offer in form.offers:
            offer.hide_errors()
        return form

    def _due_dates(self, ideas: Sequence[GoalIdea], hours_a_week: Decimal) -> dict[str, date]:
        """Return the due dates of goals that start together, by key."""
        totals = [idea.hours for idea in ideas]
        return {idea.key: idea.due_date(hours_a_week, self.today, shared_with=totals) for idea in ideas}

    def hours_to_save(self) -> Decimal | None:
        """Return the hours a week if the user changed them, for the plan."""
        return self.hours if self.hours != self.planned_hours else None
