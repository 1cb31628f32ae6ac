"""Forms for rating skills, and for sorting them into strengths and weaknesses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.core.forms import LineField
from careerplan.core.http import parse_id
from careerplan.skills import texts
from careerplan.skills.fit import SkillNeed
from careerplan.skills.forms.base import LEVEL_CHOICES, UNSURE, WizardForm, radio
from careerplan.skills.models import EVIDENCE_LENGTH, Level, Rating
from careerplan.skills.queries.standing import usual_levels
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.sorting import CategoryChange, save_categories
from careerplan.skills.wizard.pages import ANCHORS

PREFIX = "skill-"
CATEGORY, EVIDENCE = "category-", "evidence-"
MARKS = {Rating.Category.STRENGTH.value, Rating.Category.WEAKNESS.value}
OWN_INPUT = {"class": "cp-own-input"}
CHOICES: list[tuple[str, texts.Text]] = [*LEVEL_CHOICES, (UNSURE, texts.NOT_SURE)]


@dataclass(frozen=True, slots=True)
class LevelOption:
    """A level of a skill, with its example."""

    value: str
    label: str
    example: str
    is_anchor: bool
    is_checked: bool


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A skill as its fieldset shows it."""

    skill: Skill
    field: forms.BoundField
    options: list[LevelOption]
    is_unsure: bool
    last_on: date | None = None
    usual: int | None = None
    usual_words: str = ""
    unsure_example: texts.Text = texts.NOT_SURE_EXAMPLE


def posted_skills(data: Mapping[str, str]) -> set[int]:
    """Return the ids of the answered skills."""
    found = (parse_id(name.removeprefix(PREFIX)) for name in data if name.startswith(PREFIX))
    return {key for key in found if key is not None}


class RatingsForm(WizardForm):
    """Form with a level, or "not sure", for each skill of the page. Nothing is preselected."""

    prefixes = (PREFIX,)

    def stored(self) -> dict[str, Any]:
        known = [rating for skill in self.page.skills if (rating := self.answers.ratings.get(skill.pk))]
        return {f"{PREFIX}{r.skill_id}": UNSURE if r.level is None else str(r.level) for r in known}

    def add_fields(self) -> None:
        """Add a field for each skill."""
        message = gettext_lazy("Choose a level, or choose “Not sure”.")
        for skill in self.page.skills:
            field = radio(skill.name, CHOICES, required=message)
            field.error_messages["invalid_choice"] = message
            self.fields[f"{PREFIX}{skill.pk}"] = field

    def rows(self) -> Iterator[RatingRow]:
        """Return the skills for the template, with what is usual in the current occupation."""
        usual = usual_levels(self.answers.assessment)
        for skill in self.page.skills:
            field = self[f"{PREFIX}{skill.pk}"]
            value = field.value()
            options = level_options(skill, value)
            level = usual.levels.get(skill.pk) if usual else None
            words = ""
            if usual and level is not None:
                words = _("Most %(people)s: %(level)s") % {"people": usual.people, "level": level}
            yield RatingRow(skill, field, options, value == UNSURE, self._last_on(skill), level, words)

    def _last_on(self, skill: Skill) -> date | None:
        """Return the date of an unconfirmed answer from the last assessment."""
        rating = self.answers.ratings.get(skill.pk)
        return localdate(rating.confirmed_at) if rating and self.answers.is_carried_over(rating) else None

    @property
    def is_again(self) -> bool:
        """Return whether the page has an unconfirmed answer from the last assessment."""
        return any(self._last_on(skill) for skill in self.page.skills)

    def save(self) -> None:
        """Save the chosen levels and delete those that were taken back; untouched ones do not change.

        Only continuing confirms an unchanged answer from the last assessment.
        """
        chosen = {skill: answer for skill, answer in self.skill_fields(PREFIX) if self._is_chosen(skill, answer)}
        levels = {skill: None if answer == UNSURE else int(answer) for skill, answer in chosen.items()}
        save_ratings(assessment=self.answers.assessment, levels=levels, taken_back=self._taken_back(), now=self.now)

    def _taken_back(self) -> set[int]:
        """Return the skills (ids) with a stored answer that the page showed and posted without one: after "Undo"."""
        names = {skill.pk: f"{PREFIX}{skill.pk}" for skill in self.page.skills}
        in_conflict = {conflict.name for conflict in self.conflicts}  # another tab answered: nothing is taken back
        return {
            pk
            for pk, name in names.items()
            if self.rows_say.get(name) and not self.data.get(name) and name not in in_conflict
        }

    def _is_chosen(self, skill_id: int, answer: str) -> bool:
        rating = self.answers.ratings.get(skill_id)
        waits = rating is not None and self.answers.is_carried_over(rating)
        stands = waits and answer == self.rows_say.get(f"{PREFIX}{skill_id}")
        return bool(answer) and (self.complete or not stands)


