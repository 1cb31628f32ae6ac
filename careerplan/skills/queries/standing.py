"""How a user's levels compare with what is usual in their occupation, or in all occupations."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from careerplan.catalogue.queries import occupation_titled
from careerplan.matching.levels import figure_of, level_of
from careerplan.skills.fit import LEAST_DIFFERENCE
from careerplan.skills.models import Assessment, Level
from careerplan.skills.queries.occupation_table import RankedOccupations, ranked_occupations

MOST_ROWS, MOST_BEHIND = 3, 2


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A skill with the user's level and the usual one, 0 to 5; `need` is what the target needs, None if it does not.

    `difference` is that of the figures, in standard deviations over all occupations; 0 if it is within the error of a
    rating.
    """

    skill_id: int
    name: str
    have: int
    usual: int
    difference: float
    need: int | None = None

    @property
    def is_ahead(self) -> bool:
        """Return whether the user is above the usual level."""
        return self.have > self.usual and self.difference > 0

    @property
    def is_behind(self) -> bool:
        """Return whether the user is below the usual level."""
        return self.have < self.usual and self.difference < 0

    @property
    def levels_apart(self) -> int:
        """Return how many whole levels are between the two."""
        return abs(self.have - self.usual)


@dataclass(frozen=True, slots=True)
class Standing:
    """Skills ahead of and behind what is usual, the largest difference first; `level`: those in between. A level below
    skilled is not a strength, so those ahead with one come last.

    `people`: who that is, such as "registered nurses"; blank for people in all occupations.
    """

    people: str
    ahead: list[StandingRow]
    behind: list[StandingRow]
    level: list[StandingRow]

    @property
    def rows(self) -> list[StandingRow]:
        """Return all skills: those ahead as they are ordered, and the furthest behind last."""
        return [*self.ahead, *self.level, *reversed(self.behind)]

    @property
    def compared(self) -> int:
        """Return how many skills are compared."""
        return len(self.ahead) + len(self.behind) + len(self.level)

    @property
    def needed_ahead(self) -> list[StandingRow]:
        """Return the skills ahead that the target needs."""
        return [row for row in self.ahead if row.need is not None]

    @property
    def has_needs(self) -> bool:
        """Return whether a skill that is shown is needed by the target."""
        return any(row.need is not None for row in (*self.first_ahead, *self.first_behind))

    @property
    def columns(self) -> int:
        """Return the number of columns of its table."""
        return 4 + self.has_needs

    @property
    def first_ahead(self) -> list[StandingRow]:
        """Return the first ones ahead: strengths with the largest leads."""
        return self.ahead[:MOST_ROWS]

    @property
    def first_behind(self) -> list[StandingRow]:
        """Return the skills furthest behind."""
        return self.behind[:MOST_BEHIND]

    @property
    def rest(self) -> list[StandingRow]:
        """Return the skills that the two tables leave out."""
        return [*self.ahead[MOST_ROWS:], *self.level, *self.behind[MOST_BEHIND:]]

    @property
    def cells(self) -> list[str]:
        """Return for each skill whether it is ahead, level or behind, for the picture beside the headline."""
        return ["ahead"] * len(self.ahead) + ["level"] * len(self.level) + ["behind"] * len(self.behind)


def standing(
    catalogue: RankedOccupations | None,
    levels: Mapping[int, int],
    names: Mapping[int, str],
    current_id: int | None,
    needs: Mapping[int, int] | None = None,
) -> Standing | None:
    """Compare levels (0 to 5 by skill id) with the usual ones of the current occupation, or else of all.

    `needs` are the levels that the target needs, by skill id. None if nothing can be compared. Pure.
    """
    if catalogue is None:
        return None
    row = catalogue.rows.get(current_id) if current_id else None
    usual = catalogue.table.mean if row is None else catalogue.table.figures[row]
    rows = [
        _row(catalogue, usual, pk, name, have=levels[pk], need=(needs or {}).get(pk))
        for pk, name in names.items()
        if pk in levels and pk in catalogue.columns
    ]
    if not rows:
        return None
    facts = catalogue.facts[row] if row is not None else None
    return Standing(
        people=facts.people if facts else "",
        ahead=sorted((one for one in rows if one.is_ahead), key=_furthest_of_the_able),
        behind=sorted((one for one in rows if one.is_behind), key=lambda one: one.difference),
        level=[one for one in rows if not one.is_ahead and not one.is_behind],
    )


def _furthest_of_the_able(row: StandingRow) -> tuple[bool, float]:
    return row.have < Level.SKILLED, -row.difference


@dataclass(frozen=True, slots=True)
class UsualLevels:
    """The usual level (0 to 5) of each skill (id) among `people`, such as "registered nurses"."""

    people: str
    levels: Mapping[int, int]


def current_occupation_id(assessment: Assessment) -> int | None:
    """Return the user's current occupation (id): the chosen one, or the one that their role names. At most one
    query.
    """
    if assessment.current_occupation_id or assessment.current_unlisted:
        return assessment.current_occupation_id
    return occupation_titled(assessment.current_role)


def usual_levels(assessment: Assessment) -> UsualLevels | None:
    """Return the usual levels in the user's current occupation; None if it is unknown or not rated. At most two
    queries.
    """
    catalogue = ranked_occupations()
    current_id = current_occupation_id(assessment) if catalogue else None
    row = catalogue.rows.get(current_id) if catalogue and current_id else None
    if catalogue is None or row is None:
        return None
    facts, figures, kinds = catalogue.facts[row], catalogue.table.figures[row], catalogue.table.kinds
    levels = {pk: level_of(float(figures[column]), kinds[column]) for pk, column in catalogue.columns.items()}
    return UsualLevels(facts.people, levels)


def _row(
    catalogue: RankedOccupations, usual: np.ndarray, pk: int, name: str, *, have: int, need: int | None
) -> StandingRow:
    column = catalogue.columns[pk]
    kind = catalogue.table.kinds[column]
    missing = figure_of(have, kind) - float(usual[column])
    difference = missing / float(catalogue.table.sd[column]) if abs(missing) >= LEAST_DIFFERENCE else 0.0
    return StandingRow(pk, name, have, level_of(float(usual[column]), kind), difference, need)
