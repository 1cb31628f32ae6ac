"""Forms that close a goal, in the app and from a link in an email."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, LongTextField, NumberField
from careerplan.core.numbers import is_percentage
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET, ActiveGoalForm
from careerplan.goals.models import ActionStep, Evaluation, Goal
from careerplan.goals.services.goals import ClosingNotes

MOST_STEPS_ASKED = 30  # open steps in the closing form; more stay open


class EndingForm(BaseForm):
    """Fields for how a goal ended, what was learned, and whether it was worth it."""

    final_value = NumberField(
        label=gettext_lazy("Where you are now"),
        required=False,
        widget=forms.TextInput(attrs={**NUMBER_WIDGET, "class": "cp-num cp-input-num"}),
        **NUMBER_LIMITS,
    )
    closing_note = LongTextField(label=gettext_lazy("How did it go?"), max_length=4000, required=False)
    learned = LongTextField(label=gettext_lazy("What did you learn?"), max_length=4000, required=False)
    worth = forms.TypedChoiceField(
        label=gettext_lazy("Was it worth it?"),
        choices=Evaluation.Worth.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def ask_for_figure(self, goal: Goal) -> None:
        """Ask for the final number if the goal is measured with one."""
        if goal.measure_kind == Goal.MeasureKind.NUMBER:
            counted = _("In %(unit)s. We save it as today's progress.")
            if is_percentage(goal.unit):
                counted = _("A percentage. We save it as today's progress.")
            self.fields["final_value"].help_text = counted % {"unit": goal.unit}
        else:
            del self.fields["final_value"]


class StepEnd(models.TextChoices):
    """What becomes of an open step when its goal is closed."""

    DONE = "done", gettext_lazy("Done")
    LEAVE = "leave", gettext_lazy("Leave open")
    DROP = "drop", gettext_lazy("Drop")


@dataclass(frozen=True)
class ClosingStepRow:
    """An open step in the closing form, with its field."""

    step: ActionStep
    field: forms.BoundField


class ClosingForm(ActiveGoalForm, ConflictForm, EndingForm):
    """Form for closing a goal in the app, filled in from an earlier closing, and what becomes of its open steps."""

    outcome: Goal.State
    newest: Decimal | None
    open_steps: Sequence[ActionStep] = ()

    @classmethod
    def of_goal(
        cls,
        goal: Goal,
        data: Any,
        *,
        outcome: Goal.State,
        newest: Decimal | None,
        open_steps: Sequence[ActionStep] = (),
    ) -> "ClosingForm":
        """Return the form with the notes of an earlier closing, and the final number as far as it is known.

        For a reached goal that is the target, unless the newest entry is beyond it; else the newest entry.
        """
        figure = newest
        if outcome == Goal.State.REACHED and goal.target_value is not None and goal.start_value is not None:
            beyond = max if goal.target_value > goal.start_value else min
            figure = goal.target_value if newest is None else beyond(newest, goal.target_value)
        final = None if figure is None else f"{figure.normalize():f}"
        form = cls(data, initial={**cls.field_values(goal), "final_value": final})
        form.goal, form.outcome, form.newest = goal, outcome, newest
        form.ask_for_figure(goal)
        form.ask_about_steps(open_steps)
        form.check_conflicts(cls.field_values(goal))
        return form

    @staticmethod
    def field_values(goal: Goal) -> dict[str, Any]:
        """Return values of a goal by field name."""
        return {name: getattr(goal, name) for name in ("closing_note", "learned", "worth")}

    def ask_about_steps(self, open_steps: Sequence[ActionStep]) -> None:
        """Add a question for each open step, MOST_STEPS_ASKED at most."""
        self.open_steps = open_steps[:MOST_STEPS_ASKED]
        for step in self.open_steps:
            self.fields[f"step-{step.pk}"] = forms.ChoiceField(
                label=step.title, choices=StepEnd, required=False, widget=forms.RadioSelect
            )

    @property
    def step_rows(self) -> list[ClosingStepRow]:
        """Return the open steps with their fields."""
        return [ClosingStepRow(step, self[f"step-{step.pk}"]) for step in self.open_steps]

    def _steps_that(self, end: StepEnd) -> frozenset[int]:
        return frozenset(step.pk for step in self.open_steps if self.cleaned_data.get(f"step-{step.pk}") == end)

    @property
    def is_said(self) -> bool:
        """Return whether the goal is already closed with these answers, as after a second click."""
        if self.goal.state != self.outcome or self.errors:
            return False
        said = {**self.field_values(self.goal), "final_value": self.newest}
        return all(answer in (None, "", said[name]) for name, answer in self.cleaned_data.items() if name in said)

    def notes(self) -> ClosingNotes:
        """Return the closing notes for the service."""
        data = self.cleaned_data
        return ClosingNotes(
            closing_note=data["closing_note"],
            learned=data["learned"],
            worth=data["worth"],
            final_value=data.get("final_value"),
            steps_done=self._steps_that(StepEnd.DONE),
            steps_dropped=self._steps_that(StepEnd.DROP),
        )
