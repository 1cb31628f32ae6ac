"""Questions that would tell occupations apart, each with two occupations that it tells apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from careerplan.matching.levels import level_of
from careerplan.skills.queries.occupation_table import RankedOccupations


@dataclass(frozen=True, slots=True)
class TellingQuestion:
    """A skill to ask about. `contrast`: "surgeons 5, roofers 0"."""

    name: str
    contrast: str


def telling_questions(
    catalogue: RankedOccupations, questions: Sequence[int], names: Mapping[int, str], current_id: int | None
) -> list[TellingQuestion]:
    """Return the questions (skill ids) with the occupations of the highest and the lowest usual level.

    One of the two is the current occupation, if it is known. Pure.
    """
    current = catalogue.rows.get(current_id) if current_id else None
    return [_question(catalogue, pk, names[pk], current) for pk in questions if pk in names and pk in catalogue.columns]


def _question(catalogue: RankedOccupations, pk: int, name: str, current: int | None) -> TellingQuestion:
    column = catalogue.columns[pk]
    figures, kind = catalogue.table.figures[:, column], catalogue.table.kinds[column]
    high, low = int(np.argmax(figures)), int(np.argmin(figures))
    if current is not None:
        is_nearer_to_top = figures[high] - figures[current] < figures[current] - figures[low]
        high, low = (current, low) if is_nearer_to_top else (high, current)
    values = {
        "high": catalogue.facts[high].people,
        "high_level": level_of(float(figures[high]), kind),
        "low": catalogue.facts[low].people,
        "low_level": level_of(float(figures[low]), kind),
    }
    return TellingQuestion(name, _("%(high)s %(high_level)s, %(low)s %(low_level)s") % values)
