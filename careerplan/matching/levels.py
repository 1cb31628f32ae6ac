"""Levels in words on O*NET's scale of 0 to 7, the same for what a person answers and what an occupation needs.

A figure is cut at fixed points, so that the levels 1 to 5 are all used: 3 is usual where an item matters, 4 is above
that, and about one important requirement in twelve reaches 5. Fields of knowledge get cuts of their own, because O*NET
has them rated by workers, who use more of the scale than the analysts who rate skills. docs/fit.md says how the cuts
were chosen and what the alternatives gave.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from itertools import pairwise

FIGURE_MAX = 7.0
LEVELS = range(6)


class ItemKind(StrEnum):
    """What is rated. Interests are liked, from 1 to 7; they have no level."""

    SKILL = "skill"
    KNOWLEDGE = "knowledge"
    INTEREST = "interest"


CUTS: Mapping[ItemKind, Sequence[float]] = {
    ItemKind.SKILL: (1.0, 2.25, 3.05, 3.75, 4.3),
    ItemKind.KNOWLEDGE: (1.0, 2.25, 3.4, 4.3, 5.3),
}
"""Where levels 1 to 5 begin on O*NET's scale."""


def level_of(figure: float, kind: ItemKind) -> int:
    """Return the level (0 to 5) of a figure of O*NET's scale LV (0 to 7)."""
    return bisect_right(CUTS[kind], figure)


@cache  # rows of results ask for a few hundred
def figure_of(level: int, kind: ItemKind) -> float:
    """Return the figure (0 to 7) that an answer of this level is taken for: the middle of its range.

    The lowest is half the first cut. An interest's answer (1 to 7) is its figure.
    """
    if kind is ItemKind.INTEREST:
        return float(level)
    cuts = CUTS[kind]
    edges = (0.0, *cuts, FIGURE_MAX)
    return [(low + high) / 2 for low, high in pairwise(edges)][level]


@cache
def width_of(level: int, kind: ItemKind) -> float:
    """Return how much of the scale (0 to 7) a level covers."""
    edges = (0.0, *CUTS[kind], FIGURE_MAX)
    return edges[level + 1] - edges[level]
