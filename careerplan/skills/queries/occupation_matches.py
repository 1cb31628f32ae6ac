"""Query that ranks all occupations for a user. Its SQL computes the same as `fit.fit`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from careerplan.catalogue.models import EducationLevel
from careerplan.skills.fit import IMPORTANT, LEAST_COMMON, LEAST_COVERED, LEAST_NEEDED, MOST_SHOWN, STEP, has_variation

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
