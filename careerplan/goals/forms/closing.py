"""What is asked when a goal is closed. All of it may be left out."""

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
    """How a goal ended against its measure, what was learned, and whether it was worth it."""

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
        """Ask for the final figure where one measures the goal."""
        if goal.measure_kind == Goal.MeasureKind.NUMBER:
            counted = _("In %(unit)s. We save it as today's progress.") % {"unit": goal.unit}
            self.fields["final_value"].help_text = counted
        else:
            del self.fields["final_value"]


class ClosingForm(ActiveGoalForm, ConflictForm, EndingForm):
    """The end of a goal, in the app: what was said at an earlier closing stands there."""

    outcome: Goal.State
    newest: Decimal | None

    @classmethod
    def of_goal(cls, goal: Goal, data: Any, *, outcome: Goal.State, newest: Decimal | None) -> "ClosingForm":
        """The form showing what was said at an earlier closing, and the final figure as far as it is known.

        Reached means the target, unless the newest reading is beyond it; else the newest reading stands.
        """
        figure = newest
        if outcome == Goal.State.ACHIEVED and goal.target_value is not None and goal.start_value is not None:
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
        """Values of a goal by the names of the fields."""
        return {name: getattr(goal, name) for name in ("closing_note", "learned", "worth")}

    @property
    def is_said(self) -> bool:
        """Whether the goal is closed just so already: the second of two clicks."""
        if self.goal.state != self.outcome or self.errors:
            return False
        said = {**self.field_values(self.goal), "final_value": self.newest}
        return all(answer in (None, "", said[name]) for name, answer in self.cleaned_data.items() if name in said)

    def notes(self) -> ClosingNotes:
        """What was said, for the service."""
        data = self.cleaned_data
        return ClosingNotes(
            closing_note=data["closing_note"],
            learned=data["learned"],
            worth=data["worth"],
            final_value=data.get("final_value"),
        )
