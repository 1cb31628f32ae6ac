"""Gaps: the skills and knowledge that an occupation needs against a user's ratings. Pure arithmetic.

The formulas, with their sources (docs/fit.md explains them at more length):

- *Needed*: an occupation needs a skill if its importance is 3 or more, "important" on O*NET's scale IM (Scales
Reference.txt), and its level is at least 1. In O*NET 29.3 that is about 14 of 35 skills and 10 of 33 fields of
knowledge per occupation.

- *Gap*: how many whole levels are missing (0 to 5). A gap of one level counts only if the figures differ by half a
point or more on O*NET's 0 to 7, because a rating is the middle of its level and may be next to the cut.

- *Weighted gap* = importance x missing figure / the spread of that skill's figures over all occupations. Importance as
a weight: Borich, "A needs assessment model for conducting follow-up studies", Journal of Teacher Education 31(3), 1980.
Divided by the spread, a gap in something that hardly differs between occupations comes before the same gap in something
that differs widely.

- *Share met* = 100 x sum(importance x min(have, need)) / sum(importance x need), over what is needed and rated: for the
needs of an opportunity, which a user entered. It orders opportunities and is never shown. It ranks no occupations;
matching/ does.

- *Skills met*, in words: all, most (more than half), some (at least one), none. A word is said only if the skills that
are not rated cannot change it; until then we ask for them.

An unrated skill is left out, never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from careerplan.matching.levels import ItemKind, figure_of

IMPORTANT = Decimal(3)
"""O*NET scale IM: 1 not, 2 somewhat, 3 important, 4 very, 5 extremely."""
LEAST_NEEDED = 1
"""Whole levels; below this, nothing is needed."""
LEAST_DIFFERENCE = 0.5
"""Of figures (0 to 7); below this, a missing level is within the error of a rating."""
RATING_ERROR = 5
"""Per cent. A rating is a whole level, so it may be half a level off: 17 % of a need of 3; over some 15
skills that is 17 / sqrt(15), about 4 points. Shares that differ by less cannot be told apart."""
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class SkillNeed:
    """The level (0 to 5) and importance (1 to 5) of a skill or field of knowledge in an occupation or opportunity.

    `figure` is the level on O*NET's scale (0 to 7), None where only a level is known. `spread` is the standard
    deviation of the figures of all occupations.
    """

    skill_id: int
    level: int
    importance: Decimal
    low_precision: bool = False
    name: str = ""
    figure: float | None = None
    spread: float = 1.0
    kind: ItemKind = ItemKind.SKILL

    @property
    def is_needed(self) -> bool:
        """Return whether the skill is important and its level above 0."""
        return self.importance >= IMPORTANT and self.level >= LEAST_NEEDED

    @property
    def weight(self) -> float:
        """Return importance times figure: the weight of the skill in the occupation."""
        return float(self.importance) * self._figure

    @property
    def _figure(self) -> float:
        return figure_of(self.level, self.kind) if self.figure is None else self.figure

    def missing(self, have: int) -> float:
        """Return by how much the figure is above that of a rating (0 to 5); 0 if it is not."""
        return max(0.0, self._figure - figure_of(have, self.kind))

    def gap(self, have: int) -> int:
        """Return how many whole levels a rating (0 to 5) lacks; a surplus is not a gap and earns no credit."""
        levels = self.level - have
        return levels if levels > 0 and self.missing(have) >= LEAST_DIFFERENCE else 0

    def weighted_gap(self, have: int) -> float:
        """Return what gaps are sorted by; 0 without a gap."""
        return float(self.importance) * self.missing(have) / self.spread if self.gap(have) else 0.0


class SkillsMet(IntEnum):
    """How many of the needed skills a user has at the level needed: none, some (at least one), most (more than half)
    or all.
    """

    NONE = 0
    SOME = 1
    MOST = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class ShareMet:
    """How far needs are met: `met` of the `compared` (rated) of the `needed` skills have no gap.

    `percent` is the share of the levels, 0 to 100, over the compared skills: to sort and to average, never to show.
    """

    percent: int
    met: int
    compared: int
    needed: int

    @property
    def unrated(self) -> int:
        """Return how many needed skills are not rated."""
        return self.needed - self.compared

    @property
    def skills_met(self) -> SkillsMet | None:
        """Return how many skills are met; None if that is too little to say, because unrated skills could change it."""
        at_least, at_most = (self._word(met) for met in (self.met, self.met + self.unrated))
        return at_least if at_least is at_most else None

    def _word(self, met: int) -> SkillsMet:
        if met == self.needed:
            return SkillsMet.ALL
        if 2 * met > self.needed:
            return SkillsMet.MOST
        return SkillsMet.SOME if met else SkillsMet.NONE

    def is_ahead_of(self, other: "ShareMet") -> bool:
        """Return whether more is met by more than the error of ratings: of the levels, and no less of the skills."""
        has_skills = self.met * other.compared >= other.met * self.compared
        return has_skills and self.percent >= other.percent + RATING_ERROR


def share_met(levels: Mapping[int, int], needs: Iterable[SkillNeed]) -> ShareMet | None:
    """Return the share of the needs that ratings (0 to 5 by skill id) meet; None if no needed skill is rated."""
    needed = [need for need in needs if need.is_needed]
    compared = [need for need in needed if need.skill_id in levels]
    if not compared:
        return None
    asked = sum((need.importance * need.level for need in compared), Decimal(0))
    points = sum((need.importance * min(levels[need.skill_id], need.level) for need in compared), Decimal(0))
    met = sum(levels[need.skill_id] >= need.level for need in compared)
    return ShareMet(int(100 * points / asked + HALF), met, len(compared), len(needed))
