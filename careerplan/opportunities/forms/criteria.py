"""What a person weighs every opportunity by."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from careerplan.core.forms import LineField
from careerplan.opportunities.forms.seen import SeenForm
from careerplan.opportunities.models import CRITERIA_MAX, Criterion
from careerplan.opportunities.services import CriterionData

WEIGHTS = [(n, str(n)) for n in range(1, 6)]


class CriteriaForm(SeenForm):
    """What every opportunity is weighed by: up to six lines, each with how much it counts."""

    def __init__(self, data: Any, *, criteria: Sequence[Criterion]) -> None:
        self.criteria = criteria
        said: dict[str, Any] = {}
        for place in range(CRITERIA_MAX):
            row = criteria[place] if place < len(criteria) else None
            said[f"name_{place}"], said[f"weight_{place}"] = (row.name, row.weight) if row else ("", 3)
        super().__init__(data, initial=said)
        for place in range(CRITERIA_MAX):
            words = {"n": place + 1}
            self.fields[f"name_{place}"] = LineField(
                label=_("Criterion %(n)s") % words,
                max_length=80,
                required=False,
                widget=forms.TextInput(attrs={"class": "cp-own-input"}),
            )
            self.fields[f"weight_{place}"] = forms.TypedChoiceField(
                label=_("How much criterion %(n)s counts") % words, choices=WEIGHTS, coerce=int, initial=3
            )
        self.hold_against(said)

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Name and weight, a line each."""
        return [(self[f"name_{place}"], self[f"weight_{place}"]) for place in range(CRITERIA_MAX)]

    def clean(self) -> dict[str, Any]:
        """A criterion is named once."""
        cleaned = super().clean() or {}
        seen: set[str] = set()
        for place in range(CRITERIA_MAX):
            name = cleaned.get(f"name_{place}", "")
            if name and name.casefold() in seen:
                self.add_error(f"name_{place}", _("“%(name)s” is there already. Name it once.") % {"name": name})
            seen.add(name.casefold())
        return cleaned

    def answers(self) -> list[CriterionData]:
        """The lines that are filled in; each stands for the criterion that it showed."""
        data = self.cleaned_data
        return [
            CriterionData(
                name=data[f"name_{place}"],
                weight=data[f"weight_{place}"],
                id=self.criteria[place].pk if place < len(self.criteria) else None,
            )
            for place in range(CRITERIA_MAX)
            if data[f"name_{place}"]
        ]
