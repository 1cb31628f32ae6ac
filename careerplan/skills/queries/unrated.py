"""Needed skills that the user has not rated: neither gaps nor met, until they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from careerplan.skills.fit import SkillNeed
from careerplan.skills.models import Level
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.queries.occupation_table import RankedOccupations
from careerplan.skills.queries.questions import most_telling


@dataclass(frozen=True, slots=True)
class UnratedSkill:
    """A needed skill without a level."""

    skill_id: int
    name: str
    need: int

    @property
    def need_phrase(self) -> str:
        """Return the level needed with its number: "4 advanced"."""
        return Level(self.need).phrase


@dataclass(frozen=True, slots=True)
class UnratedSkills:
    """The needed skills without a level: `first` the most telling ones, then `more`."""

    first: list[UnratedSkill]
    more: list[UnratedSkill]

    @property
    def count(self) -> int:
        """Return how many there are."""
        return len(self.first) + len(self.more)

    @property
    def first_query(self) -> str:
        """Return the query string that asks about the first ones."""
        return urlencode({"skill": [one.skill_id for one in self.first]}, doseq=True)

    @property
    def all_query(self) -> str:
        """Return the query string of an assessment of all of them."""
        return urlencode({"skill": [one.skill_id for one in (*self.first, *self.more)]}, doseq=True)


def unrated_skills(
    comparison: Comparison | None,
    needs: Mapping[int, SkillNeed],
    catalogue: RankedOccupations | None,
    current_id: int | None,
) -> UnratedSkills | None:
    """Return the needed skills (of `needs`, by skill id) that have no level; None if all have one.

    First come those in which the occupation is furthest above the current one, or else above all. Pure.
    """
    if comparison is None or not comparison.unrated_ids:
        return None
    unrated = {pk: UnratedSkill(pk, needs[pk].name, needs[pk].level) for pk in comparison.unrated_ids}
    current = catalogue.rows.get(current_id) if catalogue and current_id else None
    asked = {pk: needs[pk] for pk in unrated}
    first = most_telling(catalogue, asked, current=current) or list(unrated)[:1]
    return UnratedSkills([unrated[pk] for pk in first], [one for pk, one in unrated.items() if pk not in first])
