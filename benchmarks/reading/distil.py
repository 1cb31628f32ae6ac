"""Fit the vectors of careerplan/reading/meaning.py to an encoder, and what is told by them: `make train-meaning`.

1. The encoder gives each text a vector of 384 numbers, of which the DIMENSIONS main directions are kept.
2. Ridge regression: the vectors of the features of a text, added up, shall be that vector (conjugate gradients).
3. Occupations: each in the middle of its titles.
4. Skills: softmax over the vectors of their names, meanings and examples, of what O*NET says of them, of our first
   goals and steps for them, and for the product of the listed other names too; and a second one over the spelling of
   the same texts, added to it. Calibrated (Platt) on other names and hints, each mapped by a softmax that does not
   know it.

Titles of parts 0 and 1 are seen by none of these (meaning_texts.py).
"""

import zlib
from collections import Counter
from dataclasses import replace
from itertools import cycle
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading import meaning_texts as source
from benchmarks.reading.encoder import Encoder
from benchmarks.reading.meaning_texts import Labelled
from benchmarks.reading.train import calibrate
from careerplan.reading.meaning import (
    DIMENSIONS,
    SIZE,
    SPELLINGS,
    WEIGHTS,
    MeaningModel,
    Softmax,
    Spelling,
    log_odds,
    to_hash,
    to_places,
    to_spelling_places,
)

Floats = NDArray[np.float32]
RIDGE, ROUNDS, COLUMNS = 1.0, 25, 32
MOST = 127  # of an int8
FOLDS = 5
RATE, MOMENTUM = 5.0, 0.9
SKILL_RIDGE, SKILL_STEPS = 3e-4, 300
SPELLING_RIDGE, SPELLING_STEPS = 1e-4, 200
SPELLING_SHARE = 0.5
"""How much the scores by spelling count beside those by meaning."""
NAME, MEANING, TITLE = 8, 4, 3
"""How many times a name and a meaning of a skill count as often as an example, a title as an other title."""
OFFICIAL, OTHER = 2, 4
"""The same for O*NET's texts of a skill, and for listed other names."""


class _Rows:
    """Texts as rows of a sparse matrix: 1 / sqrt(number of features + 1) for each feature."""

    def __init__(self, texts: list[str]) -> None:
        places = [to_places(text) for text in texts]
        counts = np.array([len(one) for one in places])
        self.kept = np.flatnonzero(counts)
        self._columns = np.concatenate([places[row] for row in self.kept])
        counts = counts[self.kept]
        self._starts = np.cumsum(counts) - counts
        self._rows = np.repeat(np.arange(len(counts)), counts)
        self._values = np.repeat(1 / np.sqrt(counts + 1), counts).astype(np.float32)[:, None]
        self._order = np.argsort(self._columns, kind="stable")
        self.places, first = np.unique(self._columns[self._order], return_index=True)
        self._first = first

    def times(self, weights: Floats) -> Floats:
        """Return the sums of the rows."""
        found: Floats = np.add.reduceat(weights[self._columns] * self._values, self._starts, axis=0)
        return found

    def back(self, rows: Floats) -> Floats:
        """Return the sums of the columns."""
        found = np.zeros((SIZE, rows.shape[1]), np.float32)
        given = rows[self._rows[self._order]] * self._values[self._order]
        found[self.places] = np.add.reduceat(given, self._first, axis=0)
        return found


def fit_vectors(texts: list[str], wanted: Floats) -> Floats:
    """Return a vector for each place, so that those of a text add up to the wanted one; a few columns at a time."""
    rows = _Rows(texts)
    blocks = [_descend(rows, wanted[rows.kept, start : start + COLUMNS]) for start in range(0, DIMENSIONS, COLUMNS)]
    return np.concatenate(blocks, axis=1)


