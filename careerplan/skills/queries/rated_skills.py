"""The ratings of an assessment as rows of the results: strengths, weaknesses and what to learn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models.functions import Coalesce

from careerplan.skills.models import CONFIRMED_FOR, Assessment, Rating
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.queries.skill_groups import GoalLink, LevelRow

NO_GROUP = 10_000
"""The place of own skills: after all groups."""


@dataclass(frozen=True, slots=True)
class RatedSkill:
    """A rating with what is shown of its skill. `group` is blank for an own skill."""

    pk: int
    skill_id: int
    level: int | None
    category: str
    wants_to_learn: bool | None
    evidence: str
    confirmed_at: datetime
    key: str
    name: str
    group: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class RatedSkills:
    """Ratings of an assessment: in catalogue order, as rows, levels and names by skill id.

    `stale` are skills not confirmed for a year, `goals` existing goals by skill id.
    """

    ratings: list[RatedSkill]
    rows: Mapping[int, LevelRow]
    levels: Mapping[int, int]
    names: Mapping[int, str]
    stale: frozenset[int]
    goals: Mapping[int, GoalLink]

    @property
    def groups(self) -> dict[int, str]:
        """Return the name of the group of each skill of our list, by skill id."""
        return {one.skill_id: one.group for one in self.ratings if one.group}

    def rows_where(self, *, category: str) -> list[LevelRow]:
        """Return the rows of a category, in catalogue order."""
        return [self.rows[one.skill_id] for one in self.ratings if one.category == category]

    @property
    def strengths(self) -> list[LevelRow]:
        """Return strengths, those with an example first."""
        rows = self.rows_where(category=Rating.Category.STRENGTH)
        return sorted(rows, key=lambda row: (not row.evidence, -(row.level or 0)))


def load_rated_skills(assessment: Assessment, now: datetime, goals: Mapping[int, GoalLink]) -> RatedSkills:
    """Return all ratings in catalogue order, own skills last. One query."""
    place = Coalesce("skill__group__position", NO_GROUP)
    rows = assessment.ratings.order_by(place, "skill__group", "skill__position", "skill__name").values_list(
        *("pk", "skill_id", "level", "category", "wants_to_learn", "evidence", "confirmed_at"),
        *("skill__key", "skill__name", "skill__group__name", "skill__owner"),
    )
    ratings = [
        RatedSkill(pk, skill_id, level, category, wants, evidence, at, key, name, group or "", owner is not None)
        for pk, skill_id, level, category, wants, evidence, at, key, name, group, owner in rows
    ]
    old = frozenset(one.skill_id for one in ratings if one.confirmed_at < now - CONFIRMED_FOR)
    return RatedSkills(
        ratings=ratings,
        rows={one.skill_id: _row(one, is_stale=one.skill_id in old, goal=goals.get(one.skill_id)) for one in ratings},
        levels={one.skill_id: one.level for one in ratings if one.level is not None},
        names={one.skill_id: one.name for one in ratings},
        stale=old,
        goals=goals,
    )


def weaknesses(rated: RatedSkills, comparison: Comparison | None) -> list[LevelRow]:
    """Return weaknesses by largest gap, ties as in the table of gaps; then the lowest level."""
    gaps = {row.skill_id: row for row in comparison.gaps} if comparison else {}
    place = {skill_id: place for place, skill_id in enumerate(gaps)}
    rows = [
        replace(row, gap=gaps[row.skill_id].gap if row.skill_id in gaps else 0)
        for row in rated.rows_where(category=Rating.Category.WEAKNESS)
    ]
    return sorted(rows, key=lambda row: (-row.gap, place.get(row.skill_id, 0), row.level or 0))


def skills_to_learn(rated: RatedSkills, comparison: Comparison | None) -> list[LevelRow]:
    """Return skills to learn, lowest level first, without those in the table of gaps."""
    gaps = {row.skill_id for row in comparison.gaps} if comparison else set()
    rows = [rated.rows[one.skill_id] for one in rated.ratings if one.wants_to_learn and one.skill_id not in gaps]
    return sorted(rows, key=lambda row: -1 if row.level is None else row.level)


def _row(one: RatedSkill, *, is_stale: bool, goal: GoalLink | None) -> LevelRow:
    return LevelRow(one.skill_id, one.name, one.level, one.evidence, is_stale, goal, one.is_own)
