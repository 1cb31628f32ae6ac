"""The form of a mentor for one skill."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from careerplan.core.forms import BaseForm, LineField
from careerplan.second_opinion.mentor.queries import CANNOT_JUDGE, AskedSkill
from careerplan.second_opinion.models import EVIDENCE_LENGTH

CHOOSE = _("Choose a sentence, or choose “I cannot judge this”.")


class AskedSkillForm(BaseForm):
    """One level as a sentence, and one line of evidence. Going back or closing requires nothing."""

    level = forms.ChoiceField(
        label=_("Level"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    evidence = LineField(
        label=_("What did you see?"),
        max_length=EVIDENCE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"class": "cp-own-input"}),
    )

    def __init__(self, data: QueryDict | None = None, *, skill: AskedSkill, is_complete: bool = True) -> None:
        super().__init__(data, initial={"level": skill.answer, "evidence": skill.evidence})
        self.fields["level"].choices = [(one.value, one.sentence) for one in skill.levels]  # type: ignore[attr-defined]
        self.fields["level"].required = is_complete

    @property
    def chosen(self) -> bool:
        """Whether an answer was given."""
        return bool(self.cleaned_data.get("level"))

    @property
    def answer(self) -> dict[str, Any]:
        """The answer as the service takes it; level None is "I cannot judge this"."""
        value = self.cleaned_data["level"]
        return {"level": None if value == CANNOT_JUDGE else int(value), "evidence": self.cleaned_data["evidence"]}
