"""Strengths and weaknesses: proposed, decided by the person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from careerplan.core.forms import LineField
from careerplan.skills import questions as q
from careerplan.skills.fit import Need
from careerplan.skills.forms.base import CHOOSE_ONE, WizardForm, radio
from careerplan.skills.models import EVIDENCE_LENGTH, Level, Rating
from careerplan.skills.services import Sorting, sort_skills

VERDICT, EVIDENCE = "verdict-", "evidence-"
OWN_INPUT = {"class": "cp-own-input"}


@dataclass(frozen=True, slots=True)
class SortRow:
    """One skill to sort."""

    name: str
    note: str
    verdict: forms.BoundField
    evidence: forms.BoundField

    @property
    def has_errors(self) -> bool:
        """Whether something in it needs attention."""
        return bool(self.verdict.errors or self.evidence.errors)


def level_words(level: Level, need: Need | None) -> str:
    """The level, and beside it what the target asks for: "1 beginner; 4 needed"."""
    words = f"{level.value} {str(level.label).lower()}"
    return words if need is None else _("%(level)s; %(need)s needed") % {"level": words, "need": need.whole_level}


class StrengthsForm(WizardForm):
    """A verdict and a line of proof for each skill that has a level."""

    prefixes = (VERDICT, EVIDENCE)

    def _ratings(self) -> list[Rating]:
        """Highest level first, so that the strongest are read first."""
        return sorted(self.answers.to_sort, key=lambda r: (-(r.level or 0), r.skill.name))

    def stored(self) -> dict[str, Any]:
        """What was decided."""
        stored: dict[str, Any] = {}
        for rating in self._ratings():
            stored[f"{VERDICT}{rating.skill_id}"] = rating.verdict
            stored[f"{EVIDENCE}{rating.skill_id}"] = rating.evidence
        return stored

    def suggested(self) -> dict[str, Any]:
        """What the level proposes."""
        return {f"{VERDICT}{rating.skill_id}": self._proposal(rating) for rating in self._ratings()}

    def _proposal(self, rating: Rating) -> Rating.Verdict:
        return self.answers.verdict_for(rating)

    def add_fields(self) -> None:
        """Two a skill."""
        for rating in self._ratings():
            verdict = radio(rating.skill.name, Rating.Verdict.choices, required=CHOOSE_ONE)
            verdict.widget.attrs = {}
            self.fields[f"{VERDICT}{rating.skill_id}"] = verdict
            self.fields[f"{EVIDENCE}{rating.skill_id}"] = LineField(
                label=q.EVIDENCE,
                max_length=EVIDENCE_LENGTH,
                required=False,
                widget=forms.TextInput(attrs=OWN_INPUT),
            )

    def _rows(self, proposed: Rating.Verdict) -> Iterator[SortRow]:
        for rating in self._ratings():
            if self._proposal(rating) == proposed:
                yield SortRow(
                    rating.skill.name,
                    level_words(Level(rating.level or 0), self.answers.needs.get(rating.skill_id)),
                    self[f"{VERDICT}{rating.skill_id}"],
                    self[f"{EVIDENCE}{rating.skill_id}"],
                )

    def strengths(self) -> list[SortRow]:
        """Proposed as such."""
        return list(self._rows(Rating.Verdict.STRENGTH))

    def weaknesses(self) -> list[SortRow]:
        """Proposed as such."""
        return list(self._rows(Rating.Verdict.WEAKNESS))

    def others(self) -> list[SortRow]:
        """All the rest."""
        return list(self._rows(Rating.Verdict.NEITHER))

    def others_open(self) -> bool:
        """Whether the others must be seen: one is sorted, or needs attention."""
        return any(row.has_errors or row.verdict.value() != Rating.Verdict.NEITHER for row in self.others())

    def save(self) -> None:
        """Write what is valid."""
        verdicts = {skill: verdict for skill, verdict in self.skill_fields(VERDICT) if self._is_said(skill, verdict)}
        evidence = dict(self.skill_fields(EVIDENCE))
        sorting = {
            rating.skill_id: Sorting(verdicts.get(rating.skill_id), evidence.get(rating.skill_id))
            for rating in self._ratings()
        }
        sort_skills(assessment=self.answers.assessment, sorting=sorting, now=self.now)

    def _is_said(self, skill: int, verdict: str) -> bool:
        """Whether a verdict is the person's: a proposal that stands untouched while they type is not yet."""
        name = f"{VERDICT}{skill}"
        untouched = not self.rows_say.get(name) and verdict == self.initial.get(name)
        return bool(verdict) and not (self.is_autosave and untouched)
