"""Choose the next questions: those whose answers will tell the remaining occupations apart best.

The gain of a question is half of log(variance of its answer / variance of its noise): what an answer would say, less
what the person's tendencies and the noise would say anyway. Questions are taken greedily, each conditioned on those
before it, so that a page does not ask the same thing five times (Lindley, "On a measure of the information provided by
an experiment", Annals of Mathematical Statistics 27, 1956).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from careerplan.matching.occupations import Floats, OccupationTable

PAGE = 5


def next_questions(
    table: OccupationTable,
    shares: Floats,
    answered: Collection[int],
    *,
    skipped: Collection[int] = (),
    count: int = PAGE,
    allowed: Iterable[int] = (),
) -> list[int]:
    """Return up to `count` columns to ask next, the most telling first.

    `shares` is the posterior over the rows of the table. What was answered or skipped is not asked again. With
    `allowed` only those columns are considered. The result depends on nothing else: same answers, same page.
    """
    open_items = sorted(set(allowed or range(len(table.kinds))) - set(answered) - set(skipped))
    if not open_items:
        return []
    items = np.array(open_items, dtype=np.intp)
    known = np.array(sorted(answered), dtype=np.intp)
    noise = np.diag(table.noise[items]) + _tendencies_left(table, known, items)
    figures = table.figures[:, items]
    centred = figures - shares @ figures
    total = noise + (centred * shares[:, None]).T @ centred
    chosen: list[int] = []
    open_places = list(range(len(items)))
    while open_places and len(chosen) < count:
        gains = np.log(np.diag(total)[open_places]) - np.log(np.diag(noise)[open_places])
        best = open_places[int(np.argmax(gains.round(9)))]
        chosen.append(int(items[best]))
        open_places.remove(best)
        total -= np.outer(total[:, best], total[best]) / total[best, best]
        noise -= np.outer(noise[:, best], noise[best]) / noise[best, best]
        # What was just chosen has no variance left; it is not looked at again.
        total[best, best] = noise[best, best] = 1.0
    return chosen


def _tendencies_left(table: OccupationTable, answered: np.ndarray, items: np.ndarray) -> Floats:
    """Return the covariance that the person's tendencies still give to unanswered items."""
    known, tendencies = table.tendencies[answered], table.tendencies[items]
    precision = np.eye(tendencies.shape[1]) + known.T @ (known / table.noise[answered][:, None])
    left: Floats = tendencies @ np.linalg.inv(precision) @ tendencies.T
    return left
