"""How often people are matched with their own occupation: simulated workers of every rated occupation.

The noise model is in simulated_people.py, the protocol and its sources in docs/fit.md. The last line says which floors
are missed; the exit status is then 1. Without the O*NET release in ../shared/data there is nothing to measure.
"""

import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.simulated_people import (
    OPTIMISTIC,
    PESSIMISTIC,
    Release,
    Setting,
    answers_of_everybody,
    find_archive,
    read_release,
)
from careerplan.local.processes import ROOT
from careerplan.matching.evidence import LEAST_ASKED, MOST_ASKED, Evidence, weigh
from careerplan.matching.levels import CUTS, ItemKind, level_of
from careerplan.matching.occupations import AnswerVector, Floats, OccupationTable, log_likelihood, posterior, prior
from careerplan.matching.questions import PAGE, next_questions

PEOPLE = 100_000  # at most so many of each setting and seed; the release has 879
OTHER_SEEDS = (7, 2027)
IMPORTANT = 3.0
HEAD = f"{'':30}{'top 1':>8}{'top 5':>8}{'top 10':>8}{'median':>8}{'related 10':>12}{'20':>6}"

Ranker = Callable[[np.ndarray], Floats]


@dataclass
class Floors:
    """What was to be reached, by name, and the values that were found: one for each seed."""

    values: dict[str, list[float]] = field(default_factory=dict)
    limits: dict[str, tuple[float, bool]] = field(default_factory=dict)

    def at_least(self, what: str, value: float, floor: float) -> None:
        """Note a value that must not be below its floor, in the mean of all seeds."""
        self.values.setdefault(what, []).append(value)
        self.limits[what] = floor, True

    def at_most(self, what: str, value: float, ceiling: float) -> None:
        """Note a value that must not be above its ceiling, in the mean of all seeds."""
        self.values.setdefault(what, []).append(value)
        self.limits[what] = ceiling, False

    def missed(self) -> list[str]:
        """Return what was missed."""
        found = []
        for what, values in self.values.items():
            (limit, is_floor), value = self.limits[what], float(np.mean(values))
            if (value < limit) if is_floor else (value > limit):
                found.append(f"{what}: {value:.1f}, {'at least' if is_floor else 'at most'} {limit:g}")
        return found


@dataclass(frozen=True)
class Ranks:
    """Where each person's own occupation came, and which share of its related ones came among the first."""

    own: np.ndarray
    related_10: float
    related_20: float

    def top(self, count: int) -> float:
        """Return the percentage whose own occupation is among the first `count`."""
        return float(100 * (self.own <= count).mean())

    def line(self, name: str) -> str:
        """Return a row of the table."""
        tops = "".join(f"{self.top(count):>7.1f}%" for count in (1, 5, 10))
        return f"{name:30}{tops}{np.median(self.own):>8.0f}{self.related_10:>11.0f}%{self.related_20:>5.0f}%"


def ranks_of(release: Release, scores: np.ndarray, truth: Sequence[int]) -> Ranks:
    """Return the ranks in an array of scores, a row for each person."""
    own, found_10, found_20 = [], [], []
    for row, true in zip(scores, truth, strict=True):
        own.append(int((row > row[true]).sum()) + 1)
        related = release.related[true]
        order = [int(one) for one in np.argsort(-row, kind="stable")[:21] if one != true]
        if related:
            found_10.append(len(set(related) & set(order[:10])) / len(related))
            found_20.append(len(set(related) & set(order[:20])) / len(related))
    return Ranks(np.array(own), 100 * float(np.mean(found_10 or [0])), 100 * float(np.mean(found_20 or [0])))


def levels_of(row: np.ndarray, items: Sequence[int]) -> dict[int, int]:
    """Return the answers of one person to some items, without those that were not sure."""
    return {item: int(row[item]) for item in items if row[item] >= 0}


