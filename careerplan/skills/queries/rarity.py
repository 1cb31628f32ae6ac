"""How rare levels are among all occupations: single skills, and two that hardly any occupation has together."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from django.utils.translation import gettext as _

from careerplan.matching.levels import CUTS
from careerplan.skills.models import Level
from careerplan.skills.queries.occupation_table import OccupationFacts, RankedOccupations
from careerplan.skills.texts import in_sentence

MOST_SKILLS = 2
MOST_MIXED = 6
"""Skills whose pairs are looked at: those whose level is usual in fewest occupations."""
RARE, USUAL = 1 / 12, 1 / 2
"""Share of the occupations in which a level is usual. One important need in twelve reaches level 5."""
MIXED_RARE = 1 / 20
NAMED = 3


@dataclass(frozen=True, slots=True)
class RareSkill:
    """A level that is usual in few occupations: in `count` of `total`."""

    skill_id: int
    name: str
    have: int
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class RareMix:
    """Two levels that are usual together in few occupations: in `count` of `total`.

    `pairs`: how many pairs it was chosen from. `occupations`: some of the few, the most demanding first.
    """

    first: str
    second: str
    count: int
    total: int
    pairs: int
    occupations: tuple[OccupationFacts, ...]

    @property
    def words(self) -> str:
        """Return both skills: "Finding faults and teaching others"."""
        return _("%(first)s and %(second)s") % {"first": self.first, "second": in_sentence(self.second)}


@dataclass(frozen=True, slots=True)
class Rarity:
    """What is rare in a user's levels."""

    skills: list[RareSkill]
    mix: RareMix | None


@dataclass(frozen=True, slots=True)
class _Rated:
    """Names of skills and of their groups, by skill id."""

    names: Mapping[int, str]
    groups: Mapping[int, str]


def find_rarity(
    catalogue: RankedOccupations | None,
    levels: Mapping[int, int],
    names: Mapping[int, str],
    groups: Mapping[int, str],
    ahead: Container[int],
) -> Rarity:
    """Return what is rare in levels (0 to 5 by skill id), compared with all occupations. Pure.

    `groups` are names of groups by skill id, `ahead` the skills above the usual level: only they
    make a mix, from advanced on. Only levels from skilled on are looked at: few occupations need a low level, but that
    is not a strength.
    """
    if catalogue is None:
        return Rarity([], None)
    able = {pk: levels[pk] for pk in names if levels.get(pk, 0) >= Level.SKILLED and pk in catalogue.columns}
    usual_in = {pk: _occupations_at(catalogue, pk, have) for pk, have in able.items()}
    total = len(catalogue.facts)
    counts = {pk: int(found.sum()) for pk, found in usual_in.items()}
    rare = sorted((pk for pk in able if counts[pk] <= RARE * total), key=lambda pk: (counts[pk], names[pk]))
    mixed = {pk: usual_in[pk] for pk, have in able.items() if have >= Level.ADVANCED and pk in ahead}
    return Rarity(
        skills=[RareSkill(pk, names[pk], able[pk], counts[pk], total) for pk in rare[:MOST_SKILLS]],
        mix=_rarest_mix(catalogue, mixed, _Rated(names, groups)),
    )


def _occupations_at(catalogue: RankedOccupations, pk: int, level: int) -> np.ndarray:
    """Return for each occupation whether this level of a skill, or a higher one, is usual in it."""
    column = catalogue.columns[pk]
    found: np.ndarray = catalogue.table.figures[:, column] >= CUTS[catalogue.table.kinds[column]][level - 1]
    return found


def _rarest_mix(catalogue: RankedOccupations, usual_in: Mapping[int, np.ndarray], rated: _Rated) -> RareMix | None:
    """Return the pair of strengths that fewest occupations have together, but at least one; None without one.

    Each level alone is neither rare nor usual, and the skills are of different groups, so that only the mix is rare.
    """
    total = len(catalogue.facts)
    shares = {pk: float(found.mean()) for pk, found in usual_in.items()}
    mixed = [pk for pk, share in shares.items() if RARE < share < USUAL]
    strongest = sorted(mixed, key=lambda pk: (shares[pk], rated.names[pk]))[:MOST_MIXED]
    pairs = [
        (usual_in[one] & usual_in[other], one, other)
        for one, other in combinations(strongest, 2)
        if rated.groups.get(one) != rated.groups.get(other)
    ]
    pairs = [pair for pair in pairs if pair[0].any()]
    if not pairs:
        return None
    both, one, other = min(pairs, key=lambda pair: (int(pair[0].sum()), rated.names[pair[1]], rated.names[pair[2]]))
    count = int(both.sum())
    if count > MIXED_RARE * total:
        return None
    asked = catalogue.table.figures[:, [catalogue.columns[one], catalogue.columns[other]]].sum(axis=1)
    rows = sorted(np.flatnonzero(both), key=lambda row: -asked[row])[:NAMED]
    named = tuple(catalogue.facts[int(row)] for row in rows)
    return RareMix(rated.names[one], rated.names[other], count, total, len(pairs), named)
