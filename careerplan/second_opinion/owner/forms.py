"""Forms of the owner: what to ask about, and what to make of each difference."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.forms import BaseForm
from careerplan.second_opinion.differences import OpinionDifference
from careerplan.second_opinion.models import MOST_SKILLS, OpinionDecision
from careerplan.second_opinion.proposals import Proposals

Choice = OpinionDecision.Choice


class AskOpinionForm(BaseForm):
    """One to eight skills; those that are proposed are ticked at first."""

    skills = forms.MultipleChoiceField(
        label=gettext_lazy("Skills"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least 1 skill."),
            "invalid_choice": gettext_lazy("Choose skills from the list."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, proposals: Proposals) -> None:
        super().__init__(data, initial={"skills": [str(one.skill_id) for one in proposals.proposed]})
        self.fields["skills"].choices = [(str(one.skill_id), one.name) for one in proposals.all]  # type: ignore[attr-defined]

    def clean_skills(self) -> list[int]:
        """Refuse more than eight."""
        chosen = self.cleaned_data["skills"]
        if len(chosen) > MOST_SKILLS:
            raise forms.ValidationError(
                _("Choose at most %(n)s skills. You chose %(chosen)s.") % {"n": MOST_SKILLS, "chosen": len(chosen)}
            )
        return [int(one) for one in chosen]

    @property
    def ticked(self) -> set[str]:
        """The ids that are ticked now."""
        value = self["skills"].value()
        return {str(one) for one in value} if isinstance(value, list | tuple) else set()


class DecideForm(BaseForm):
    """A choice for each difference, none for later, and whether the mentor sees it."""

    def __init__(self, data: QueryDict | None = None, *, differences: Iterable[OpinionDifference], name: str) -> None:
        self.differences = list(differences)
        super().__init__(data)
        for one in self.differences:
            self.fields[f"choice-{one.pk}"] = forms.ChoiceField(
                label=one.name,
                required=False,
                choices=_choices(one, name),
                initial=one.choice,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Choose one of the levels.")},
            )
            self.fields[f"talk-{one.pk}"] = forms.BooleanField(
                label=_("Talk about it when we meet"), required=False, initial=one.is_shown
            )

    def rows(self) -> list[tuple[OpinionDifference, forms.BoundField, forms.BoundField]]:
        """Return each difference with its two fields."""
        return [(one, self[f"choice-{one.pk}"], self[f"talk-{one.pk}"]) for one in self.differences]

    @property
    def choices(self) -> dict[int, str]:
        """The choice for each difference, by id."""
        return {one.pk: self.cleaned_data[f"choice-{one.pk}"] for one in self.differences}

    @property
    def shown(self) -> set[int]:
        """The differences (ids) that the mentor may see."""
        return {one.pk for one in self.differences if self.cleaned_data[f"talk-{one.pk}"]}


def _choices(one: OpinionDifference, name: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [(Choice.MINE.value, _("Keep mine, %(level)s") % {"level": one.own})]
    if one.middle is not None:
        found.append((Choice.MIDDLE.value, _("Meet at %(level)s") % {"level": one.middle}))
    theirs = _("Take %(name)s’s, %(level)s") % {"name": name, "level": one.theirs}
    return [*found, (Choice.THEIRS.value, theirs)]
