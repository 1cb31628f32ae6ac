"""What an opportunity does to goals, vision, priorities and own criteria."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from careerplan.core.forms import LongTextField
from careerplan.opportunities.forms.seen import SeenForm
from careerplan.opportunities.models import WORDS_LENGTH, GoalEffect, Opportunity, Score
from careerplan.opportunities.queries import Asked
from careerplan.opportunities.services import Weighing


def _score_field(label: Any) -> forms.TypedChoiceField:
    """One of five answers, or none."""
    return forms.TypedChoiceField(
        label=label, choices=Score, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )


class WeighForm(SeenForm):
    """Goals, vision, priorities, own criteria; for and against. Nothing in it is required."""

    vision_score = _score_field(gettext_lazy("How close does it bring you to your vision?"))
    pros = LongTextField(
        label=gettext_lazy("For"), max_length=WORDS_LENGTH, required=False, help_text=gettext_lazy("One reason a line.")
    )
    cons = LongTextField(
        label=gettext_lazy("Against"),
        max_length=WORDS_LENGTH,
        required=False,
        help_text=gettext_lazy("One reason a line."),
    )

    def __init__(self, data: Any, *, opportunity: Opportunity, asked: Asked) -> None:
        said = {name: getattr(opportunity, name) for name in ("vision_score", "pros", "cons")}
        self.opportunity, self.asked = opportunity, asked
        added: dict[str, forms.Field] = {}
        for one in asked.goals:
            name = f"goal_{one.goal.pk}"
            added[name] = forms.ChoiceField(
                label=one.goal.title, choices=GoalEffect.Effect, required=False, widget=forms.RadioSelect
            )
            said[name] = one.effect
        for place, (text, score) in enumerate(asked.priorities):
            added[f"priority_{place}"], said[f"priority_{place}"] = _score_field(text), score
        for criterion, score in asked.criteria:
            name = f"criterion_{criterion.pk}"
            added[name], said[name] = _score_field(criterion.name), score
        # A goal that builds what is asked for is proposed to be served; nothing is kept before it is saved.
        proposed = {f"goal_{one.goal.pk}": "serves" for one in asked.goals if one.shared and not one.effect}
        super().__init__(data, initial={**said, **proposed})
        for name, field in added.items():
            self.fields[name] = field
            field.plain_label = field.label  # type: ignore[attr-defined]
        for name in ("vision_score", "pros", "cons"):  # nothing here is required: no need to say it
            self.fields[name].label = self.base_fields[name].label
        self.hold_against(said)

    @property
    def goal_rows(self) -> list[tuple[forms.BoundField, list[str], bool]]:
        """The fields of the goals, each with the skills that it builds and that are asked for, and whether an answer is
        proposed.
        """
        return [
            (self[f"goal_{one.goal.pk}"], one.shared, bool(one.shared and not one.effect)) for one in self.asked.goals
        ]

    @property
    def priority_rows(self) -> list[forms.BoundField]:
        """The fields of the priorities."""
        return [self[f"priority_{place}"] for place in range(len(self.asked.priorities))]

    @property
    def criterion_rows(self) -> list[tuple[forms.BoundField, int]]:
        """The fields of the criteria with their weights."""
        return [(self[f"criterion_{criterion.pk}"], criterion.weight) for criterion, _score in self.asked.criteria]

    def answers(self) -> Weighing:
        """What was said, for the service."""
        data = self.cleaned_data
        return Weighing(
            pros=data["pros"],
            cons=data["cons"],
            vision_score=data["vision_score"],
            effects={one.goal.pk: data[f"goal_{one.goal.pk}"] for one in self.asked.goals},
            priorities={text: data[f"priority_{place}"] for place, (text, _score) in enumerate(self.asked.priorities)},
            criteria={row.pk: data[f"criterion_{row.pk}"] for row, _score in self.asked.criteria},
        )
