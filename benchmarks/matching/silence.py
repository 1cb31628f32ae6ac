"""Who is shown a list where the current occupation is not known."""

import numpy as np

from benchmarks.matching import sizes
from benchmarks.matching.asking import levels_of
from benchmarks.matching.floors import Floors
from benchmarks.matching.hollow_people import hollow_people
from benchmarks.matching.simulated_people import OPTIMISTIC, PESSIMISTIC, Release, answers_of_everybody
from careerplan.matching.evidence import LEAST_ASKED, MOST_ASKED, Evidence, weigh
from careerplan.matching.occupations import AnswerVector, OccupationTable, posterior, prior
from careerplan.matching.questions import next_questions


def shown(table: OccupationTable, row: np.ndarray) -> tuple[bool, bool]:
    """Return whether somebody is shown a list after 25 questions, and whether by 40."""
    flat = prior(len(table.figures))
    asked: list[int] = []
    shares = flat
    after: list[bool] = []
    while len(asked) < MOST_ASKED:
        asked += next_questions(table, shares, levels_of(row, asked), skipped=asked)
        answers = AnswerVector.of(table, levels_of(row, asked))
        shares = posterior(table, answers, flat)
        if len(asked) >= LEAST_ASKED:
            evidence: Evidence = weigh(table, answers, flat, shares)
            after.append(evidence.is_telling)
    return after[0], any(after)


def measure_silence(release: Release, floors: Floors) -> None:
    """Print how often a list is shown to workers, and to people whose answers say nothing."""
    table, few = release.table, min(len(release.codes), sizes.PEOPLE, 300)
    groups = {
        f"workers, {one.name}": answers_of_everybody(table, one, one.seeds[0]) for one in (PESSIMISTIC, OPTIMISTIC)
    }
    groups |= hollow_people(table, few, 5)
    print(f"\nWho is shown a list\n\n{'':28}{'after 25':>10}{'by 40':>8}")
    for name, people in groups.items():
        rows = people[np.random.default_rng(1).permutation(len(people))[:few]]
        after = np.array([shown(table, row) for row in rows])
        at_25, by_40 = 100 * after.mean(axis=0)
        print(f"{name:28}{at_25:>9.0f}%{by_40:>7.0f}%")
        if name.startswith("workers"):
            floors.at_least(f"{name}, shown by 40", by_40, 68)
        elif name != "only 0 or 5":
            floors.at_most(f"{name}, shown by 40", by_40, 12 if name == "random" else 1)
