"""How well phrases are mapped to our skills, and titles to occupations, by meaning alone.

Synonyms: all 219 listed other names are hidden, and all are measured. What tells skills is fitted on names, meanings,
examples, our first steps and O*NET's texts, and taught by the encoder on phrases without labels. Beside it stand
trigrams: the likeness of spelling over names, meanings and examples, as pg_trgm has it: 50.2 and 62.6 %, so this is the
protocol of the floors, whose trigrams had 50 and 65. `make train-meaning` fits it; no encoder is needed to measure it.

Calibration: other names and hints, a half of them hidden at a time.

Titles: the other titles of O*NET of part 0 were in no text that anything was fitted to. Right is an occupation that has
the title, among the first five of 1,016.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.matching.floors import Floors
from benchmarks.reading import distil, tasks
from benchmarks.reading import meaning_texts as source
from benchmarks.reading.calibration import BINS, calibration_error
from benchmarks.reading.meaning_texts import Labelled
from benchmarks.reading.train import calibrate
from careerplan.reading.folding import fold
from careerplan.reading.meaning import MeaningModel, meaning_model

EVERY = 1
"""Of the titles every n-th is read; 1: all."""
FIRST_MIN, THREE_MIN = 75, 90  # per cent
TITLES_MIN, FIVE = 50, 5
CALIBRATION_MAX = 5
Mapper = Callable[[str], list[str]]
"""From a text to the keys of skills, the nearest first."""


def measure(floors: Floors) -> None:
    """Print the tables, and note the floors."""
    model = meaning_model()
    if source.has_onet():
        hidden, folds = distil.hidden_models(model)
        _measure_synonyms(hidden, floors)
        _measure_calibration(folds, floors)
        _measure_titles(model, floors)
        tasks.measure(floors)
    else:
        print("\nThe O*NET release is not in ../shared/data/onet: meaning is not measured.")


def _measure_synonyms(hidden: MeaningModel, floors: Floors) -> None:
    names, known = source.other_names()[::EVERY], source.skill_texts(source.NAMED_OTHERWISE)
    print(
        f"\nOther names of our skills: {len(names)}, all hidden, {len(hidden.skills.classes)} skills to choose from\n"
    )
    print(f"{'':44}{'first, %':>10}{'in 3, %':>10}")
    _row("trigrams", names, lambda text: _by_trigrams(text, known))
    first, three = _row("meaning", names, lambda text: [one.key for one in hidden.map_to_skills(text)])
    floors.at_least("hidden other names: right at first, %", first, FIRST_MIN)
    floors.at_least("hidden other names: right in three, %", three, THREE_MIN)


def _measure_calibration(folds: list[MeaningModel], floors: Floors) -> None:
    odds, is_right = distil.map_hidden(folds)
    said = np.zeros(len(odds))
    halves = np.arange(len(odds)) % 2 == 0
    for half in (halves, ~halves):  # calibrated on one half, measured on the other
        slope, offset = calibrate(odds[~half], is_right[~half])
        said[half] = 1 / (1 + np.exp(-(slope * odds[half] + offset)))
    error = 100 * calibration_error(said, is_right)
    print(
        f"\nCalibration error of the mapping, {len(odds)} phrases, each half hidden ({BINS} bins): {error:.1f} points"
    )
    floors.at_most("calibration error of the mapping, points", error, CALIBRATION_MAX)


def _row(name: str, texts: Labelled, mapper: Mapper) -> tuple[float, float]:
    """Print and return how many texts have the right key first, and among the first three, in per cent."""
    found = [mapper(text)[:3] for text, _key in texts]
    first = 100 * float(np.mean([keys[:1] == [key] for keys, (_text, key) in zip(found, texts, strict=True)]))
    three = 100 * float(np.mean([key in keys for keys, (_text, key) in zip(found, texts, strict=True)]))
    print(f"{name:44}{first:>10.1f}{three:>10.1f}")
    return first, three


def _by_trigrams(text: str, known: Labelled) -> list[str]:
    best: dict[str, float] = {}
    parts = _trigrams(text)
    for name, key in known:
        others = _trigrams(name)
        best[key] = max(best.get(key, 0), len(parts & others) / len(parts | others))
    return sorted(best, key=lambda key: -best[key])


def _trigrams(text: str) -> set[str]:
    words = [f"  {word} " for word in fold(text).split()]
    return {word[start : start + 3] for word in words for start in range(len(word) - 2)}


def _measure_titles(model: MeaningModel, floors: Floors) -> None:
    codes: dict[str, set[str]] = {}
    for title, code in source.titles([source.TEST]):
        codes.setdefault(title, set()).add(code)
    titles = list(codes)[::EVERY]
    places = [[code for code, _closeness in model.nearest_occupations(title, FIVE)] for title in titles]
    pairs = [(codes[title], found) for title, found in zip(titles, places, strict=True)]
    first, five = (
        100 * float(np.mean([not right.isdisjoint(found[:most]) for right, found in pairs])) for most in (1, FIVE)
    )
    print(f"\n{len(titles)} titles that were left out, {len(model.occupations.classes)} occupations\n")
    print(f"{'':44}{'first, %':>10}{'in 5, %':>10}")
    print(f"{'meaning':44}{first:>10.1f}{five:>10.1f}")
    floors.at_least("titles that were left out: an occupation of theirs in five, %", five, TITLES_MIN)
