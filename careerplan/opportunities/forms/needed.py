"""Which skills an opportunity asks for: chosen one by one, or found in its advert."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm, LongTextField
from careerplan.opportunities.adverts import MOST_CHARACTERS, Proposal
from careerplan.opportunities.forms.seen import SeenForm
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries import Match
from careerplan.skills.models import Level

Groups = Sequence[tuple[str, Sequence[tuple[int, str]]]]
LEVELS = [(level.value, f"{level.value} {level.label}") for level in Level if level]


class SkillsForm(SeenForm):
    """The skills that are needed with their levels, and one more."""

    add = forms.TypedChoiceField(label=gettext_lazy("Another skill"), coerce=int, empty_value=None, required=False)
    add_level = forms.TypedChoiceField(
        label=gettext_lazy("Level needed"), choices=LEVELS, coerce=int, empty_value=None, required=False, initial=3
    )

    def __init__(
        self, data: Any, *, opportunity: Opportunity, match: Match, names: dict[int, str], groups: Groups
    ) -> None:
        self.opportunity, self.match = opportunity, match
        said = {f"level_{pk}": level for pk, level in match.levels.items()}
        super().__init__(data, initial=said)
        for pk in match.levels:
            self.fields[f"level_{pk}"] = forms.TypedChoiceField(
                label=names[pk], choices=[("", _("Not needed")), *LEVELS], coerce=int, empty_value=None, required=False
            )
            self.fields[f"level_{pk}"].plain_label = names[pk]  # type: ignore[attr-defined]
        for name in ("add", "add_level"):
            self.fields[name].label = self.base_fields[name].label
        free = [(group, [(pk, name) for pk, name in skills if pk not in match.levels]) for group, skills in groups]
        self.fields["add"].choices = [("", _("Choose a skill")), *[row for row in free if row[1]]]  # type: ignore[attr-defined]
        self.hold_against(said)

    @property
    def level_rows(self) -> list[forms.BoundField]:
        """The fields of the skills that are needed."""
        return [self[f"level_{pk}"] for pk in self.match.levels]

    def levels(self) -> dict[int, int]:
        """What is needed, by skill id."""
        data = self.cleaned_data
        kept = {pk: data[f"level_{pk}"] for pk in self.match.levels if data[f"level_{pk}"]}
        return kept | ({data["add"]: data["add_level"] or 3} if data["add"] else {})


class AdvertForm(BaseForm):
    """The text of an advert."""

    text = LongTextField(
        label=gettext_lazy("The text of the advert"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={
            "required": gettext_lazy("Paste the text of the advert, or go back and choose the skills yourself."),
            "max_length": gettext_lazy(
                "This is longer than 20,000 characters. Paste only the part that says what is asked for."
            ),
        },
    )


class ProposalsForm(BaseForm):
    """What was found in an advert, to be confirmed one by one."""

    def __init__(self, data: QueryDict | None, *, proposals: Sequence[Proposal], levels: Mapping[int, int]) -> None:
        super().__init__(data)
        self.proposals = proposals
        for one in proposals:
            # What is needed already is not asked for again, unless its level differs.
            self.fields[f"take_{one.skill_id}"] = forms.BooleanField(label=one.name, required=False, initial=False)
            self.fields[f"level_{one.skill_id}"] = forms.TypedChoiceField(
                label=_("Level needed"), choices=LEVELS, coerce=int, initial=one.level
            )
        self.levels = levels

    @property
    def rows(self) -> list[tuple[Proposal, forms.BoundField, forms.BoundField, int | None]]:
        """Each proposal with its two fields, and the level that is needed already."""
        return [
            (one, self[f"take_{one.skill_id}"], self[f"level_{one.skill_id}"], self.levels.get(one.skill_id))
            for one in self.proposals
        ]

    def confirmed(self) -> dict[int, int]:
        """The levels of what was ticked, by skill id."""
        data = self.cleaned_data
        ids = [one.skill_id for one in self.proposals]
        return {pk: data[f"level_{pk}"] for pk in ids if data[f"take_{pk}"]}
