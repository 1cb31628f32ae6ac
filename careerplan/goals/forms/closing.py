"""Forms for closing a goal. Every answer is optional."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.edit_conflicts import ConflictForm
from careerplan.core.forms import BaseForm, LongTextField, NumberField
from careerplan.goals.forms.base import NUMBER_LIMITS, NUMBER_WIDGET, ActiveGoalForm
from careerplan.goals.models import Goal
from careerplan.goals.services.closing import ClosingNotes

WORTH = [
    (1, gettext_lazy("Not at all")),
    (2, gettext_lazy("A little")),
    (3, gettext_lazy("Partly")),
    (4, gettext_lazy("Mostly")),
    (5, gettext_lazy("Fully")),
]


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
        choices=WORTH,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def ask_for_figure(self, goal: Goal) -> None:
        """Ask for the final number if the goal is measured with one."""
        if goal.measure_kind == Goal.MeasureKind.NUMBER:
            counted = _("In %(unit)s. We save it as today's progress.") % {"unit": goal.unit}
            self.fields["final_value"].help_text = counted
        else:
            del self.fields["final_value"]


class ClosingForm(ActiveGoalForm, ConflictForm, EndingForm):
    """Form for closing a goal in the app, filled in from an earlier closing."""

    outcome: Goal.State
    newest: Decimal | None

    @classmethod
    def of_goal(cls, goal: Goal, data: Any, *, outcome: Goal.State, newest: Decimal | None) -> "ClosingForm":
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
        form.check_conflicts(cls.field_values(goal))
        return form

    @staticmethod
    def field_values(goal: Goal) -> dict[str, Any]:
        """Return values of a goal by field name."""
        return {name: getattr(goal, name) for name in ("closing_note", "learned", "worth")}

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
        )
