"""The ratings of an assessment as rows of the results: strengths, weaknesses and what to learn."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from careerplan.skills.models import CONFIRMED_FOR, Assessment, Rating
from careerplan.skills.queries.comparison import Comparison
from careerplan.skills.queries.skill_groups import GoalLink, LevelRow

COLUMNS = (
    *("assessment_id", "level", "category", "wants_to_learn", "evidence", "confirmed_at"),
    *("skill__key", "skill__name", "skill__kind", "skill__position", "skill__owner_id"),
    *("skill__group__name", "skill__group__position"),
)
"""What is shown of a rating; the examples of the levels are the longest part of a skill."""


@dataclass(frozen=True, slots=True)
class RatedSkills:
    """Ratings of an assessment: in catalogue order, as rows by rating id, levels and names by skill id.

    `stale` are skills not confirmed for a year, `goals` existing goals by skill id.
    """

    ratings: list[Rating]
    rows: Mapping[int, LevelRow]
    levels: Mapping[int, int]
    names: Mapping[int, str]
    stale: frozenset[int]
    goals: Mapping[int, GoalLink]

    @property
    def groups(self) -> dict[int, str]:
        """Return the name of the group of each skill of our list, by skill id."""
        return {one.skill_id: one.skill.group.name for one in self.ratings if one.skill.group}

    def rows_where(self, *, category: str) -> list[LevelRow]:
        """Return the rows of a category, in catalogue order."""
        return [self.rows[rating.pk] for rating in self.ratings if rating.category == category]

    @property
    def strengths(self) -> list[LevelRow]:
        """Return strengths, those with an example first."""
        rows = self.rows_where(category=Rating.Category.STRENGTH)
        return sorted(rows, key=lambda row: (not row.evidence, -(row.level or 0)))


def load_rated_skills(assessment: Assessment, now: datetime, goals: Mapping[int, GoalLink]) -> RatedSkills:
    """Return all ratings with skill and group, in catalogue order; own skills last. One query."""
    ratings = sorted(assessment.ratings.select_related("skill__group").only(*COLUMNS), key=_order)
    old = frozenset(r.skill_id for r in ratings if r.confirmed_at < now - CONFIRMED_FOR)
    return RatedSkills(
        ratings=ratings,
        rows={r.pk: _row(r, is_stale=r.skill_id in old, goal=goals.get(r.skill_id)) for r in ratings},
        levels={rating.skill_id: rating.level for rating in ratings if rating.level is not None},
        names={rating.skill_id: rating.skill.name for rating in ratings},
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
    rows = [rated.rows[r.pk] for r in rated.ratings if r.wants_to_learn and r.skill_id not in gaps]
    return sorted(rows, key=lambda row: -1 if row.level is None else row.level)


def _order(rating: Rating) -> tuple[int, int, int, str]:
    """Return the sort key of `Skill.objects.in_order`: by group, even if two have the same position."""
    skill = rating.skill
    return (skill.group.position if skill.group else 10_000, skill.group_id or 0, skill.position, skill.name)


def _row(rating: Rating, *, is_stale: bool, goal: GoalLink | None) -> LevelRow:
    skill = rating.skill
    return LevelRow(skill.pk, skill.name, rating.level, rating.evidence, is_stale, goal, skill.is_own)