def share_of_need_met(release: Release) -> Callable[[np.ndarray], Floats]:
    """Return the formula of before, as a baseline: the share of what an occupation needs in skills that is met."""
    skills = np.array([kind is ItemKind.SKILL for kind in release.table.kinds])
    needs = np.floor(release.table.figures[:, skills] * 5 / 7 + 0.5)
    weights = release.importance[:, skills] * ((release.importance[:, skills] >= IMPORTANT) & (needs >= 1))
    cuts = (0.5, 1.625, 2.65, 3.4, 4.025, 5.65)
    linear = np.array([np.floor(figure * 5 / 7 + 0.5) for figure in cuts])

    def score(row: np.ndarray) -> Floats:
        known = row[skills] >= 0
        have = linear[np.maximum(row[skills], 0)]
        met = (weights * np.minimum(have, needs))[:, known].sum(axis=1)
        asked = np.maximum((weights * needs)[:, known].sum(axis=1), 1e-9)
        percent = np.minimum(95, np.floor((2 * np.floor(100 * met / asked + 0.5) + 5) / 10) * 5)
        scores: Floats = percent + met / 1000
        return scores

    return score


def chosen_scores(
    table: OccupationTable, people: np.ndarray, before: Callable[[int], Floats], pages: int
) -> tuple[list[np.ndarray], list[dict[int, int]]]:
    """Ask everybody page after page; return the posteriors after each page, and everybody's answers."""
    scores = [np.zeros((len(people), len(table.figures))) for _ in range(pages)]
    answered: list[dict[int, int]] = []
    for person, row in enumerate(people):
        asked: list[int] = []
        shares = before(person)
        for page in range(pages):
            levels = levels_of(row, asked)
            asked += next_questions(table, shares, levels, skipped=asked)
            levels = levels_of(row, asked)
            shares = posterior(table, AnswerVector.of(table, levels), before(person))
            scores[page][person] = shares
        answered.append(levels)
    return scores, answered


def fixed_questions(table: OccupationTable, count: int) -> list[int]:
    """Return the best set that is the same for everybody: chosen once, with equal weights."""
    return next_questions(table, prior(len(table.figures)), [], count=count)


def shipped_rows(release: Release) -> list[int]:
    """Return the rows of the occupations that Careerplan ships."""
    with (ROOT / "careerplan/catalogue/data/occupations.toml").open("rb") as file:
        shipped = tomllib.load(file)
    return [row for row, code in enumerate(release.codes) if code in shipped]


# Floors of the issue: own occupation among the first five, in the pessimistic and the optimistic setting.
FLOORS = {
    "15 questions, chosen": (27, 49),
    "25 questions, chosen": (42, 72),
    "all items": (64, 88),
    "shipped, 15 chosen": (50, 72),
    "shipped, 25 chosen": (65, 86),
}


