"""The headline of a view of the results: the most surprising fact that is true of the user.

A fact's surprise is -log10 of the chance of something like it: the tail of the normal distribution for a difference in
standard deviations, or the share of occupations for a mix of skills. The chance is multiplied by the number of facts it
was chosen from (Bonferroni), because the largest of 25 differences is not a surprise in itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log10
from statistics import NormalDist

LEAST_CHANCE = 1e-12


@dataclass(frozen=True, slots=True)
class Headline:
    """A heading and the sentences below it.

    `surprise`: see the module; 0 for what is said without a surprise. `is_new`: whether it is likely to be news.
    """

    title: str
    lead: str = ""
    surprise: float = 0.0
    is_new: bool = True


def surprise(chance: float, tried: int = 1) -> float:
    """Return -log10 of a chance (0 to 1), corrected for the number of facts it was chosen from."""
    return -log10(min(1.0, max(LEAST_CHANCE, chance) * max(1, tried)))


def chance_of(difference: float) -> float:
    """Return the chance of a difference of so many standard deviations, or a larger one."""
    return 1 - NormalDist().cdf(difference)


def most_surprising(facts: Iterable[Headline | None], *, otherwise: Headline) -> Headline:
    """Return the fact with the largest surprise; of equals the first."""
    return max((fact for fact in facts if fact), key=lambda fact: fact.surprise, default=otherwise)
