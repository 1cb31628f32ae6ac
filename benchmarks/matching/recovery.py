"""How often the own occupation is found, where nothing but the answers is known."""

import tomllib
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.matching import sizes
from benchmarks.matching.asking import chosen_scores, fixed_questions, levels_of
from benchmarks.matching.floors import Floors
from benchmarks.matching.ranks import HEAD, Ranks, ranks_of
from benchmarks.matching.simulated_people import OPTIMISTIC, PESSIMISTIC, Release, Setting, answers_of_everybody
from careerplan.local.processes import ROOT
from careerplan.matching.evidence import MOST_ASKED
from careerplan.matching.levels import ItemKind
from careerplan.matching.occupations import AnswerVector, Floats, OccupationTable, log_likelihood, posterior, prior
from careerplan.matching.questions import PAGE

IMPORTANT = 3.0
# Own occupation among the first five, in the pessimistic and the optimistic setting.
FLOORS = {
    "15 questions, chosen": (27, 49),
    "25 questions, chosen": (42, 72),
    "all items": (64, 88),
    "shipped, 15 chosen": (50, 72),
    "shipped, 25 chosen": (65, 86),
}


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


def shipped_rows(release: Release) -> list[int]:
    """Return the rows of the occupations that Careerplan ships."""
    with (ROOT / "careerplan/catalogue/data/occupations.toml").open("rb") as file:
        shipped = tomllib.load(file)
    return [row for row, code in enumerate(release.codes) if code in shipped]


def measure_recovery(release: Release, setting: Setting, seed: int, floors: Floors) -> float:
    """Print how often the own occupation is found; return the lead of chosen over fixed questions, in points."""
    table, everybody = release.table, range(len(release.codes))
    people = answers_of_everybody(table, setting, seed)[: sizes.PEOPLE]
    truth = list(everybody)[: sizes.PEOPLE]
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
