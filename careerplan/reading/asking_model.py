"""Tell how likely a sentence of an advert is to ask for a skill: a linear model over its words. Pure.

Its features are the words, pairs of neighbours, the first five and the last four letters of long words, and the
length. Each stands for one of SIZE weights, by a hash (Weinberger et al. 2009, "Feature hashing for large scale
multitask learning").
`make train` makes the weights from SkillSpan (benchmarks/reading); ADR 50 has the figures and the licence.
"""

import math
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careerplan.reading.folding import fold

SIZE = 2**16
WEIGHTS = Path(__file__).parent / "data" / "asking_model.npz"
MAX_WORDS = 200
"""Longer sentences are read up to here: a whole advert without a full stop says nothing as one sentence."""
_WORD = re.compile(r"[a-z]+[+#]*|\d+|[^\W\d_a-z]+")
_DIGITS = re.compile(r"\d+")
ENDING, STEM = 4, 5


@dataclass(frozen=True)
class AskingModel:
    """The weights, each times `scale`; `slope` and `offset` make a score a probability (Platt 1999).

    `threshold`: the probability from which a sentence counts as one that asks.
    """

    weights: NDArray[np.int8]
    scale: float
    bias: float
    slope: float
    offset: float
    threshold: float

    def score(self, sentence: str) -> float:
        """Return how much a sentence looks like one that asks for a skill: above 0 if it does, below 0 if not."""
        places = to_places(sentence)
        return float(self.weights[places].sum(dtype=np.int64)) * self.scale / math.sqrt(len(places) + 1) + self.bias

    def probability(self, sentence: str) -> float:
        """Return the probability that a sentence asks for a skill."""
        return 1 / (1 + math.exp(-(self.slope * self.score(sentence) + self.offset)))


def to_words(sentence: str) -> list[str]:
    """Return the words of a sentence as the model knows them: folded, each number as "0"."""
    return [_DIGITS.sub("0", word) for word in _WORD.findall(fold(sentence))[:MAX_WORDS]]


def to_places(sentence: str) -> NDArray[np.int32]:
    """Return the places of the features of a sentence among the weights."""
    features = set(_features(to_words(sentence)))
    return np.array(sorted({zlib.crc32(feature.encode()) % SIZE for feature in features}), dtype=np.int32)


def _features(words: list[str]) -> Iterator[str]:
    yield f"n:{min(len(words) // 3, 10)}"
    for before, word in zip(["^", *words], [*words, "$"], strict=True):
        yield f"b:{before} {word}"
    for word in words:
        yield f"u:{word}"
        if len(word) > ENDING + 1:
            yield f"e:{word[-ENDING:]}"
        if len(word) > STEM + 1:
            yield f"s:{word[:STEM]}"


@cache
def asking_model() -> AskingModel:
    """Return the trained model, loaded once a process: 64 kB."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        numbers: dict[str, Any] = {
            name: float(file[name]) for name in ("scale", "bias", "slope", "offset", "threshold")
        }
        return AskingModel(weights=file["weights"], **numbers)


def asks_for_skill(sentence: str) -> bool:
    """Return whether a sentence of an English advert probably asks for a skill, whatever it is called."""
    model = asking_model()
    return model.probability(sentence) >= model.threshold
