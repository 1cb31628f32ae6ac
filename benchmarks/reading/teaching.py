"""Teach what tells skills by what two encoders say of phrases without labels.

An encoder itself would tell skills better than the vectors that were fitted to it, and costs too much in the product
(ADR 56). So a softmax over the vectors of both encoders, with the same labelled texts, is the teacher: it gives each
phrase the shares of all skills. The pupil is what the product has: a softmax over the fitted vectors and one over
spelling, added. Both are fitted together, to the labelled texts and to the shares of the phrases, by AdaGrad on the
cross-entropy, a batch at a time.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careerplan.reading.meaning import SPELLINGS, Softmax, Spelling, to_spelling_places

Floats = NDArray[np.float32]
MOST = 127  # of an int8
SHARPNESS = 2.0
"""The scores of the teacher times this are those that the pupil learns."""
PHRASES_WEIGHT = 32.0
"""How much all phrases count beside all labelled texts."""
SPELLING_LENGTH = 3.0
"""Of the row of a text in the matrix of spelling: the longer, the faster is spelling learnt."""
EPOCHS, BATCH, RATE = 24, 256, 0.3
RIDGE, SPELLING_RIDGE = 1e-4, 1e-5
SMALL = 1e-6


@dataclass(frozen=True)
class Lesson:
    """Texts with their vectors, what is wanted of each (shares of the classes), and how much each counts."""

    texts: list[str]
    vectors: Floats
    wanted: Floats
    weights: Floats


def balanced(classes: list[str], names: tuple[str, ...], counts: list[int]) -> tuple[Floats, Floats]:
    """Return what is wanted of labelled texts, and weights by which all classes count alike; their sum is 1."""
    place = {name: number for number, name in enumerate(names)}
    right = np.array([place[one] for one in classes])
    many = np.array(counts, np.float64)
    weights = many / len(names) / np.bincount(right, many)[right]
    return np.eye(len(names), dtype=np.float32)[right], weights.astype(np.float32)


def teach(labelled: Lesson, phrases: Lesson, names: tuple[str, ...]) -> tuple[Softmax, Spelling]:
    """Return the pupil that was taught by both. Weights of each lesson have the sum 1."""
    texts = labelled.texts + phrases.texts
    rows = _SpellingRows(texts)
    vectors = np.concatenate([labelled.vectors, phrases.vectors])
    wanted = np.concatenate([labelled.wanted, phrases.wanted])
    parts = [labelled.weights, phrases.weights * PHRASES_WEIGHT]
    weights = np.concatenate(parts) * (len(texts) / (1 + PHRASES_WEIGHT))
    pupil = _Pupil(vectors.shape[1], len(names))
    random = np.random.default_rng(0)
    for epoch in range(EPOCHS):
        order = rows.filled[random.permutation(len(rows.filled))]
        for start in range(0, len(order), BATCH):
            some = order[start : start + BATCH]
            pupil.learn(vectors[some], rows.of(some), wanted[some], weights[some, None] / len(some), 1 - epoch / EPOCHS)
    scale = float(np.abs(pupil.spelling).max()) / MOST
    spelling = Spelling(rows.rarity, np.round(pupil.spelling / scale).astype(np.int8), scale * SPELLING_LENGTH)
    return Softmax(names, pupil.weights.T.copy(), pupil.biases), spelling


class _SpellingRows:
    """The features of spelling of texts, each row of the same length."""

    def __init__(self, texts: list[str]) -> None:
        self._places = [to_spelling_places(text) for text in texts]
        have = np.bincount(np.concatenate(self._places), minlength=SPELLINGS)
        self.rarity = np.log1p(len(texts) / np.maximum(have, 1)).astype(np.float32)
        self._values = [
            self.rarity[at] * (SPELLING_LENGTH / (float(np.linalg.norm(self.rarity[at])) or 1)) for at in self._places
        ]
        self.filled = np.flatnonzero([len(at) for at in self._places])

    def of(self, some: NDArray[Any]) -> tuple[NDArray[np.int32], Floats, NDArray[np.int64]]:
        """Return places and values of these texts, all in a row, and how many belong to each."""
        places, values = [self._places[row] for row in some], [self._values[row] for row in some]
        return np.concatenate(places), np.concatenate(values)[:, None], np.array([len(at) for at in places])


class _Pupil:
    """Weights of the vectors and of spelling, with the sums of squared slopes by which AdaGrad slows down."""

    def __init__(self, dimensions: int, classes: int) -> None:
        self.weights = np.zeros((dimensions, classes), np.float32)
        self.biases = np.zeros(classes, np.float32)
        self.spelling = np.zeros((SPELLINGS, classes), np.float32)
        self._squares = [np.full_like(one, SMALL) for one in (self.weights, self.biases, self.spelling)]

    def learn(self, vectors: Floats, spelling: tuple[Any, Floats, Any], wanted: Floats, much: Any, pace: float) -> None:
        """Take one step towards what is wanted."""
        places, values, counts = spelling
        sums = np.add.reduceat(self.spelling[places] * values, np.cumsum(counts) - counts, axis=0)
        scores = vectors @ self.weights + self.biases + sums
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        errors = (powers / powers.sum(axis=1, keepdims=True) - wanted) * much
        self._step(self.weights, 0, slice(None), vectors.T @ errors + RIDGE * self.weights, pace)
        self._step(self.biases, 1, slice(None), errors.sum(axis=0), pace)
        order = np.argsort(places, kind="stable")
        used, first = np.unique(places[order], return_index=True)
        row = np.repeat(np.arange(len(counts)), counts)[order]
        slope = np.add.reduceat(errors[row] * values[order], first, axis=0)
        self._step(self.spelling, 2, used, slope + SPELLING_RIDGE * self.spelling[used], pace)

    def _step(self, numbers: Floats, part: int, at: Any, slope: Floats, pace: float) -> None:
        squares = self._squares[part]
        squares[at] += slope * slope
        numbers[at] -= RATE * pace * slope / np.sqrt(squares[at])
