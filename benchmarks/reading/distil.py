"""Fit the vectors of careerplan/reading/meaning.py to an encoder, and what is told by them: `make train-meaning`.

1. The encoder gives each text a vector of 384 numbers, of which the DIMENSIONS main directions are kept.
2. Ridge regression: the vectors of the features of a text, added up, shall be that vector (conjugate gradients).
3. Occupations: each in the middle of its titles.
4. Skills: softmax over the vectors of their names, meanings and examples, of what O*NET says of them, of our first
   goals and steps for them, and for the product of the listed other names too; and a second one over the spelling of
   the same texts, added to it. Two encoders teach both on phrases without labels (teaching.py).
5. The same without any other name, and without a half of the names and hints: stored in HIDDEN to be measured by
   `make bench ARGS=reading`, which needs no encoder. The two without a half calibrate the product (Platt).

Titles of parts 0 and 1 are seen by none of these (meaning_texts.py). `make train-meaning ARGS=skills` keeps the vectors
and the occupations as they are shipped, and does the last two only.
"""

import sys
import zlib
from collections import Counter
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.reading import meaning_texts as source
from benchmarks.reading.encoder import Encoder, SecondEncoder
from benchmarks.reading.meaning_texts import Labelled
from benchmarks.reading.teaching import SHARPNESS, Lesson, balanced, teach
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
    meaning_model,
    to_hash,
    to_places,
)

Floats = NDArray[np.float32]
RIDGE, ROUNDS, COLUMNS = 1.0, 25, 32
MOST = 127  # of an int8
FOLDS = 2
HIDDEN, ALL = Path(__file__).parent / "meaning_hidden.npz", "all_"
"""Where the models are that know no other name, or not a half of them: to be measured, no part of the product."""
RATE, MOMENTUM = 5.0, 0.9
SKILL_RIDGE, SKILL_STEPS = 1e-3, 300
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


@dataclass(frozen=True)
class Teacher:
    """Phrases without labels, and the vectors that two encoders give them and all labelled texts, side by side."""

    phrases: list[str]
    vectors: Floats
    of_text: dict[str, Floats]

    @classmethod
    def of(cls, encoder: Encoder) -> "Teacher":
        """Encode everything that is needed, by both encoders."""
        phrases = source.phrases(encoder.words)
        keys = {key for _text, key in source.skill_texts()}
        labelled = (source.skill_texts(), source.official_texts(keys), source.step_texts(keys))
        named = (source.other_names(), source.hints())
        texts = list(dict.fromkeys(text for listed in (*labelled, *named) for text, _key in listed))
        everything = texts + phrases
        vectors = np.concatenate([encoder.encode(everything), SecondEncoder().encode(everything)], axis=1) / 2**0.5
        return cls(phrases, vectors[len(texts) :], dict(zip(texts, vectors, strict=False)))

    def scores(self, texts: list[str], keys: list[str], counts: list[int]) -> tuple[tuple[str, ...], Floats]:
        """Return the classes, and what the teacher that knows these labelled texts says of each phrase."""
        given = np.stack([self.of_text[text] for text in texts])
        taught = fit_softmax(given, keys, ridge=SKILL_RIDGE, steps=SKILL_STEPS, counts=counts)
        found: Floats = self.vectors @ taught.weights.T + taught.biases
        return taught.classes, found


def with_skills(model: MeaningModel, teacher: Teacher, texts: Labelled, others: Labelled) -> MeaningModel:
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
    rows, keys, many = [text for text, _key in counts], [key for _text, key in counts], list(counts.values())
    names, scores = teacher.scores(rows, keys, many)
    powers = np.exp(SHARPNESS * (scores - scores.max(axis=1, keepdims=True)))
    said, phrases = powers / powers.sum(axis=1, keepdims=True), teacher.phrases
    skills, spelling = teach(
        Lesson(rows, vectors_of(model, rows), *balanced(keys, names, many)),
        Lesson(phrases, vectors_of(model, phrases), said, np.full(len(phrases), 1 / len(phrases), np.float32)),
        names,
    )
    return replace(model, skills=skills, spelling=spelling, slope=1.0, offset=0.0)


def names_and_hints(fold: int, *, are_hidden: bool) -> Labelled:
    """Return the other names and hints that are hidden in a fold, or those that are known."""
    phrases = source.other_names() + source.hints()
    return [one for one in phrases if (zlib.crc32(one[0].encode()) % FOLDS == fold) == are_hidden]


