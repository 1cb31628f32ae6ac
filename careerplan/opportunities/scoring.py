"""The overall score of an opportunity, from 1 to 5 like the answers it is made of. Pure arithmetic.

Up to four parts with equal weight; a part that was not answered is left out, never zero:

- *skills*: the share of the levels needed that the user has (careerplan.skills.fit): none of them is 1, all are 5;
- *vision*: the user's score;
- *priorities*: the average of the scores of the priorities;
- *criteria*: the average of the scores of the user's own criteria, weighted (the additive weighting of Edwards, "How
  to use multiattribute utility measurement for social decisionmaking", IEEE SMC 7(5), 1977).

The score is their average, rounded to a whole number, because the answers are no more precise. There is none with
fewer than PARTS_MIN parts. Effects on goals and the reasons for and against are shown beside the score and not
counted: no formula knows how much a delayed goal matters.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = 1, 5
PARTS_MIN = 2


@dataclass(frozen=True, slots=True)
class OverallScore:
    """The average as a whole number from 1 to 5, and the number of its parts."""

    score: int
    parts: int


def share_score(percent: int) -> Decimal:
    """Convert a share in per cent to a score: 0 is 1, 50 is 3, 100 is 5."""
    return LOWEST + Decimal(percent) * (HIGHEST - LOWEST) / 100


def average_score(scores: Sequence[int]) -> Decimal | None:
    """Average scores; None without any."""
    return Decimal(sum(scores)) / len(scores) if scores else None


def weighted_score(scores: Iterable[tuple[int, int]]) -> Decimal | None:
    """Average pairs of (score, weight) by weight; None without any."""
    rows = list(scores)
    total = sum(weight for _score, weight in rows)
    return Decimal(sum(score * weight for score, weight in rows)) / total if total else None


def overall_score(*parts: Decimal | int | None) -> OverallScore | None:
    """Average the parts that are known; None with fewer than PARTS_MIN."""
    known = [Decimal(part) for part in parts if part is not None]
    if len(known) < PARTS_MIN:
        return None
    mean = sum(known, Decimal(0)) / len(known)
    return OverallScore(int(mean.quantize(Decimal(1), rounding=ROUND_HALF_UP)), len(known))
