"""Forms of pauses, of catching up, of a new plan and of the date of a snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.dates import next_monday
from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, DateInput, LineField, LongTextField
from careerplan.goals.models import ActionStep, Goal
from careerplan.planning.queries.catch_up import LateItems
from careerplan.planning.services.catch_up import (
    FOR_ALL,
    Answer,
    CatchUp,
    GoalAnswer,
    RepeatAnswer,
    StepAnswer,
    plan_catch_up,
)
from careerplan.planning.services.pauses import MOST_DAYS
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


PICK_A_DAY = "day"  # of both kinds of answer
LONGEST_AHEAD = timedelta(days=366 * 60)


@dataclass(frozen=True)
class CatchUpRow:
    """A late goal or step with its fields: the answer, its day, and the due date on the page. `words`: progress."""

    item: Goal | ActionStep
    words: str
    answer: forms.BoundField
    day: forms.BoundField
    due_on: forms.BoundField


class CatchUpForm(ConflictForm):
    """An answer for each late goal and step; one without an answer takes that for all of its kind, or stays. What was
    not on the page stays.

    The due date on the page comes with each answer: what moved in another tab is not moved again. `confirmed`: the
    changes were shown. `spread`: steps for next week are laid over the weeks that have room.
    """

    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
    spread = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, late: LateItems, today: date) -> None:
        self.posted = frozenset(data or ())  # before the check puts in what it finds
        super().__init__(data)
        self.late, self.today = late, today
        for kind, answers, rows in (("goal", GoalAnswer, late.goals), ("step", StepAnswer, late.steps)):
            if rows:
                self._add_answer(f"all-{kind}s", answers, "")
            for row in rows:
                own = RepeatAnswer if isinstance(row, ActionStep) and row.repeats else answers
                self._add_answer(f"{kind}-{row.pk}", own, row.title)
                self.fields[f"{kind}-{row.pk}-due_on"] = forms.DateField(
                    label=row.title, widget=forms.HiddenInput, initial=row.due_on, required=False
                )
        self.check_conflicts(
            {f"goal-{row.pk}-due_on": row.due_on for row in late.goals}
            | {f"step-{row.pk}-due_on": row.due_on for row in late.steps}
        )

    def _add_answer(self, name: str, answers: type[TextChoices], label: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=answers.choices,
            required=False,
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": gettext_lazy("Choose one of the answers.")},
        )
        self.fields[f"{name}-day"] = forms.DateField(
            label=gettext_lazy("New date"),
            required=False,
            initial=next_monday(self.today),
            widget=DateInput(attrs={"class": "cp-input-date"}),
            error_messages={"invalid": gettext_lazy("Enter a date, such as 12 Mar 2027.")},
        )

    def clean(self) -> dict[str, Any]:
        """Require a date that is not past where a day is to be picked."""
        cleaned = super().clean()
        for name in [name for name in self.fields if f"{name}-day" in self.fields]:
            day = cleaned.get(f"{name}-day")
            if cleaned.get(name) != PICK_A_DAY or f"{name}-day" in self.errors:
                continue
            if day is None:
                self.add_error(f"{name}-day", _("Choose a date."))
            elif not self.today <= day <= self.today + LONGEST_AHEAD:
                self.add_error(f"{name}-day", _("Choose today or a later date, within 60 years."))
        return cleaned

    @property
    def goal_rows(self) -> Iterator[CatchUpRow]:
        """Return the late goals with their fields."""
        return self._rows("goal", self.late.goals)

    @property
    def step_rows(self) -> Iterator[CatchUpRow]:
        """Return the late steps with their fields."""
        return self._rows("step", self.late.steps)

    def _rows(self, kind: str, rows: list[Any]) -> Iterator[CatchUpRow]:
        for row in rows:
            name = f"{kind}-{row.pk}"
            progress = self.late.rows[row.pk].words if kind == "goal" else ""
            yield CatchUpRow(row, progress, self[name], self[f"{name}-day"], self[f"{name}-due_on"])

    @property
    def all_goals(self) -> forms.BoundField | None:
        """Return the field of the answer for all late goals, if there are several."""
        return self["all-goals"] if len(self.late.goals) > 1 else None

    @property
    def all_steps(self) -> forms.BoundField | None:
        """Return the field of the answer for all late steps, if there are several."""
        return self["all-steps"] if len(self.late.steps) > 1 else None

    @property
    def all_goals_day(self) -> forms.BoundField:
        """Return the field of the date for all late goals."""
        return self["all-goals-day"]

    @property
    def all_steps_day(self) -> forms.BoundField:
        """Return the field of the date for all late steps."""
        return self["all-steps-day"]

    def updates(self) -> CatchUp:
        """Return what the answers change, without what moved in another tab."""
        goals = {goal: found for goal in self.late.goals if (found := self._answer("goal", goal))}
        steps = {step: found for step in self.late.steps if (found := self._answer("step", step))}
        return plan_catch_up(goals, steps, self.today)

    def _answer(self, kind: str, row: Goal | ActionStep) -> Answer | None:
        own = f"{kind}-{row.pk}"
        if f"{own}-due_on" not in self.posted or f"{own}-due_on" in self.auto_merged:
            return None
        name = own if self.cleaned_data.get(own) else f"all-{kind}s"
        choice = self.cleaned_data.get(name)
        if not choice:
            return None
        if name != own and isinstance(row, ActionStep) and row.repeats:
            choice = FOR_ALL.get(choice, choice)
        return Answer(choice, self.cleaned_data[f"{name}-day"] if choice == PICK_A_DAY else None)

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        """Return what the page of the check sends again: the answers, with their days and the dates on the page."""
        names = [name for name in self.fields if f"{name}-day" in self.fields and self.data.get(name)]
        on_page = [name for name in self.fields if name.endswith("-due_on") and name in self.posted]
        unmoved = [name for name in on_page if name not in self.auto_merged]
        sent = ["shown", "spread", *(name + end for name in names for end in ("", "-day")), *unmoved]
        return [(name, str(self.data[name])) for name in sent if name in self.data]

    @property
    def count_left_out(self) -> int:
        """Return how many answers were for goals and steps that have changed in another tab since."""
        gone = [
            name
            for name, value in self.data.items()
            if value
            and name.rpartition("-")[0] in ("goal", "step")
            and not (name in self.fields and f"{name}-due_on" in self.posted)
        ]
        return len(gone) + len(self.auto_merged)


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
        error_messages={"required": gettext_lazy("Choose a date.")},
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
