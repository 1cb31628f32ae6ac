"""The overall score of an opportunity. Pure arithmetic.

Up to four parts, in per cent, with equal weight; a part that was not answered is left out, never zero:

- *skills*: the match of the user's skills with the skills needed (careerplan.skills.fit);
- *vision*: the user's score from 1 to 5, where 1 is 0% and 5 is 100%;
- *priorities*: the average of the scores of the priorities, in the same way;
- *criteria*: the average of the scores of the user's own criteria, weighted (the additive weighting of Edwards, "How
  to use multiattribute utility measurement for social decisionmaking", IEEE SMC 7(5), 1977).

The score is their average, rounded to steps of STEP per cent, because scores of 1 to 5 are no more precise. There is
none with fewer than PARTS_MIN parts. Effects on goals and the reasons for and against are shown beside the score
and not counted: no formula knows how much a delayed goal matters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from careerplan.skills.fit import STEP

LOWEST, HIGHEST = 1, 5
PARTS_MIN = 2


@dataclass(frozen=True, slots=True)
class OverallScore:
    """The average in per cent, rounded to STEP, and the number of its parts."""

    percent: int
    parts: int


def to_percent(score: Decimal | int) -> Decimal:
    """Convert a score from 1 to 5, or an average of scores, to per cent: 1 is 0, 3 is 50, 5 is 100."""
    return (Decimal(score) - LOWEST) * 100 / (HIGHEST - LOWEST)


def average_percent(scores: Sequence[int]) -> Decimal | None:
    """Average scores from 1 to 5, in per cent; None without any."""
    return to_percent(Decimal(sum(scores)) / len(scores)) if scores else None


def weighted_percent(scores: Iterable[tuple[int, int]]) -> Decimal | None:
    """Average pairs of (score, weight) by weight, in per cent; None without any."""
    rows = list(scores)
    total = sum(weight for _score, weight in rows)
    return to_percent(Decimal(sum(score * weight for score, weight in rows)) / total) if total else None


def overall_score(*parts: Decimal | int | None) -> OverallScore | None:
    """Average the parts that are known, in per cent; None with fewer than PARTS_MIN."""
    known = [Decimal(part) for part in parts if part is not None]
    if len(known) < PARTS_MIN:
        return None
    mean = sum(known, Decimal(0)) / len(known)
    return OverallScore(int((mean / STEP).quantize(Decimal(1), rounding=ROUND_HALF_UP)) * STEP, len(known))
