"""All occupations of the catalogue ranked for one person, in one query. The SQL is the twin of `fit.fit`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from careerplan.catalogue.models import EducationLevel
from careerplan.skills.fit import IMPORTANT, LEAST_COMMON, LEAST_NEEDED, STEP, tells_apart

BEST = 5

# floor(level + 0.5) is a level as a whole number, a half rounded up, as in fit.Need.whole_level.
_RANKING = """
WITH mine AS (
    SELECT * FROM unnest(%(skills)s::bigint[], %(levels)s::int[]) AS mine (skill_id, have)
), common AS (
    SELECT need.occupation_id, need.importance, mine.have, floor(need.level + 0.5)::int AS need
    FROM catalogue_occupationneed need JOIN mine USING (skill_id)
    WHERE need.importance >= %(important)s AND floor(need.level + 0.5) >= %(least_needed)s
), fit AS (
    SELECT
        occupation_id,
        floor(100 * sum(importance * least(have, need)) / sum(importance * need) + 0.5)::int AS percent,
        count(*) FILTER (WHERE have >= need) AS met,
        count(*) AS common,
        sum(importance * least(have, need)) AS points
    FROM common GROUP BY occupation_id HAVING count(*) >= %(least_common)s
), ranked AS (
    SELECT fit.*, o.title, o.is_starter, o.typical_education,
        row_number() OVER (
            ORDER BY (2 * percent + %(step)s) / (2 * %(step)s) DESC, points DESC, o.title, o.id
        ) AS place,
        count(*) OVER () AS ranked
    FROM fit JOIN catalogue_occupation o ON o.id = fit.occupation_id
    WHERE o.is_rated AND (o.is_current OR o.id = %(target)s)
)
SELECT occupation_id, title, is_starter, typical_education, percent, met, common, place, ranked
FROM ranked WHERE place <= %(best)s OR occupation_id = %(target)s
ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Match:
    """One occupation with its fit in per cent: `met` of `common` skills, and its `place` among `ranked`."""

    occupation_id: int
    title: str
    is_starter: bool
    typical_education: str
    percent: int
    met: int
    common: int
    place: int
    ranked: int

    def education_above(self, level: str) -> str:
        """The education that is usually asked, in words, where it is more than somebody has (an EducationLevel).

        Blank where it is not, or where one of the two is not known.
        """
        if not level or not self.typical_education:
            return ""
        usual = EducationLevel(self.typical_education)
        return str(usual.label) if usual.rank > EducationLevel(level).rank else ""


def rank_occupations(levels: Mapping[int, int], *, target_id: int | None = None, best: int = BEST) -> list[Match]:
    """The best fitting occupations for ratings (0 to 5 by skill id), best first; the target too, wherever it stands.

    Empty where the ratings are all the same (see `fit`). One query over the whole catalogue.
    """
    if not tells_apart(levels):
        return []
    values: dict[str, Any] = {
        "skills": list(levels),
        "levels": list(levels.values()),
        "important": IMPORTANT,
        "least_needed": LEAST_NEEDED,
        "least_common": LEAST_COMMON,
        "step": STEP,
        "target": target_id,
        "best": best,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKING, values)
        return [Match(*row) for row in cursor.fetchall()]
