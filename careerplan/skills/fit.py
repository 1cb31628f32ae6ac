"""Gap and fit: the skills an occupation needs against a user's ratings. Pure arithmetic.

The formulas, with their sources (docs/fit.md explains them at more length):

- *Needed*: an occupation needs a skill if its importance is 3 or more, "important" on O*NET's scale IM (Scales
Reference.txt), and its level is at least 1 as a whole number. In O*NET 29.3 that is about 14 skills per occupation
(shared data, README).

- *Gap* = max(0, need - have), in whole levels of our scale (0 to 5). Ratings are whole, so the need is rounded half up
first: a difference of less than half a level is within the error of both.

- *Weighted gap* = gap x importance. Borich, "A needs assessment model for conducting follow-up studies", Journal of
Teacher Education 31(3), 1980: discrepancy weighted by importance. Importance and level correlate at 0.97 in O*NET, so
importance is only a weight and never a gap of its own.

- *Fit* = 100 x sum(importance x min(have, need)) / sum(importance x need), over the skills that are both needed and
rated: the share of the need that is met. Demands-abilities fit (Edwards, "Person-job fit", International Review of
Industrial and Organizational Psychology 6, 1991), in which a surplus does not make up for a gap elsewhere.

An unrated skill is left out, never zero. There is no fit over fewer than LEAST_COMMON skills or less than LEAST_COVERED
of the need, and none if all ratings are the same: these do not distinguish occupations, and any order would be
arbitrary. A fit is ranked and shown in steps of 5 per cent up to MOST_SHOWN ("about 95%").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

IMPORTANT = Decimal(3)
"""O*NET scale IM: 1 not, 2 somewhat, 3 important, 4 very, 5 extremely."""
LEAST_NEEDED = 1
"""Whole levels; below this, nothing is needed."""
STEP = 5
"""Per cent. A rating is a whole level, so it may be half a level off: 17 % of a need of 3; over some 15
skills that is 17 / sqrt(15), about 4 points of a fit. Fits in the same step are shown as equal and not ranked by their
difference."""
MOST_SHOWN = 95
"""Per cent. With that error, no ratings can show 100%, so the highest step is the last one below it."""
LEAST_COMMON = 5
"""Least number of needed and rated skills for a fit: about a third of the usual 14. Our own choice."""
LEAST_COVERED = Decimal("0.5")
"""The share of the need, in levels times importance, that must be rated for a fit; below it, the unknown outweighs
the known. Our own choice; a higher share favours occupations that need little.
"""
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """The level (0 to 5) and importance (1 to 5) of a skill in an occupation, both with two decimals."""

    skill_id: int
    level: Decimal
    importance: Decimal
    low_precision: bool = False
    name: str = ""

    @property
    def whole_level(self) -> int:
        """Return the level as shown and compared: 0 to 5, rounded half up."""
        return int(self.level + HALF)

    @property
    def is_needed(self) -> bool:
        """Return whether the skill is important and its level above 0."""
        return self.importance >= IMPORTANT and self.whole_level >= LEAST_NEEDED

    @property
    def weight(self) -> Decimal:
        """Return importance times level: the weight of the skill in the occupation."""
        return self.importance * self.level


@dataclass(frozen=True, slots=True)
class Fit:
    """The share of the need that is met: `percent` 0 to 100, over the `compared` of its `needed` skills that are rated.

    Of the compared skills `met` have no gap. `points` is the met part of the need in levels times importance. Of two
    fits with the same `rounded_percent` the one with more points comes first: it is based on more skills.
    """

    percent: int
    met: int
    compared: int
    needed: int
    points: Decimal

    @property
    def rounded_percent(self) -> int:
        """Return the fit as ranked and shown, in per cent: to the nearest step of 5, and at most 95."""
        return min(MOST_SHOWN, (2 * self.percent + STEP) // (2 * STEP) * STEP)


def gap(need: int, have: int) -> int:
    """Return how many whole levels are missing (0 to 5); a surplus is no gap and earns no credit."""
    return max(0, need - have)


def weighted_gap(need: SkillNeed, have: int) -> Decimal:
    """Return the gap (whole levels) times the importance (1 to 5), by which gaps are sorted."""
    return gap(need.whole_level, have) * need.importance


def has_variation(levels: Mapping[int, int]) -> bool:
    """Return whether ratings (0 to 5 by skill id) differ, so that they can distinguish occupations."""
    return len(set(levels.values())) > 1


def fit(levels: Mapping[int, int], needs: Iterable[SkillNeed]) -> Fit | None:
    """Return the fit of ratings (0 to 5 by skill id, without unrated skills) to an occupation's needs.

    None if too little of the need is rated, or all ratings are the same.
    """
    needed = [need for need in needs if need.is_needed]
    compared = [need for need in needed if need.skill_id in levels]
    if len(compared) < LEAST_COMMON or _asked(compared) < LEAST_COVERED * _asked(needed) or not has_variation(levels):
        return None
    return partial_fit(levels, needed)


def partial_fit(levels: Mapping[int, int], needs: Iterable[SkillNeed]) -> Fit | None:
    """Return the fit over all rated skills, even one: for needs that a user entered, which are few and not ranked.
    None if no needed skill is rated.
    """
    points = asked = Decimal(0)
    met = compared = needed = 0
    for need in needs:
        if not need.is_needed:
            continue
        needed += 1
        if (have := levels.get(need.skill_id)) is None:
            continue
        compared += 1
        level = need.whole_level
        met += have >= level
        points += need.importance * min(have, level)
        asked += need.importance * level
    return Fit(int(100 * points / asked + HALF), met, compared, needed, points) if compared else None


def _asked(needs: Iterable[SkillNeed]) -> Decimal:
    """Return the whole need in levels times importance."""
    return sum((need.importance * need.whole_level for need in needs), Decimal(0))
