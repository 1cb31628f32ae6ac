"""Gap and fit: what an occupation asks for beside what somebody says they can do. Pure arithmetic.

The formulas, with their sources (docs/fit.md says the same at more length):

- *Needed*: an occupation needs a skill where its importance is 3 or more, "important" on O*NET's scale IM
  (Scales Reference.txt), and its level is at least 1 when shown as a whole number. In O*NET 29.3 that is about
  14 skills of an occupation (shared data, README). A level of 0, or a tiny one, asks for nothing.
- *Gap* = max(0, need - have), in whole levels of our scale (0 to 5). Ratings are whole, so the need is
  rounded half up first: a difference of less than half a level is within the error of both.
- *Weighted gap* = gap x importance. Borich, "A needs assessment model for conducting follow-up studies",
  Journal of Teacher Education 31(3), 1980: discrepancy weighted by importance. Importance and level
  correlate at 0.97 in O*NET, so importance only weighs; it is never a gap of its own.
- *Fit* = 100 x sum(importance x min(have, need)) / sum(importance x need), over the skills that are both
  needed and rated by the person: the share of the need that is met. Demands-abilities fit (Edwards,
  "Person-job fit", International Review of Industrial and Organizational Psychology 6, 1991), in which more
  than is asked does not make up for less elsewhere.

No answer is no figure: an unrated skill is left out, never zero. There is no fit over fewer than
LEAST_COMMON skills or less than LEAST_COVERED of what is needed, and none for somebody whose answers are all
the same: these do not tell one occupation from another, and any order would be the catalogue's, not theirs.
A fit is shown as it is ranked, in steps of 5 per cent up to MOST_SHOWN ("about 95%").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

IMPORTANT = Decimal(3)
"""O*NET scale IM: 1 not, 2 somewhat, 3 important, 4 very, 5 extremely."""
LEAST_NEEDED = 1
"""Whole levels; below it nothing is asked for."""
STEP = 5
"""Per cent. A rating is a whole level, so it may be half a level off: 17 % of a need of 3; over some 15
skills that is 17 / sqrt(15), about 4 points of a fit. Fits of the same step are not ranked by their
difference, and look the same."""
MOST_SHOWN = 95
"""Per cent. Within that error, nobody's ratings say 100: the highest step is the last one below it."""
LEAST_COMMON = 5
"""Skills that are needed and rated, for a fit to say anything: about a third of the usual 14. Our own choice."""
LEAST_COVERED = Decimal("0.5")
"""The share of the need, in levels times importance, that must be rated for a fit to say anything: else what is
not known weighs more than what is. Our own choice; a higher share favours occupations that need little."""
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """What an occupation needs of one skill: `level` 0 to 5 and `importance` 1 to 5, both to two decimals."""

    skill_id: int
    level: Decimal
    importance: Decimal
    low_precision: bool = False
    name: str = ""

    @property
    def whole_level(self) -> int:
        """The level as it is shown and compared: 0 to 5, a half rounded up."""
        return int(self.level + HALF)

    @property
    def is_needed(self) -> bool:
        """Whether it is important, and asks for anything at all."""
        return self.importance >= IMPORTANT and self.whole_level >= LEAST_NEEDED

    @property
    def weight(self) -> Decimal:
        """Importance times level: how much the skill matters there beside the others."""
        return self.importance * self.level


@dataclass(frozen=True, slots=True)
class Fit:
    """How much of the need is met: `percent` 0 to 100, over the `compared` of its `needed` skills that are rated.

    Of the compared ones `met` have no gap. `points` is the met part of the need in levels times importance. Of two fits
    that are `rounded_percent` the same the one with more points comes first: it rests on more skills and uses more of
    what the person can do.
    """

    percent: int
    met: int
    compared: int
    needed: int
    points: Decimal

    @property
    def rounded_percent(self) -> int:
        """The fit as it is ranked and shown, in per cent: to the nearest step of 5, and at most 95."""
        return min(MOST_SHOWN, (2 * self.percent + STEP) // (2 * STEP) * STEP)


def gap(need: int, have: int) -> int:
    """How many whole levels are missing (0 to 5); more than is needed is no gap, and no credit either."""
    return max(0, need - have)


def weighted_gap(need: SkillNeed, have: int) -> Decimal:
    """The gap (whole levels) times the importance (1 to 5): what gaps are sorted by."""
    return gap(need.whole_level, have) * need.importance


def has_variation(levels: Mapping[int, int]) -> bool:
    """Whether ratings (0 to 5 by skill id) can tell occupations from each other: they are not all the same."""
    return len(set(levels.values())) > 1


def fit(levels: Mapping[int, int], needs: Iterable[SkillNeed]) -> Fit | None:
    """The fit of somebody (ratings 0 to 5 by skill id, unrated ones left out) to an occupation's needs.

    None where it would say nothing: too little of the need is rated, or the same answer is given everywhere.
    """
    needed = [need for need in needs if need.is_needed]
    compared = [need for need in needed if need.skill_id in levels]
    if len(compared) < LEAST_COMMON or _asked(compared) < LEAST_COVERED * _asked(needed) or not has_variation(levels):
        return None
    return partial_fit(levels, needed)


def partial_fit(levels: Mapping[int, int], needs: Iterable[SkillNeed]) -> Fit | None:
    """The same figure over whatever is rated, be it one skill: for needs that somebody wrote down themselves, which are
    few, and are not ranked against a catalogue. None where nothing that is needed is rated.
    """
    needed = [need for need in needs if need.is_needed]
    compared = [need for need in needed if need.skill_id in levels]
    if not compared:
        return None
    points = sum((need.importance * min(levels[need.skill_id], need.whole_level) for need in compared), Decimal(0))
    met = sum(gap(need.whole_level, levels[need.skill_id]) == 0 for need in compared)
    return Fit(int(100 * points / _asked(compared) + HALF), met, len(compared), len(needed), points)


def _asked(needs: Iterable[SkillNeed]) -> Decimal:
    """All that is asked for, in levels times importance."""
    return sum((need.importance * need.whole_level for need in needs), Decimal(0))