def map_hidden(models: list[MeaningModel]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return log odds of the best skill, and whether it is right, for each phrase that the model of a fold lacks."""
    odds, is_right = list[float](), list[bool]()
    for fold, fitted in enumerate(models):
        for text, key in names_and_hints(fold, are_hidden=True):
            best = next(iter(fitted.map_to_skills(text, 1)), None)
            odds.append(log_odds(best.probability) if best else 0.0)
            is_right.append(best is not None and best.key == key)
    return np.array(odds), np.array(is_right)


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


def numbers_of(fitted: MeaningModel, prefix: str = "") -> dict[str, Any]:
    """Return what tells skills, as it is stored."""
    return {
        f"{prefix}skills_classes": np.array(fitted.skills.classes),
        f"{prefix}skills_weights": fitted.skills.weights.astype(np.float16),
        f"{prefix}skills_biases": fitted.skills.biases.astype(np.float16),
        f"{prefix}spelling_rarity": fitted.spelling.rarity.astype(np.float16),
        f"{prefix}spelling_weights": fitted.spelling.weights,
        f"{prefix}spelling_scale": fitted.spelling.scale,
    }


def hidden_models(model: MeaningModel) -> tuple[MeaningModel, list[MeaningModel]]:
    """Return the stored models with the product's vectors: the one without other names, and those without a half."""
    with np.load(HIDDEN, allow_pickle=False) as file:
        found = []
        for prefix in (ALL, *map(str, range(FOLDS))):
            weights, biases = (file[f"{prefix}skills_{part}"].astype(np.float32) for part in ("weights", "biases"))
            skills = Softmax(tuple(file[f"{prefix}skills_classes"].tolist()), weights, biases)
            rarity, scale = file[f"{prefix}spelling_rarity"].astype(np.float32), float(file[f"{prefix}spelling_scale"])
            spelling = Spelling(rarity, file[f"{prefix}spelling_weights"], scale)
            found.append(replace(model, skills=skills, spelling=spelling, slope=1.0, offset=0.0))
    return found[0], found[1:]


def new_vectors(encoder: Encoder) -> MeaningModel:
    """Return a model with vectors and occupations; it tells no skills yet."""
    texts = source.unlabelled(encoder.words)
    print(f"{len(texts)} texts")
    encoded = encoder.encode(texts)
    main_directions = np.linalg.eigh(encoded.T @ encoded)[1][:, ::-1][:, :DIMENSIONS]
    nothing = Softmax((), np.zeros((0, DIMENSIONS), np.float32), np.zeros(0, np.float32))
    no_words = Spelling(np.zeros(SPELLINGS, np.float32), np.zeros((SPELLINGS, 0), np.int8), 0.0)
    vectors = to_bytes(fit_vectors(texts, encoded @ main_directions))
    known = np.array(sorted({to_hash(word) for word in source.whole_words(encoder.words)}), dtype=np.uint32)
    model = MeaningModel(vectors, known, nothing, no_words, nothing, 1.0, 0.0)
    return replace(model, occupations=fit_occupations(model))


def main() -> None:
    """Train the models and write their weights."""
    encoder = Encoder()
    model = meaning_model() if "skills" in sys.argv[1:] else new_vectors(encoder)
    teacher = Teacher.of(encoder)
    print(f"{len(teacher.phrases)} phrases")
    texts = source.skill_texts()
    hidden = with_skills(model, teacher, source.skill_texts(source.NAMED_OTHERWISE), [])
    folds = [with_skills(model, teacher, texts, names_and_hints(fold, are_hidden=False)) for fold in range(FOLDS)]
    stored = numbers_of(hidden, ALL)
    for fold, one in enumerate(folds):
        stored |= numbers_of(one, str(fold))
    np.savez_compressed(HIDDEN, allow_pickle=False, **stored)
    slope, offset = calibrate(*map_hidden(folds))
    fitted = with_skills(model, teacher, texts, source.other_names() + source.hints())
    numbers: dict[str, Any] = {"vectors": model.vectors, "known": model.known, "slope": slope, "offset": offset}
    occupations = model.occupations
    numbers |= {"occupations_classes": np.array(occupations.classes), "occupations_biases": occupations.biases}
    numbers |= {"occupations_weights": occupations.weights.astype(np.float16)}
    np.savez_compressed(WEIGHTS, allow_pickle=False, **numbers, **numbers_of(fitted))
    for file in (WEIGHTS, HIDDEN):
        print(f"{file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