def _descend(rows: _Rows, wanted: Floats) -> Floats:
    """Solve the ridge regression by conjugate gradients, each column by itself."""
    found = np.zeros((SIZE, wanted.shape[1]), np.float32)
    rest = rows.back(wanted)
    step, length = rest.copy(), (rest * rest).sum(axis=0)
    for _round in range(ROUNDS):
        pushed = rows.back(rows.times(step)) + RIDGE * step
        share = length / np.maximum((step * pushed).sum(axis=0), 1e-12)
        found += share * step
        rest -= share * pushed
        before, length = length, (rest * rest).sum(axis=0)
        step = rest + length / np.maximum(before, 1e-12) * step
    return found


def to_bytes(values: Floats) -> NDArray[np.int8]:
    """Return values as whole numbers of a byte; their common scale does not matter."""
    return np.clip(np.round(values / np.abs(values).max() * MOST), -MOST, MOST).astype(np.int8)


def fit_softmax(
    given: Floats, classes: list[str], *, ridge: float, steps: int, counts: list[int] | None = None
) -> Softmax:
    """Return the softmax that tells the classes of vectors, each class alike: gradient descent with momentum.

    `counts`: how many times each vector counts; once without it.
    """
    names = tuple(dict.fromkeys(classes))
    place = {name: number for number, name in enumerate(names)}
    wanted = np.array([place[one] for one in classes])
    weights = np.array(counts or [1] * len(classes), np.float64)
    share = (weights / len(names) / np.bincount(wanted, weights)[wanted])[:, None].astype(np.float32)
    rows = np.concatenate([given, np.ones((len(given), 1), np.float32)], axis=1)
    found = Softmax(names, np.zeros((len(names), given.shape[1]), np.float32), np.zeros(len(names), np.float32))
    pace = np.zeros((len(names), rows.shape[1]), np.float32)
    for _step in range(steps):
        errors = found.shares(given)
        errors[np.arange(len(wanted)), wanted] -= 1
        slope = (errors * share).T @ rows
        slope[:, :-1] += ridge * found.weights
        pace = MOMENTUM * pace - RATE * slope
        found.weights[:] += pace[:, :-1]
        found.biases[:] += pace[:, -1]
    return found


def vectors_of(model: MeaningModel, texts: list[str]) -> Floats:
    """Return the vector of each text."""
    return np.stack([model.vector(text) for text in texts])


def with_skills(model: MeaningModel, texts: Labelled, others: Labelled) -> MeaningModel:
    """Return a model that tells skills by their names, meanings and examples, in this order, and by other texts.

    Its probabilities are not calibrated.
    """
    counts = Counter[tuple[str, str]]()
    for one, weight in zip(texts, cycle((NAME, MEANING, 1, 1, 1, 1, 1)), strict=False):
        counts[one] += weight
    for one in source.official_texts({key for _text, key in texts}):
        counts[one] += OFFICIAL
    for one in source.step_texts({key for _text, key in texts}):
        counts[one] += 1
    for one in others:
        counts[one] += OTHER
    rows, keys = [text for text, _key in counts], [key for _text, key in counts]
    weights = list(counts.values())
    skills = fit_softmax(vectors_of(model, rows), keys, ridge=SKILL_RIDGE, steps=SKILL_STEPS, counts=weights)
    spelling, biases = fit_spelling(rows, keys, weights)
    skills = replace(skills, biases=skills.biases + biases)
    return replace(model, skills=skills, spelling=spelling, slope=1.0, offset=0.0)


def fit_spelling(texts: list[str], classes: list[str], counts: list[int]) -> tuple[Spelling, Floats]:
    """Return what tells skills by the spelling of texts, and what it adds to the score of each skill anyway."""
    places = [to_spelling_places(text) for text in texts]
    have = np.bincount(np.concatenate(places), minlength=SPELLINGS)
    rarity = np.log1p(len(texts) / np.maximum(have, 1)).astype(np.float32)
    used = np.flatnonzero(have)
    rows = np.zeros((len(texts), SPELLINGS), np.float32)
    for row, at in zip(rows, places, strict=True):
        row[at] = rarity[at] / np.linalg.norm(rarity[at])
    fitted = fit_softmax(rows[:, used], classes, ridge=SPELLING_RIDGE, steps=SPELLING_STEPS, counts=counts)
    weights = np.zeros((SPELLINGS, len(fitted.classes)), np.float32)
    weights[used] = fitted.weights.T * SPELLING_SHARE
    return Spelling(rarity, to_bytes(weights), float(np.abs(weights).max()) / MOST), fitted.biases * SPELLING_SHARE


