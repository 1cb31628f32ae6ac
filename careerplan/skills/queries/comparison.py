"""Queries that compare an assessment with occupations: with one, skill by skill, and a ranking of all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from careerplan.catalogue.models import EducationLevel, Occupation, OccupationNeed
from careerplan.skills.fit import (
    IMPORTANT,
    LEAST_COMMON,
    LEAST_COVERED,
    LEAST_NEEDED,
    MOST_SHOWN,
    STEP,
    SkillNeed,
    gap,
    has_variation,
    weighted_gap,
)
from careerplan.skills.queries.skill_groups import GoalLink

MOST_ROWS = 20  # DESIGN.md section 6: at most 17-20 rows, then "Show more skills"
PER_LEVEL = 20  # per cent of the scale


@dataclass(frozen=True, slots=True)
class GapRow:
    """A skill that is rated and needed. `have` and `need` are whole levels, 0 to 5."""

    skill_id: int
    name: str
    have: int
    need: int
    importance: Decimal
    weighted: Decimal
    is_low_precision: bool
    is_stale: bool = False
    goal: GoalLink | None = None

    @property
    def gap(self) -> int:
        """Return how many levels are missing."""
        return gap(self.need, self.have)

    @property
    def surplus(self) -> Decimal:
        """Return the levels above the need times importance."""
        return max(0, self.have - self.need) * self.importance

    @property
    def have_percent(self) -> int:
        """Return the end of the bar in per cent of the scale."""
        return PER_LEVEL * self.have

    @property
    def need_percent(self) -> int:
        """Return the position of the level needed in per cent of the scale."""
        return PER_LEVEL * self.need


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels and levels needed: gaps first, biggest first, then skills without a gap. `unrated`: needed, but not
    rated.
    """

    occupation: Occupation
    gaps: list[GapRow]
    met: list[GapRow]
    unrated: list[str]
    unrated_ids: list[int]

    @property
    def compared(self) -> int:
        """Return how many skills are needed and rated."""
        return len(self.gaps) + len(self.met)

    @property
    def first_gaps(self) -> list[GapRow]:
        """Return the gaps shown at first."""
        return self.gaps[:MOST_ROWS]

    @property
    def first_met(self) -> list[GapRow]:
        """Return the skills without a gap shown at first."""
        return self.met[: MOST_ROWS - len(self.first_gaps)]

    @property
    def rest(self) -> list[GapRow]:
        """Return the rows behind "Show more skills"."""
        return self.gaps[MOST_ROWS:] + self.met[len(self.first_met) :]

    @property
    def unrated_query(self) -> str:
        """Return the query string of an assessment of the unrated skills."""
        return urlencode({"skill": self.unrated_ids}, doseq=True)

    @property
    def has_rough(self) -> bool:
        """Return whether a level needed has low precision."""
        return any(row.is_low_precision for row in (*self.gaps, *self.met))


def load_needs(
    occupation_ids: Iterable[int], skill_ids: Iterable[int] | None = None
) -> dict[int, dict[int, SkillNeed]]:
    """Return the needs of occupations, for all or some skills: by occupation, then by skill, ordered by name.

    Every page that compares a user with an occupation uses this. An unrated occupation has an empty dict. One query.
    """
    found: dict[int, dict[int, SkillNeed]] = {pk: {} for pk in occupation_ids}
    rows = OccupationNeed.objects.filter(occupation_id__in=found).order_by("skill__name", "skill_id")
    if skill_ids is not None:
        rows = rows.filter(skill_id__in=list(skill_ids))
    columns = ("occupation_id", "skill_id", "level", "importance", "low_precision", "skill__name")
    for occupation_id, *values in rows.values_list(*columns):
        need = SkillNeed(*values)
        found[occupation_id][need.skill_id] = need
    return found


def gap_rows(
    levels: Mapping[int, int],
    needs: Iterable[SkillNeed],
    goals: Mapping[int, GoalLink] | None = None,
    stale: frozenset[int] = frozenset(),
) -> list[GapRow]:
    """Return a row for each needed and rated skill: the biggest gap first, then by importance."""
    rows = [
        GapRow(
            skill_id=need.skill_id,
            name=need.name,
            have=levels[need.skill_id],
            need=need.whole_level,
            importance=need.importance,
            weighted=weighted_gap(need, levels[need.skill_id]),
            is_low_precision=need.low_precision,
            is_stale=need.skill_id in stale,
            goal=(goals or {}).get(need.skill_id),
        )
        for need in needs
        if need.is_needed and need.skill_id in levels
    ]
    return sorted(rows, key=lambda row: (-row.weighted, -row.importance, row.name))


