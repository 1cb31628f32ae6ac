"""Forms for skills to learn, and for an own skill."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.core.forms import BaseForm, LineField
from careerplan.reading.folding import fold
from careerplan.reading.skill_names import SkillNames
from careerplan.skills import texts
from careerplan.skills.forms.base import CHOOSE_ONE, LEVEL_CHOICES, WizardForm, radio
from careerplan.skills.forms.ratings import level_words
from careerplan.skills.models import Level, Rating
from careerplan.skills.services.own_skills import MOST_OWN_SKILLS, add_own_skill, exceeds_own_skills
from careerplan.skills.services.sorting import choose_skills_to_learn

PREFIX = "learn-"
OWN_NAME_LENGTH = 80
GIVE_A_NAME = gettext_lazy("Enter a name for the skill.")


OWN, LISTED = "own", "listed"


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An own skill, and the name of the skill of our list that is close to it; blank without one."""

    skill: Skill
    close: str


@dataclass(frozen=True, slots=True)
class LearnRow:
    """A skill to tick, with the reason why it is listed."""

    field: forms.BoundField
    note: str


class LearnForm(WizardForm):
    """Form with a checkbox for each rated skill, and a field for an own skill.

    If our list has the typed skill under another name, the form asks which of the two is meant.
    """

    prefixes = (PREFIX,)
    own_name = LineField(
        label=texts.OWN_SKILL,
        max_length=OWN_NAME_LENGTH,
        required=False,
        error_messages={"required": GIVE_A_NAME},
    )
    own_level = forms.ChoiceField(
        label=texts.OWN_LEVEL,
        choices=[("", texts.NOT_SURE), *((value, f"{value} {label}") for value, label in LEVEL_CHOICES)],
        required=False,
        error_messages={"invalid_choice": CHOOSE_ONE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own_name"].required = self.go == "add"
        if self.listed is not None:
            self.fields["own_or_listed"].required = self.go in {"add", "next"}
        self.unmark_optional("own_name", "own_level", "own_or_listed")

    def _ratings(self) -> list[Rating]:
        """Return ratings: largest gaps that matter first, then weaknesses, then the lowest levels."""
        return sorted(
            self.answers.ratings.values(),
            key=lambda r: (
                -self._gap(r),
                r.category != Rating.Category.WEAKNESS,
                9 if r.level is None else r.level,
                r.skill.name,
            ),
        )

    def _gap(self, rating: Rating) -> float:
        """Return the weighted gap to the target role, as in the results; 0 if there is none or it is unknown."""
        need = self.answers.needs.get(rating.skill_id)
        if need is None or not need.is_needed or rating.level is None:
            return 0.0
        return need.weighted_gap(rating.level)

    def stored(self) -> dict[str, Any]:
        """Return which skills were ticked."""
        return {f"{PREFIX}{rating.skill_id}": bool(rating.wants_to_learn) for rating in self._ratings()}

    def add_fields(self) -> None:
        """Add a field for each rated skill."""
        for rating in self._ratings():
            widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
            self.fields[f"{PREFIX}{rating.skill_id}"] = forms.BooleanField(
                label=rating.skill.name, required=False, widget=widget
            )
        if self.listed is not None:
            choices = [
                (LISTED, _("%(name)s, from our list") % {"name": self.listed.name}),
                (OWN, _("“%(name)s”, as a skill of my own") % {"name": self._typed_name}),
            ]
            question = _("Our list has this skill under another name. Which one do you want to add?")
            self.fields["own_or_listed"] = radio(_("Skill to add"), choices, required=question)

    @property
    def _typed_name(self) -> str:
        return " ".join(str(self.data.get("own_name") or "").split())[:OWN_NAME_LENGTH]

    @cached_property
    def _names(self) -> tuple[SkillNames, dict[int, Skill]]:
        """Return our list by its names. One query."""
        skills = list(Skill.objects.catalogue())
        return SkillNames((skill.pk, skill.name, skill.key) for skill in skills), {one.pk: one for one in skills}

    @cached_property
    def listed(self) -> Skill | None:
        """Return the skill of our list that the typed name is another name of; None for its own name."""
        if not self._typed_name or self.is_autosave:
            return None
        names, skills = self._names
        found = skills.get(names.named(self._typed_name) or 0)
        return None if found is None or fold(found.name) == fold(self._typed_name) else found

    def clean_own_name(self) -> str:
        """Refuse more own skills than the limit."""
        name: str = self.cleaned_data["own_name"]
        if name and exceeds_own_skills(self.answers.assessment.user, name):
            message = _("You have added %(n)s skills. You cannot add more.") % {"n": MOST_OWN_SKILLS}
            raise forms.ValidationError(message, code="too_many")
        return name

    def _rows(self, *, proposed: bool) -> list[LearnRow]:
        return [
            LearnRow(self[f"{PREFIX}{rating.skill_id}"], self._note(rating))
            for rating in self._ratings()
            if (self.answers.is_suggested_to_learn(rating) or rating.skill.is_own) == proposed
        ]

    def _note(self, rating: Rating) -> str:
        """Return the level in words, the level needed, and whether it is marked as a weakness."""
        if rating.level is None:
            return _("not sure")
        words = level_words(Level(rating.level), self.answers.needs.get(rating.skill_id))
        return _("%(level)s, a weakness") % {"level": words} if rating.category == Rating.Category.WEAKNESS else words

    def proposed(self) -> list[LearnRow]:
        """Return skills rated low, marked as a weakness, or added by the user."""
        return self._rows(proposed=True)

    def own(self) -> list[OwnRow]:
        """Return the skills that the user added and that are asked about or rated here, by name. At most one query."""
        skills = [*self.answers.skills, *(rating.skill for rating in self.answers.ratings.values())]
        own = sorted({skill for skill in skills if skill.is_own}, key=lambda skill: skill.name)
        return [OwnRow(skill, self._close_to(skill.name)) for skill in own]

    def _close_to(self, name: str) -> str:
        names, skills = self._names
        found = skills.get(names.named(name) or names.meant(name) or 0)
        return found.name if found else ""

    def others(self) -> list[LearnRow]:
        return self._rows(proposed=False)

    def others_open(self) -> bool:
        """Return whether one of the others is ticked."""
        return any(row.field.value() for row in self.others())

    def is_any_ticked(self) -> bool:
        """Return whether a skill is ticked, so that the list of a quick assessment is not folded."""
        return any(row.field.value() for row in (*self.proposed(), *self.others()))

    @property
    def count(self) -> int:
        """Return how many skills there are to choose from."""
        return len(self.answers.ratings)

    def is_own_open(self) -> bool:
        """Return whether the fields of an own skill are used, so that they are not folded."""
        fields = (self["own_name"], self["own_level"])
        return self.go == "add" or any(field.errors or field.value() for field in fields)

    def save(self) -> None:
        """Save the ticks, then a valid own skill.

        In an autosave, an untouched checkbox is not an answer, and an incomplete name adds no skill.
        """
        draft = self.answers.assessment
        wanted = {skill for skill, ticked in self.skill_fields(PREFIX) if ticked}
        decided = {skill for skill, rating in self.answers.ratings.items() if rating.wants_to_learn is not None}
        among = wanted | decided if self.is_autosave else None
        choose_skills_to_learn(assessment=draft, wanted=wanted, among=among, now=self.now)
        name = "" if self.is_autosave or "own_or_listed" in self.errors else self.cleaned_data.get("own_name")
        if name and "own_level" in self.cleaned_data:
            if self.listed is not None and self.cleaned_data.get("own_or_listed") == LISTED:
                name = self.listed.name
            level = self.cleaned_data["own_level"]
            add_own_skill(assessment=draft, name=name, level=int(level) if level else None, now=self.now)


class OwnSkillForm(BaseForm):
    """Form for renaming an own skill; a name in use would make a duplicate."""

    name = LineField(label=texts.OWN_SKILL, max_length=OWN_NAME_LENGTH, error_messages={"required": GIVE_A_NAME})

    def __init__(self, *args: Any, skill: Skill, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": skill.name}, **kwargs)
        self.skill = skill

    def clean_name(self) -> str:
        """Refuse the name of another visible skill."""
        name: str = self.cleaned_data["name"]
        others = Skill.objects.exclude(pk=self.skill.pk)
        if self.skill.owner is not None and others.visible_to(self.skill.owner).named(name).exists():
            raise name_taken()
        return name


def name_taken() -> forms.ValidationError:
    """Return the error for a name that the user or our list uses already."""
    message = _("You already have a skill with this name. Choose another name, or delete this skill.")
    return forms.ValidationError(message, code="unique")
