"""The name of a skill of one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.core.forms import BaseForm, LineField
from careerplan.skills import questions as q

OWN_NAME_LENGTH = 80
GIVE_A_NAME = gettext_lazy("Give the skill a name.")


class OwnSkillForm(BaseForm):
    """Another name; one that the person sees already would make two of the same."""

    name = LineField(label=q.OWN_SKILL, max_length=OWN_NAME_LENGTH, error_messages={"required": GIVE_A_NAME})

    def __init__(self, *args: Any, skill: Skill, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": skill.name}, **kwargs)
        self.skill = skill

    def clean_name(self) -> str:
        """Not the name of another skill of theirs, or of the catalogue's."""
        name: str = self.cleaned_data["name"]
        others = Skill.objects.exclude(pk=self.skill.pk)
        if self.skill.owner is not None and others.visible_to(self.skill.owner).named(name).exists():
            raise forms.ValidationError(taken())
        return name


def taken() -> str:
    """Why a name is refused."""
    return _("There is a skill of this name already. Choose another name, or delete this skill.")