def compare(
    occupation: Occupation, rows: Sequence[GapRow], levels: Mapping[int, int], needs: Iterable[SkillNeed]
) -> Comparison:
    """Return the table from rows in the order of `gap_rows`."""
    missing = [need for need in needs if need.is_needed and need.skill_id not in levels]
    return Comparison(
        occupation=occupation,
        gaps=[row for row in rows if row.gap],
        met=[row for row in rows if not row.gap],
        unrated=[need.name for need in missing],
        unrated_ids=[need.skill_id for need in missing],
    )


BEST = 5

# floor(level + 0.5) rounds half up, as in fit.SkillNeed.whole_level.
_RANKING = """
WITH mine AS (
    SELECT * FROM unnest(%(skills)s::bigint[], %(levels)s::int[]) AS mine (skill_id, have)
), needed AS (
    SELECT need.occupation_id, need.importance, mine.have, floor(need.level + 0.5)::int AS need
    FROM catalogue_occupationneed need LEFT JOIN mine USING (skill_id)
    WHERE need.importance >= %(important)s AND floor(need.level + 0.5) >= %(least_needed)s
), fit AS (
    SELECT
        occupation_id,
        floor(
            100 * sum(importance * least(have, need)) FILTER (WHERE have IS NOT NULL)
            / sum(importance * need) FILTER (WHERE have IS NOT NULL) + 0.5
        )::int AS percent,
        count(*) FILTER (WHERE have >= need) AS met,
        count(have) AS compared,
        count(*) AS needed,
        sum(importance * least(have, need)) FILTER (WHERE have IS NOT NULL) AS points,
        count(have) >= %(least_common)s
            AND sum(importance * need) FILTER (WHERE have IS NOT NULL) >= %(least_covered)s * sum(importance * need)
            AS has_fit
    FROM needed GROUP BY occupation_id HAVING count(*) >= %(least_common)s
), shown AS (
    SELECT *, least(%(most_shown)s, (2 * percent + %(step)s) / (2 * %(step)s) * %(step)s) AS rounded_percent FROM fit
), ranked AS (
    SELECT shown.*, o.title, o.is_starter, o.typical_education,
        row_number() OVER (ORDER BY has_fit DESC, rounded_percent DESC, points DESC, o.title, o.id) AS place,
        count(*) FILTER (WHERE has_fit) OVER () AS ranked,
        count(*) FILTER (WHERE NOT has_fit) OVER () AS left_out
    FROM shown JOIN catalogue_occupation o ON o.id = shown.occupation_id
    WHERE o.is_rated AND (o.is_current OR o.id = %(target)s)
)
SELECT
    occupation_id, title, is_starter, typical_education, rounded_percent, met, compared, needed, place, ranked, left_out
FROM ranked WHERE has_fit AND (place <= %(best)s OR occupation_id = %(target)s)
ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class OccupationMatch:
    """An occupation with its fit, `rounded_percent`, and its `place` among the `ranked` ones.

    Of its `needed` skills `compared` are rated, and `met` of these have no gap. `left_out` other occupations are not
    ranked, because too few of their skills are rated; those that need too few skills ever to be ranked are not counted.
    """

    occupation_id: int
    title: str
    is_starter: bool
    typical_education: str
    rounded_percent: int
    met: int
    compared: int
    needed: int
    place: int
    ranked: int
    left_out: int

    def education_above(self, level: str) -> str:
        """Return the usual education, in words, if it is above the user's (an EducationLevel).

        Blank if it is not, or if one of the two is unknown.
        """
        if not level or not self.typical_education:
            return ""
        usual = EducationLevel(self.typical_education)
        return str(usual.label) if usual.rank > EducationLevel(level).rank else ""


def rank_occupations(
    levels: Mapping[int, int], *, target_id: int | None = None, best: int = BEST
) -> list[OccupationMatch]:
    """Return the best fitting occupations for ratings (0 to 5 by skill id), best first, including the target.

    Empty if all ratings are the same (see `fit`). One query over the whole catalogue.
    """
    if not has_variation(levels):
        return []
    values: dict[str, Any] = {
        "skills": list(levels),
        "levels": list(levels.values()),
        "important": IMPORTANT,
        "least_needed": LEAST_NEEDED,
        "least_common": LEAST_COMMON,
        "least_covered": LEAST_COVERED,
        "most_shown": MOST_SHOWN,
        "step": STEP,
        "target": target_id,
        "best": best,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKING, values)
        return [OccupationMatch(*row) for row in cursor.fetchall()]
