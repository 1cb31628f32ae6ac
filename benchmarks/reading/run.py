"""How many sentences that ask for a skill are found, at how many false alarms: `make bench ARGS=reading`.

The model was fitted on the training part of SkillSpan, its cut-off and calibration on the development part, and only
then was the test part opened. Then for each of the two sources: fitted and cut on the other one, tested on this one.
Then which skill or occupation a phrase means (mapping.py).
"""

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.matching.floors import Floors
from benchmarks.reading import mapping, skillspan, train
from benchmarks.reading.calibration import BINS, calibration_error
from benchmarks.reading.skillspan import Sentence
from careerplan.reading.asking_model import AskingModel, asking_model
from careerplan.reading.skill_finder import SearchedSkill, find_skills, read_advert

EVERY = 1
"""Of each part every n-th sentence is read; 1: all."""
FOUND_MIN, FALSE_MAX = 70, 8  # per cent
ACROSS_MIN, ACROSS_FALSE = 49, 7
CALIBRATION_MAX = 5
CATALOGUE = Path("careerplan/catalogue/data")


def measure() -> list[str]:
    """Print the table; return the floors that are missed."""
    floors = Floors()
    parts = {part: skillspan.load(part)[::EVERY] for part in skillspan.PARTS}
    test = parts[skillspan.TEST]
    print(f"\nSentences of adverts, SkillSpan: {', '.join(f'{part} {len(rows)}' for part, rows in parts.items())}\n")
    print(f"{'':44}{'found, %':>10}{'false, %':>10}")
    skills = _skills()
    _row("rules: skills of our list", test, lambda text: bool(find_skills(text, skills)))
    _row("rules and guesses: skills of our list", test, lambda text: bool(read_advert(text, skills).skills))
    model = asking_model()
    found, false = _row("model", test, _cut(model))
    floors.at_least("sentences that ask are found, %", found, FOUND_MIN)
    floors.at_most("sentences that ask for nothing are taken, %", false, FALSE_MAX)
    for source in skillspan.SOURCES:
        others = {part: [one for one in rows if one.source != source] for part, rows in parts.items()}
        across = train.fit(others[skillspan.TRAIN], others[skillspan.DEV], false_alarms=ACROSS_FALSE / 100)
        rows = [one for one in test if one.source == source]
        _row(f"model, fitted without {source}, tested on it", rows, _cut(across))
        found = _found_at(across, rows, ACROSS_FALSE / 100)
        print(f"{'... where the cut-off gives':44}{found:>10.1f}{ACROSS_FALSE:>10.1f}")
        floors.at_least(
            f"found in {source} at {ACROSS_FALSE} % false by what was fitted without it, %", found, ACROSS_MIN
        )
    said = [model.probability(one.text) for one in test]
    error = 100 * calibration_error(said, [one.asks for one in test])
    print(f"\nCalibration error of the probabilities ({BINS} bins): {error:.1f} points")
    floors.at_most("calibration error, points", error, CALIBRATION_MAX)
    mapping.measure(floors)
    return floors.missed()


def _skills() -> list[SearchedSkill]:
    """Return the skills and fields of knowledge of our list."""
    files = [tomllib.loads((CATALOGUE / name).read_text("utf-8")) for name in ("skills.toml", "knowledge.toml")]
    listed = [skill for file in files for group in file["group"] for skill in group["skill"]]
    return [SearchedSkill(number, skill["name"], skill["key"]) for number, skill in enumerate(listed)]


def _cut(model: AskingModel) -> Callable[[str], bool]:
    return lambda text: model.probability(text) >= model.threshold


def _row(name: str, sentences: Sequence[Sentence], asks: Callable[[str], bool]) -> tuple[float, float]:
    """Print and return how many of those that ask are found, and how many of the others are taken, in per cent."""
    said = np.array([asks(one.text) for one in sentences])
    wanted = np.array([one.asks for one in sentences])
    found, false = 100 * float(said[wanted].mean()), 100 * float(said[~wanted].mean())
    print(f"{name:44}{found:>10.1f}{false:>10.1f}")
    return found, false


def _found_at(model: AskingModel, sentences: Sequence[Sentence], false_alarms: float) -> float:
    """Return how many are found, in per cent, with the cut-off that gives this share of false alarms here.

    A cut-off from another source gives more or fewer of them; so this compares orders, not cut-offs.
    """
    scores = np.array([model.score(one.text) for one in sentences])
    wanted = np.array([one.asks for one in sentences])
    cut = np.sort(scores[~wanted])[::-1][int(false_alarms * (~wanted).sum())]
    return 100 * float((scores[wanted] > cut).mean())
