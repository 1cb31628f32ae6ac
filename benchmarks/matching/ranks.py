"""Where people's own occupation came."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.matching.simulated_people import Release

FAR = 2  # job zones above one's own
HEAD = f"{'':30}{'top 1':>8}{'top 5':>8}{'top 10':>8}{'median':>8}{'related 10':>12}{'20':>6}{'2 zones up':>12}"


@dataclass(frozen=True)
class Ranks:
    """Where each person's own occupation came, and which share of its related ones came among the first.

    `far`: the percentage whose first five have an occupation that takes years of study more than their own, which would
    be absurd to suggest as near: the product lists such occupations apart.
    """

    own: np.ndarray
    related_10: float
    related_20: float
    far: float

    def top(self, count: int) -> float:
        """Return the percentage whose own occupation is among the first `count`."""
        return float(100 * (self.own <= count).mean())

    def line(self, name: str) -> str:
        """Return a row of the table."""
        tops = "".join(f"{self.top(count):>7.1f}%" for count in (1, 5, 10))
        related = f"{self.related_10:>11.0f}%{self.related_20:>5.0f}%"
        return f"{name:30}{tops}{np.median(self.own):>8.0f}{related}{self.far:>11.0f}%"


def ranks_of(release: Release, scores: np.ndarray, truth: Sequence[int]) -> Ranks:
    """Return the ranks in an array of scores, a row for each person."""
    own, found_10, found_20, far = [], [], [], []
    for row, true in zip(scores, truth, strict=True):
        own.append(int((row > row[true]).sum()) + 1)
        first = np.argsort(-row, kind="stable")[:5]
        far.append(0 < release.zones[true] <= release.zones[first].max() - FAR)
        related = release.related[true]
        order = [int(one) for one in np.argsort(-row, kind="stable")[:21] if one != true]
        if related:
            found_10.append(len(set(related) & set(order[:10])) / len(related))
            found_20.append(len(set(related) & set(order[:20])) / len(related))
    return Ranks(
        np.array(own),
        100 * float(np.mean(found_10 or [0])),
        100 * float(np.mean(found_20 or [0])),
        100 * float(np.mean(far)),
    )
