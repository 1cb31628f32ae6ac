"""How often people are matched with their own occupation: simulated workers of every rated occupation.

The noise model is in simulated_people.py, the protocol and its sources in docs/fit.md. The last line says which floors
are missed; the exit status is then 1. Without the O*NET release in ../shared/data there is nothing to measure.
"""

import numpy as np

from benchmarks.matching import sizes
from benchmarks.matching.floors import Floors
from benchmarks.matching.known_occupation import measure_current_known, measure_early_silence
from benchmarks.matching.levels import measure_levels
from benchmarks.matching.recovery import measure_recovery, measure_without_noise
from benchmarks.matching.silence import measure_silence
from benchmarks.matching.simulated_people import OPTIMISTIC, PESSIMISTIC, find_archive, read_release
from benchmarks.matching.speed import measure_speed


def measure() -> list[str]:
    """Print everything; return the floors that are missed."""
    archive = find_archive()
    if archive is None:
        print("\nThe O*NET release is not in ../shared/data/onet: matching is not measured.")
        return []
    release, floors, leads = read_release(archive), Floors(), []
    measure_levels(release, floors)
    measure_without_noise(release, floors)
    for setting in (PESSIMISTIC, OPTIMISTIC):
        leads += [measure_recovery(release, setting, seed, floors) for seed in (*setting.seeds, *sizes.OTHER_SEEDS)]
        for seed in setting.seeds:
            measure_current_known(release, setting, seed, floors)
    floors.at_least("chosen questions beside the best fixed set, points", float(np.mean(leads)), 2)
    measure_early_silence(release, floors)
    measure_silence(release, floors)
    measure_speed(release, floors)
    return floors.missed()
