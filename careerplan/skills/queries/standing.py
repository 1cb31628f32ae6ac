"""How a user's levels compare with what is usual in their occupation, or in all occupations."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from careerplan.catalogue.queries import occupation_titled
from careerplan.matching.levels import figure_of, level_of
from careerplan.skills.fit import LEAST_DIFFERENCE
from careerplan.skills.queries.occupation_table import RankedOccupations, ranked_occupations

MOST_ROWS = 5
PER_LEVEL = 20  # per cent of the scale


@dataclass(frozen=True, slots=True)
class StandingRow:
    """A skill in which the user is ahead or behind: their level and the usual one, 0 to 5.

    `difference` is that of the figures, beside how far occupations differ in this skill.
    """

    skill_id: int
    name: str
    have: int
    usual: int
    difference: float

    @property
    def have_percent(self) -> int:
        """Return the end of the bar in per cent of the scale."""
        return PER_LEVEL * self.have

    @property
    def usual_percent(self) -> int:
        """Return the position of the usual level in per cent of the scale."""
        return PER_LEVEL * self.usual


@dataclass(frozen=True, slots=True)
class Standing:
    """Skills ahead of and behind what is usual, the largest difference first; `level` counts those in between.

    `people`: who that is, such as "registered nurses"; blank for people in all occupations.
    """

    people: str
    ahead: list[StandingRow]
    behind: list[StandingRow]
    level: int

    @property
    def compared(self) -> int:
        """Return how many skills are compared."""
        return len(self.ahead) + len(self.behind) + self.level

    @property
    def first_ahead(self) -> list[StandingRow]:
        """Return the largest leads."""
        return self.ahead[:MOST_ROWS]

    @property
    def first_behind(self) -> list[StandingRow]:
        """Return the skills furthest behind."""
        return self.behind[:MOST_ROWS]


def standing(
    catalogue: RankedOccupations | None, levels: Mapping[int, int], names: Mapping[int, str], current_id: int | None
) -> Standing | None:
    """Compare levels (0 to 5 by skill id) with the usual ones of the current occupation, or else of all.

    None if nothing can be compared. Pure.
    """
    if catalogue is None:
        return None
    row = catalogue.rows.get(current_id) if current_id else None
    usual = catalogue.table.mean if row is None else catalogue.table.figures[row]
    rows = [
        _row(catalogue, usual, pk, name, levels[pk])
        for pk, name in names.items()
        if pk in levels and pk in catalogue.columns
    ]
    if not rows:
        return None
    ahead = [one for one in rows if one.have > one.usual and one.difference > 0]
    behind = [one for one in rows if one.have < one.usual and one.difference < 0]
    facts = catalogue.facts[row] if row is not None else None
    return Standing(
        people=(facts.plural or facts.title) if facts else "",
        ahead=sorted(ahead, key=lambda one: -one.difference),
        behind=sorted(behind, key=lambda one: one.difference),
        level=len(rows) - len(ahead) - len(behind),
    )


@dataclass(frozen=True, slots=True)
class UsualLevels:
    """The usual level (0 to 5) of each skill (id) among `people`, such as "registered nurses"."""

    people: str
    levels: Mapping[int, int]


def usual_levels(current_role: str) -> UsualLevels | None:
    """Return the usual levels in an occupation by its title; None if no rated occupation has it. Two queries."""
    catalogue = ranked_occupations()
    current_id = occupation_titled(current_role) if catalogue else None
    row = catalogue.rows.get(current_id) if catalogue and current_id else None
    if catalogue is None or row is None:
        return None
    facts, figures, kinds = catalogue.facts[row], catalogue.table.figures[row], catalogue.table.kinds
    levels = {pk: level_of(float(figures[column]), kinds[column]) for pk, column in catalogue.columns.items()}
    return UsualLevels(facts.plural or facts.title, levels)


def _row(catalogue: RankedOccupations, usual: np.ndarray, pk: int, name: str, have: int) -> StandingRow:
    column = catalogue.columns[pk]
    kind = catalogue.table.kinds[column]
    missing = figure_of(have, kind) - float(usual[column])
    difference = missing / float(catalogue.table.sd[column]) if abs(missing) >= LEAST_DIFFERENCE else 0.0
    return StandingRow(pk, name, have, level_of(float(usual[column]), kind), difference)
