"""A page of skills to rate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.core.http import parse_id
from careerplan.skills import questions as q
from careerplan.skills.forms.base import LEVEL_CHOICES, UNSURE, WizardForm, radio
from careerplan.skills.models import Level
from careerplan.skills.pages import ANCHORS
from careerplan.skills.services import save_ratings

PREFIX = "skill-"
CHOICES: list[tuple[str, q.Text]] = [*LEVEL_CHOICES, (UNSURE, q.NOT_SURE)]


@dataclass(frozen=True, slots=True)
class LevelOption:
    """One level of one skill, with what somebody at it would say."""

    value: str
    label: str
    example: str
    is_anchor: bool
    is_checked: bool


@dataclass(frozen=True, slots=True)
class RatingRow:
    """One skill as its fieldset shows it."""

    skill: Skill
    field: forms.BoundField
    options: list[LevelOption]
    is_unsure: bool
    last_on: date | None
    unsure_example: q.Text = q.NOT_SURE_EXAMPLE


def posted_skills(data: Mapping[str, str]) -> set[int]:
    """The ids of the skills that were answered."""
    found = (parse_id(name.removeprefix(PREFIX)) for name in data if name.startswith(PREFIX))
    return {key for key in found if key is not None}


class RatingsForm(WizardForm):
    """A level, or "not sure", for each skill of the page. Nothing is chosen beforehand."""

    prefixes = (PREFIX,)

    def stored(self) -> dict[str, Any]:
        """The ratings so far."""
        known = [rating for skill in self.page.skills if (rating := self.answers.ratings.get(skill.pk))]
        return {f"{PREFIX}{r.skill_id}": UNSURE if r.level is None else str(r.level) for r in known}

    def add_fields(self) -> None:
        """One a skill."""
        message = gettext_lazy("Choose a level, or “Not sure”.")
        for skill in self.page.skills:
            field = radio(skill.name, CHOICES, required=message)
            field.error_messages["invalid_choice"] = message
            self.fields[f"{PREFIX}{skill.pk}"] = field

    def rows(self) -> Iterator[RatingRow]:
        """The skills as the template shows them."""
        for skill in self.page.skills:
            field = self[f"{PREFIX}{skill.pk}"]
            value = field.value()
            options = [_option(skill, level, value) for level in Level]
            yield RatingRow(skill, field, options, value == UNSURE, self._last_on(skill))

    def _last_on(self, skill: Skill) -> date | None:
        """The day of an answer that is the last assessment's and waits to be confirmed."""
        rating = self.answers.ratings.get(skill.pk)
        return localdate(rating.confirmed_at) if rating and self.answers.is_from_before(rating) else None

    @property
    def is_again(self) -> bool:
        """Whether an answer of the last assessment waits here."""
        return any(self._last_on(skill) for skill in self.page.skills)

    def save(self) -> None:
        """Write the levels that were chosen; what was not touched stays as it is.

        An answer of the last assessment that stands as it was is confirmed by going on, and by nothing else.
        """
        chosen = {skill: answer for skill, answer in self.skill_fields(PREFIX) if self._is_said(skill, answer)}
        levels = {skill: None if answer == UNSURE else int(answer) for skill, answer in chosen.items()}
        save_ratings(assessment=self.answers.assessment, levels=levels, now=self.now)

    def _is_said(self, skill_id: int, answer: str) -> bool:
        rating = self.answers.ratings.get(skill_id)
        waits = rating is not None and self.answers.is_from_before(rating)
        stands = waits and answer == self.rows_say.get(f"{PREFIX}{skill_id}")
        return bool(answer) and (self.complete or not stands)


def _option(skill: Skill, level: Level, chosen: str | None) -> LevelOption:
    value = str(level.value)
    return LevelOption(value, str(level.label), skill.example(level), level in ANCHORS, value == chosen)
