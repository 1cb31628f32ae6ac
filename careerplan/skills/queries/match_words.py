"""How close answers are to an occupation, and how much someone would like it, in words."""

from enum import IntEnum

from django.utils.translation import pgettext

LIKED_A_LOT, LIKED_SOMEWHAT = 0.6, 0.2
"""Correlation of the interests: a quarter of all occupations are above the first, half of them below the second, and
nine of ten people's own occupation is not below it (docs/fit.md).
"""
VERY_CLOSE, CLOSE = 1 / 3, 1 / 20
"""Share of the posterior beside that of the first occupation. What is very close cannot be told apart from it."""


class Closeness(IntEnum):
    """How close the answers are to an occupation, in words: a probability would claim more than it can."""

    SOME_OVERLAP = 1
    CLOSE = 2
    VERY_CLOSE = 3

    @property
    def label(self) -> str:
        """Return the words."""
        return {
            Closeness.SOME_OVERLAP: pgettext("closeness of an occupation", "some overlap"),
            Closeness.CLOSE: pgettext("closeness of an occupation", "close"),
            Closeness.VERY_CLOSE: pgettext("closeness of an occupation", "very close"),
        }[self]


class InterestFit(IntEnum):
    """How much somebody would like an occupation, judging by their interests, in words."""

    A_LITTLE = 1
    SOMEWHAT = 2
    A_LOT = 3

    @property
    def label(self) -> str:
        """Return the words."""
        return {
            InterestFit.A_LITTLE: pgettext("how much they would like an occupation", "a little"),
            InterestFit.SOMEWHAT: pgettext("how much they would like an occupation", "somewhat"),
            InterestFit.A_LOT: pgettext("how much they would like an occupation", "a lot"),
        }[self]

    @classmethod
    def of(cls, correlation: float) -> "InterestFit":
        """Return the words for a correlation (-1 to 1)."""
        return cls(1 + (correlation >= LIKED_SOMEWHAT) + (correlation >= LIKED_A_LOT))
