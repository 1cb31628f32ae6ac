"""What is found where the current occupation is known, and who is shown a list early."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.matching import sizes
from benchmarks.matching.asking import chosen_scores
from benchmarks.matching.floors import Floors
from benchmarks.matching.hollow_people import hollow_people
from benchmarks.matching.ranks import ranks_of
from benchmarks.matching.simulated_people import OPTIMISTIC, PESSIMISTIC, Release, Setting, answers_of_everybody
from careerplan.matching.evidence import LEAST_ASKED_WITH_CURRENT, weigh
from careerplan.matching.occupations import AnswerVector, prior
from careerplan.matching.questions import PAGE

KINDS = ("the same", "related", "elsewhere")
SETTINGS = (PESSIMISTIC.name, OPTIMISTIC.name)
LEAST_SHOWN = (85, 95)  # per cent of those who answer as their current occupation, in these settings
MOST_SHOWN = {"random": 5, "only 0 or 5": 5}  # per cent; of the others 1


def measure_current_known(release: Release, setting: Setting, seed: int, floors: Floors) -> None:
    """Print what is found where the current occupation is known: 40 % fit it, 35 % a related one, 25 % any other."""
    table, count = release.table, len(release.codes)
    chance = np.random.default_rng(seed + 5000)
    kind = chance.choice(3, count, p=(0.40, 0.35, 0.25))
    truth = np.arange(count)
    for row in range(count):
        if kind[row] == 1 and release.related[row]:
            truth[row] = chance.choice(release.related[row])
        elif kind[row] == 2:
            truth[row] = chance.integers(count)
    people = answers_of_everybody(table, setting, seed)[truth][: sizes.PEOPLE]
    kind, truth = kind[: sizes.PEOPLE], truth[: sizes.PEOPLE]
    befores = [prior(count, row, release.related[row]) for row in range(len(people))]
    scores, _levels = chosen_scores(table, people, befores.__getitem__, 5)
    print(f"\nCurrent occupation known, {setting.name}: own among the first five\n")
    print(f"{'':12}{'all':>7}{'the same':>10}{'related':>9}{'elsewhere':>11}")
    tops: list[float] = []
    for page, name in ((0, "5 questions"), (2, "15"), (4, "25")):
        hit = ranks_of(release, scores[page], truth.tolist()).own <= 5
        tops = [100 * float(hit[chosen].mean()) for chosen in (kind >= 0, kind == 0, kind == 1, kind == 2)]
        print(f"{name:12}{tops[0]:>6.0f}%{tops[1]:>9.0f}%{tops[2]:>8.0f}%{tops[3]:>10.0f}%")
    index = (PESSIMISTIC, OPTIMISTIC).index(setting)
    for name, value, floor in zip(
        ("overall", "related", "elsewhere"), (tops[0], tops[2], tops[3]), ((80, 87), (86, 93), (36, 58)), strict=True
    ):
        floors.at_least(f"current known, {name}, {setting.name}", value, floor[index])
    few = list(range(0, len(people), 2))
    measure_early_lists(release, Movers(people[few], truth[few], kind[few], few), index, floors)


@dataclass(frozen=True)
class Movers:
    """People with a known current occupation (`rows`) who answer as workers of another one would (`truth`); `kind` is 0
    for the same, 1 for a related one, 2 for any other.
    """

    answers: np.ndarray
    truth: np.ndarray
    kind: np.ndarray
    rows: Sequence[int]


def measure_early_lists(release: Release, people: Movers, index: int, floors: Floors) -> None:
    """Print who is shown a list after 15 and 20 questions, and how often it is wrong."""
    for page in (LEAST_ASKED_WITH_CURRENT // PAGE, LEAST_ASKED_WITH_CURRENT // PAGE + 1):
        shares, told = early_lists(release, people.answers, people.rows, page)
        first = [{int(one) for one in np.argsort(-row)[:5]} for row in shares]
        own = np.array([int(true) in five for true, five in zip(people.truth, first, strict=True)])
        related = [bool(five & set(release.related[true])) for true, five in zip(people.truth, first, strict=True)]
        print(f"\n{f'A list after {page * PAGE} questions':28}{'shown':>8}{'without own':>14}{'and related':>14}")
        for number, name in enumerate(KINDS):
            here = (people.kind == number) & told
            wrong = [100 * float(np.mean(~one[here])) if here.any() else 0 for one in (own, own | np.array(related))]
            shown = 100 * float(here.sum() / (people.kind == number).sum())
            print(f"{name:28}{shown:>7.0f}%{wrong[0]:>13.0f}%{wrong[1]:>13.0f}%")
            if number == 0:
                floors.at_least(f"own work, list after {page * PAGE}, {SETTINGS[index]}", shown, LEAST_SHOWN[index])


def measure_early_silence(release: Release, floors: Floors) -> None:
    """Print who is shown a list whose answers say nothing, where the current occupation is known."""
    count = min(sizes.HOLLOW, sizes.PEOPLE)
    rows = np.random.default_rng(3).integers(0, len(release.codes), count).tolist()
    print(f"\nCurrent occupation known, answers that say nothing\n\n{'':28}{'after 15':>10}{'after 20':>10}")
    for name, people in hollow_people(release.table, count, 6).items():
        pages = (LEAST_ASKED_WITH_CURRENT // PAGE, LEAST_ASKED_WITH_CURRENT // PAGE + 1)
        shown = [100 * float(early_lists(release, people, rows, page)[1].mean()) for page in pages]
        print(f"{name:28}{shown[0]:>9.1f}%{shown[1]:>9.1f}%")
        for page, value in zip(pages, shown, strict=True):
            floors.at_most(f"{name}, list after {page * PAGE}", value, MOST_SHOWN.get(name, 1))


def early_lists(release: Release, people: np.ndarray, rows: Sequence[int], pages: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the posteriors after some pages, and who is shown a list."""
    befores = [prior(len(release.codes), row, release.related[row]) for row in rows]
    scores, levels = chosen_scores(release.table, people, befores.__getitem__, pages)
    told = [
        weigh(release.table, AnswerVector.of(release.table, known), befores[person], shares, rows[person]).is_telling
        for person, (shares, known) in enumerate(zip(scores[-1], levels, strict=True))
    ]
    return scores[-1], np.array(told)
