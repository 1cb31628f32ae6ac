"""How much speaks for an opportunity, in one rough figure. Pure arithmetic; the page says how it comes about.

Up to four parts, each in per cent, each counting alike; a part that was not answered is left out, never zero:

- *skills*: the fit of the inventory with what is needed (careerplan.skills.fit);
- *vision*: the person's score from 1 to 5, where 1 is 0 % and 5 is 100 %;
- *priorities*: the average of their scores, in the same way;
- *criteria*: the average of the scores of their own criteria, weighted by how much each counts (the additive
  weighting of Edwards, "How to use multiattribute utility measurement for social decisionmaking", IEEE SMC 7(5), 1977).

The figure is their average, in steps of STEP per cent: scores of 1 to 5 carry no more. It is none with fewer than
LEAST_PARTS parts. What an opportunity does to goals, and the reasons for and against it in the person's words, are
shown beside it and not counted: how much a delayed goal weighs, a formula cannot know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from careerplan.skills.fit import STEP

LOWEST, HIGHEST = 1, 5
LEAST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Overall:
    """The figure: `about` so many per cent in steps of STEP, from so many parts."""

    about: int
    parts: int


def per_cent(score: Decimal | int) -> Decimal:
    """A score from 1 to 5, or an average of some, in per cent: 1 is 0, 3 is 50, 5 is 100."""
    return (Decimal(score) - LOWEST) * 100 / (HIGHEST - LOWEST)


def average(scores: Sequence[int]) -> Decimal | None:
    """The average of scores, in per cent; None without any."""
    return per_cent(Decimal(sum(scores)) / len(scores)) if scores else None


def weighted(scores: Iterable[tuple[int, int]]) -> Decimal | None:
    """The average of (score, weight) by weight, in per cent; None without any."""
    rows = list(scores)
    whole = sum(weight for _score, weight in rows)
    return per_cent(Decimal(sum(score * weight for score, weight in rows)) / whole) if whole else None


def overall(*parts: Decimal | int | None) -> Overall | None:
    """The average of the parts that are known, in per cent."""
    known = [Decimal(part) for part in parts if part is not None]
    if len(known) < LEAST_PARTS:
        return None
    mean = sum(known, Decimal(0)) / len(known)
    return Overall(int((mean / STEP).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * STEP, len(known))
