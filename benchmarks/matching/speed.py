"""How long a ranking and the choice of a page take."""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.matching import sizes
from benchmarks.matching.floors import Floors
from benchmarks.matching.simulated_people import Release
from careerplan.matching.occupations import AnswerVector, posterior, prior
from careerplan.matching.questions import next_questions


def measure_speed(release: Release, floors: Floors) -> None:
    """Print the time of a ranking and of a page's choice, in ms."""
    table = release.table
    levels = dict.fromkeys(range(len(table.kinds)), 3)
    flat = prior(len(release.codes))

    def once(call: Callable[[], object]) -> float:
        times = []
        for _ in range(sizes.CALLS):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        return 1000 * float(np.median(times))

    half = dict.fromkeys(range(0, len(table.kinds), 2), 3)
    rank = once(lambda: posterior(table, AnswerVector.of(table, levels), flat))
    choice = once(lambda: next_questions(table, flat, half))
    print(f"\nA ranking {rank:.2f} ms, a page's choice {choice:.2f} ms (medians)")
    floors.at_most("rank and choice, ms", rank + choice, 20)