def level_options(skill: Skill, chosen: str | None) -> list[LevelOption]:
    """Return the levels of a skill with their examples, the chosen one ticked."""
    return [
        LevelOption(
            str(level.value), str(level.label), skill.example(level), level in ANCHORS, str(level.value) == chosen
        )
        for level in Level
    ]


@dataclass(frozen=True, slots=True)
class SortRow:
    name: str
    note: str
    category: forms.BoundField
    evidence: forms.BoundField

    @property
    def is_open(self) -> bool:
        """Return whether it is marked or one of its fields has an error."""
        has_errors = bool(self.category.errors or self.evidence.errors)
        return has_errors or self.category.value() in MARKS


def level_words(level: Level, need: SkillNeed | None) -> str:
    """Return the level and the level needed: "1 beginner, 4 needed"."""
    words = level.phrase
    return words if need is None else _("%(level)s, %(need)s needed") % {"level": words, "need": need.level}


class StrengthsForm(WizardForm):
    """Form for marking skills with a level as strength or weakness, with an example.

    Nothing is preselected: what is suggested says why. Continue takes a skill without a mark as neither.
    """

    prefixes = (CATEGORY, EVIDENCE)

    def _ratings(self) -> list[Rating]:
        """Return ratings with the highest level first, so that the strongest are read first."""
        return sorted(self.answers.unsorted, key=lambda r: (-(r.level or 0), r.skill.name))

    def stored(self) -> dict[str, Any]:
        """Return the saved choices."""
        stored: dict[str, Any] = {}
        for rating in self._ratings():
            stored[f"{CATEGORY}{rating.skill_id}"] = rating.category
            stored[f"{EVIDENCE}{rating.skill_id}"] = rating.evidence
        return stored

    def _proposal(self, rating: Rating) -> Rating.Category:
        return self.answers.suggested_category(rating)

    def add_fields(self) -> None:
        """Add two fields for each skill."""
        for rating in self._ratings():
            category = radio(rating.skill.name, Rating.Category.choices)
            category.widget.attrs = {}
            self.fields[f"{CATEGORY}{rating.skill_id}"] = category
            self.fields[f"{EVIDENCE}{rating.skill_id}"] = LineField(
                label=texts.EVIDENCE,
                max_length=EVIDENCE_LENGTH,
                required=False,
                widget=forms.TextInput(attrs=OWN_INPUT),
            )

    def _rows(self, proposed: Rating.Category) -> Iterator[SortRow]:
        for rating in self._ratings():
            if self._proposal(rating) == proposed:
                yield SortRow(
                    rating.skill.name,
                    level_words(Level(rating.level or 0), self.answers.needs.get(rating.skill_id)),
                    self[f"{CATEGORY}{rating.skill_id}"],
                    self[f"{EVIDENCE}{rating.skill_id}"],
                )

    @property
    def has_levels(self) -> bool:
        """Return whether there is a skill with a level to sort."""
        return bool(self._ratings())

    @property
    def count(self) -> int:
        """Return how many skills there are to sort."""
        return len(self._ratings())

    def strengths(self) -> list[SortRow]:
        """Return suggested strengths."""
        return list(self._rows(Rating.Category.STRENGTH))

    def weaknesses(self) -> list[SortRow]:
        """Return suggested weaknesses."""
        return list(self._rows(Rating.Category.WEAKNESS))

    def others(self) -> list[SortRow]:
        return list(self._rows(Rating.Category.NEITHER))

    def others_open(self) -> bool:
        """Return whether one of the others is marked or has an error."""
        return any(row.is_open for row in self.others())

    def is_any_open(self) -> bool:
        """Return whether a skill is marked or has an error, so that the list of a quick assessment is not folded."""
        return any(row.is_open for row in (*self.strengths(), *self.weaknesses(), *self.others()))

    def save(self) -> None:
        """Save valid answers."""
        unmarked = Rating.Category.NEITHER if self.complete else None
        categories = {skill: category or unmarked for skill, category in self.skill_fields(CATEGORY)}
        evidence = dict(self.skill_fields(EVIDENCE))
        changes = {
            rating.skill_id: CategoryChange(categories.get(rating.skill_id), evidence.get(rating.skill_id))
            for rating in self._ratings()
        }
        save_categories(assessment=self.answers.assessment, changes=changes, now=self.now)