def measure_recovery(release: Release, setting: Setting, seed: int, floors: Floors) -> float:
    """Print how often the own occupation is found; return the lead of chosen over fixed questions, in points."""
    table, everybody = release.table, range(len(release.codes))
    people = answers_of_everybody(table, setting, seed)[:PEOPLE]
    truth = list(everybody)[:PEOPLE]
    flat = prior(len(table.figures))

    def ranked(items: Sequence[int], candidates: OccupationTable = table) -> Ranks:
        before = prior(len(candidates.figures))
        rows = [posterior(candidates, AnswerVector.of(candidates, levels_of(row, items)), before) for row in people]
        return ranks_of(release, np.array(rows), truth)

    print(f"\n{setting.name}, seed {seed}, {len(people)} people\n\n{HEAD}")
    baseline = share_of_need_met(release)
    found = {"share of need met (before)": ranks_of(release, np.array([baseline(row) for row in people]), truth)}
    skills = [item for item, kind in enumerate(table.kinds) if kind is ItemKind.SKILL]
    found["35 skills"] = ranked(skills)
    scores, _levels = chosen_scores(table, people, lambda _person: flat, MOST_ASKED // PAGE)
    for count in (15, 25, 40):
        found[f"{count} questions, chosen"] = ranks_of(release, scores[count // PAGE - 1], truth)
    found["25 questions, best fixed set"] = ranked(fixed_questions(table, 25))
    found["skills and knowledge"] = ranked(np.flatnonzero(table.is_ability).tolist())
    found["all items"] = ranked(range(len(table.kinds)))
    for name, ranks in found.items():
        print(ranks.line(name))
    shipped = measure_shipped(release, people)
    index = (PESSIMISTIC, OPTIMISTIC).index(setting)
    for name, floor in FLOORS.items():
        floors.at_least(f"{name}, {setting.name}", {**found, **shipped}[name].top(5), floor[index])
    floors.at_least(
        f"related in 10 after 25, {setting.name}",
        found["25 questions, chosen"].related_10,
        (13, 19)[index],
    )
    if setting is PESSIMISTIC:
        measure_calibration(scores[4], truth, floors)
    return found["25 questions, chosen"].top(5) - found["25 questions, best fixed set"].top(5)


def measure_shipped(release: Release, people: np.ndarray) -> dict[str, Ranks]:
    """Print the same where only the shipped occupations are candidates, described by themselves."""
    rows = [row for row in shipped_rows(release) if row < len(people)]
    own = OccupationTable.of(release.table.figures[rows], release.table.kinds)
    place = {row: number for number, row in enumerate(rows)}
    few = Release(
        codes=[release.codes[row] for row in rows],
        table=own,
        elements=release.elements,
        zones=release.zones[rows],
        related=[[place[one] for one in release.related[row] if one in place] for row in rows],
        importance=release.importance[rows],
    )
    flat = prior(len(rows))
    scores, _levels = chosen_scores(own, people[rows], lambda _person: flat, 5)
    baseline = share_of_need_met(few)
    found = {
        "shipped, before": ranks_of(few, np.array([baseline(row) for row in people[rows]]), range(len(rows))),
        "shipped, 15 chosen": ranks_of(few, scores[2], range(len(rows))),
        "shipped, 25 chosen": ranks_of(few, scores[4], range(len(rows))),
    }
    for name, ranks in found.items():
        print(ranks.line(name))
    return found


def measure_calibration(scores: np.ndarray, truth: Sequence[int], floors: Floors) -> None:
    """Print what the first five claim after 25 questions, beside how often it is true."""
    order = np.argsort(-scores, axis=1)[:, :5]
    claimed = np.take_along_axis(scores, order, axis=1).sum(axis=1)
    true = np.array([own in row for own, row in zip(truth, order, strict=True)])
    print("\nThe first five hold it, after 25 questions: claimed and true")
    for low in np.arange(0, 1, 0.2):
        here = (claimed >= low) & (claimed < low + 0.2)
        if here.sum() >= 50:
            print(f"  {100 * claimed[here].mean():>4.0f} % {100 * true[here].mean():>4.0f} %  ({here.sum()} people)")
            floors.at_most("claims above the truth", 100 * (claimed[here].mean() - true[here].mean()), 10)


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
    people = answers_of_everybody(table, setting, seed)[truth][:PEOPLE]
    kind, truth = kind[:PEOPLE], truth[:PEOPLE]
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
    few = list(range(0, len(people), 3))
    measure_early_lists(release, people[few], truth[few], kind[few], few)


def measure_early_lists(
    release: Release, people: np.ndarray, truth: np.ndarray, kind: np.ndarray, rows: Sequence[int]
) -> None:
    """Print who is shown a list after 15 questions, with a known current occupation (`rows`), and how often it is
    wrong.
    """
    befores = [prior(len(release.codes), row, release.related[row]) for row in rows]
    scores, levels = chosen_scores(release.table, people, befores.__getitem__, 3)
    shown, own, near = [], [], []
    for row, shares in enumerate(scores[2]):
        answers = AnswerVector.of(release.table, levels[row])
        shown.append(weigh(release.table, answers, befores[row], shares, rows[row]).is_telling)
        first = {int(one) for one in np.argsort(-shares)[:5]}
        own.append(int(truth[row]) in first)
        near.append(own[-1] or bool(first & set(release.related[truth[row]])))
    print(f"\n{'A list after 15 questions':28}{'shown':>8}{'without own':>14}{'without own and related':>26}")
    for number, name in enumerate(("the same", "related", "elsewhere")):
        here = (kind == number) & np.array(shown)
        wrong = [100 * (1 - np.array(one)[here].mean()) for one in (own, near)]
        print(f"{name:28}{100 * here.sum() / (kind == number).sum():>7.0f}%{wrong[0]:>13.0f}%{wrong[1]:>25.0f}%")


def hollow_people(table: OccupationTable, people: int, seed: int) -> dict[str, np.ndarray]:
    """Return people whose answers say nothing about occupations."""
    chance = np.random.default_rng(seed)
    ability, items = table.is_ability, len(table.kinds)
    liked = chance.integers(1, 8, (people, items))

    def with_interests(levels: np.ndarray) -> np.ndarray:
        return np.where(ability, levels, liked)

    same = np.repeat(chance.integers(0, 6, (people, 1)), items, axis=1)
    equal = np.where(ability, same, np.clip(same + 1, 1, 7))
    one = np.full((people, items), 3)
    one[np.arange(people), chance.integers(0, int(ability.sum()), people)] = 5
    halo = np.clip(np.rint(chance.uniform(1, 4.5, (people, 1)) + chance.normal(0, 0.6, (people, items))), 0, 5)
    return {
        "all equal": equal,
        "all 3, one different": one,
        "halo": with_interests(halo.astype(int)),
        "random": with_interests(chance.integers(0, 6, (people, items))),
        "only 0 or 5": with_interests(5 * chance.integers(0, 2, (people, items))),
    }


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
    table, few = release.table, min(len(release.codes), PEOPLE, 300)
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


def measure_without_noise(release: Release, floors: Floors) -> None:
    """Print what is found where everybody answers with the figures themselves."""
    table = release.table
    everything = np.arange(len(table.kinds))
    flat = np.log(prior(len(release.codes)))
    rows = [flat + log_likelihood(table, AnswerVector(everything, row)) for row in table.figures]
    ranks = ranks_of(release, np.array(rows), range(len(rows)))
    print(f"\n{ranks.line('no noise, all items')}")
    floors.at_least("own first without noise", ranks.top(1), 100)
    floors.at_least("related in 10 without noise", ranks.related_10, 37)


def measure_speed(release: Release, floors: Floors) -> None:
    """Print the time of a ranking and of a page's choice, in ms."""
    table = release.table
    levels = dict.fromkeys(range(len(table.kinds)), 3)
    flat = prior(len(release.codes))

    def once(call: Callable[[], object]) -> float:
        times = []
        for _ in range(50):
            start = time.perf_counter()
            call()
            times.append(time.perf_counter() - start)
        return 1000 * float(np.median(times))

    half = dict.fromkeys(range(0, len(table.kinds), 2), 3)
    rank = once(lambda: posterior(table, AnswerVector.of(table, levels), flat))
    choice = once(lambda: next_questions(table, flat, half))
    print(f"\nA ranking {rank:.2f} ms, a page's choice {choice:.2f} ms (medians)")
    floors.at_most("rank and choice, ms", rank + choice, 20)


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
        leads += [measure_recovery(release, setting, seed, floors) for seed in (*setting.seeds, *OTHER_SEEDS)]
        measure_current_known(release, setting, setting.seeds[0], floors)
    floors.at_least("chosen questions beside the best fixed set, points", float(np.mean(leads)), 2)
    measure_silence(release, floors)
    measure_speed(release, floors)
    return floors.missed()
