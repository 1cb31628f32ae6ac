"""How needed levels spread over the scale."""

import numpy as np

from benchmarks.matching.floors import Floors
from benchmarks.matching.simulated_people import Release
from careerplan.matching.levels import CUTS, level_of

IMPORTANT = 3.0


def measure_levels(release: Release, floors: Floors) -> None:
    """Print how the needed levels spread over the scale, of requirements with an importance of 3 or more."""
    kinds = release.table.kinds
    levels = np.array(
        [
            level_of(release.table.figures[row, item], kinds[item])
            for row, item in zip(*np.nonzero(release.importance >= IMPORTANT), strict=True)
            if kinds[item] in CUTS
        ]
    )
    shares = np.bincount(levels, minlength=6) / len(levels)
    used = shares[shares > 0]
    bits = float(-(used * np.log2(used)).sum())
    print("\nImportant requirements by level: " + ", ".join(f"{n}: {100 * one:.1f} %" for n, one in enumerate(shares)))
    print(f"{bits:.2f} bits")
    floors.at_most("the largest level, per cent", 100 * shares.max(), 45)
    floors.at_least("level 5, per cent", 100 * shares[5], 5)
    floors.at_most("level 5, per cent", 100 * shares[5], 12)
    floors.at_least("bits of the levels", bits, 1.8)