def map_hidden(model: MeaningModel) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return log odds of the best skill, and whether it is right, for each other name and hint.

    A fifth of them is hidden at a time from what tells skills.
    """
    phrases = source.other_names() + source.hints()
    odds, is_right = np.zeros(len(phrases)), np.zeros(len(phrases), dtype=bool)
    for fold in range(FOLDS):
        asked = [number for number in range(len(phrases)) if zlib.crc32(phrases[number][0].encode()) % FOLDS == fold]
        known = [one for number, one in enumerate(phrases) if number not in set(asked)]
        fitted = with_skills(model, source.skill_texts(), known)
        for number in asked:
            text, key = phrases[number]
            for best in fitted.map_to_skills(text, 1):
                odds[number], is_right[number] = log_odds(best.probability), best.key == key
    return odds, is_right


def fit_occupations(model: MeaningModel) -> Softmax:
    """Return the directions of occupations: each in the middle of its titles, other titles and description."""
    rows = source.titles(range(2, source.PARTS)) + source.shipped_titles()
    for code, title, description in source.occupations():
        rows += [(title, code)] * TITLE + [(description, code)]
    codes = {code: place for place, code in enumerate(sorted({code for _text, code in rows}))}
    middles = np.zeros((len(codes), DIMENSIONS), np.float32)
    np.add.at(middles, [codes[code] for _text, code in rows], vectors_of(model, [text for text, _code in rows]))
    middles /= np.linalg.norm(middles, axis=1, keepdims=True)
    return Softmax(tuple(codes), middles, np.zeros(len(codes), np.float32))


def numbers_of(model: MeaningModel) -> dict[str, Any]:
    """Return what is told by the vectors of a model, as it is stored."""
    slope, offset = calibrate(*map_hidden(model))
    fitted = with_skills(model, source.skill_texts(), source.other_names() + source.hints())
    numbers: dict[str, Any] = {"slope": slope, "offset": offset}
    for name, softmax in (("skills", fitted.skills), ("occupations", fit_occupations(model))):
        numbers[f"{name}_classes"] = np.array(softmax.classes)
        numbers[f"{name}_weights"] = softmax.weights.astype(np.float16)
        numbers[f"{name}_biases"] = softmax.biases.astype(np.float16)
    spelling = fitted.spelling
    return numbers | {
        "spelling_rarity": spelling.rarity.astype(np.float16),
        "spelling_weights": spelling.weights,
        "spelling_scale": spelling.scale,
    }


def main() -> None:
    """Train the model and write its weights."""
    encoder = Encoder()
    texts = source.unlabelled(encoder.words)
    print(f"{len(texts)} texts")
    encoded = encoder.encode(texts)
    main_directions = np.linalg.eigh(encoded.T @ encoded)[1][:, ::-1][:, :DIMENSIONS]
    nothing = Softmax((), np.zeros((0, DIMENSIONS), np.float32), np.zeros(0, np.float32))
    no_words = Spelling(np.zeros(SPELLINGS, np.float32), np.zeros((SPELLINGS, 0), np.int8), 0.0)
    vectors = to_bytes(fit_vectors(texts, encoded @ main_directions))
    known = np.array(sorted({to_hash(word) for word in source.whole_words(encoder.words)}), dtype=np.uint32)
    model = MeaningModel(vectors, known, nothing, no_words, nothing, 1.0, 0.0)
    np.savez_compressed(WEIGHTS, allow_pickle=False, vectors=vectors, known=known, **numbers_of(model))
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size} bytes")


if __name__ == "__main__":
    main()
