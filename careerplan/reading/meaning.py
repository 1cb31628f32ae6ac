"""Tell what a phrase is nearest to in meaning: skills and fields of knowledge of our list, or occupations. Pure.

A phrase is the sum of the vectors of its features: words, pairs of neighbours and beginnings of long words, each at a
place by its hash, as in asking_model.py. The vectors were fitted so that the sum lies where a sentence encoder
(all-MiniLM-L6-v2) puts the phrase; the encoder itself is needed for the training only. A skill is told by a softmax
over such vectors and over the spelling of the words, an occupation by the nearest vector. ADR 56 and 64 have the
figures, the recipe and the licences.
"""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from careerplan.reading.asking_model import to_words

SIZE, DIMENSIONS = 2**15, 128
SPELLINGS, PART = 2**14, 4
"""Places of words and of parts of words of this length."""
WEIGHTS = Path(__file__).parent / "data" / "meaning_model.npz"
GUESS_FROM = 0.6
"""Probability from which a skill is shown as a guess."""
BEGINNING = 5
ENDINGS = ("s", 1, ""), ("ing", 3, ""), ("ing", 3, "e"), ("ed", 2, ""), ("ed", 1, "")
"""How inflected words end, how many letters that is, and what the word ends in without."""
LENGTH_MIN = 40
"""Of the sum of vectors of bytes: below it no word was in a text that the model was fitted to."""
NEAR_FROM = 0.5
"""Closeness from which an occupation is shown as near to a title."""
MOST_OCCUPATIONS = 40
"""A catalogue may have a quarter of the occupations only."""
LITTLE_WORDS = frozenset(
    "a an the of to in on at for and or with by from as is are be your our their its it this that you we i they".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class MappedSkill:
    """A skill by its key, and the probability that it is the one that is meant."""

    key: str
    probability: float


@dataclass(frozen=True)
class Softmax:
    """Shares of classes by a vector: of skills by key, or of occupations by code."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def shares(self, vectors: NDArray[np.float32], added: NDArray[np.float32] | float = 0.0) -> NDArray[np.float32]:
        """Return the share of each class, for one vector or for each of many; `added` to their scores."""
        scores = vectors @ self.weights.T + self.biases + added
        powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
        found: NDArray[np.float32] = powers / powers.sum(axis=-1, keepdims=True)
        return found


@dataclass(frozen=True)
class Spelling:
    """How much the words of a phrase, and their parts, speak for each skill: a row of `weights` for each place.

    `rarity`: the less texts have a word, the more it counts (idf). `scale` times a weight is its number.
    """

    rarity: NDArray[np.float32]
    weights: NDArray[np.int8]
    scale: float

    def scores(self, text: str) -> NDArray[np.float32]:
        """Return what is added to the score of each skill."""
        places = to_spelling_places(text)
        rarity = self.rarity[places]
        length = float(np.linalg.norm(rarity)) or 1.0
        found: NDArray[np.float32] = rarity @ self.weights[places].astype(np.float32) * (self.scale / length)
        return found


@dataclass(frozen=True)
class MeaningModel:
    """The vectors of all places, and what those of a phrase say about it.

    `known`: hashes of the words that the encoder has as words, in order; of others its vectors say little.
    `slope` and `offset` make the log odds of the best skill a probability (Platt 1999).
    """

    vectors: NDArray[np.int8]
    known: NDArray[np.uint32]
    skills: Softmax
    spelling: Spelling
    occupations: Softmax
    slope: float
    offset: float

    def vector(self, text: str) -> NDArray[np.float32]:
        """Return the direction of a text, of length 1; of length 0 for a text without known words."""
        found: NDArray[np.float32] = self.vectors[to_places(text)].sum(axis=0, dtype=np.int32).astype(np.float32)
        length = float(np.linalg.norm(found))
        return found / length if length >= LENGTH_MIN else np.zeros_like(found)

    def knows(self, text: str) -> bool:
        """Return whether at least half of the words that tell something are known, or an inflected form of one."""
        words = _telling(to_words(text))
        return bool(words) and sum(map(self._knows_word, words)) * 2 >= len(words)

    def _knows_word(self, word: str) -> bool:
        forms = [word, *(word[:-cut] + end for ending, cut, end in ENDINGS if word.endswith(ending))]
        hashes = np.array([to_hash(form) for form in forms], dtype=np.uint32)
        places = np.minimum(np.searchsorted(self.known, hashes), len(self.known) - 1)
        return bool((self.known[places] == hashes).any())

    def map_to_skills(self, text: str, most: int = 3) -> list[MappedSkill]:
        """Return the skills that a text is nearest to, the likeliest first; none for a text without known words."""
        direction = self.vector(text)
        if not direction.any():
            return []
        shares = self.skills.shares(direction, self.spelling.scores(text))
        order = np.argsort(-shares)[:most].tolist()
        return [MappedSkill(self.skills.classes[place], self.calibrated(float(shares[place]))) for place in order]

    def calibrated(self, share: float) -> float:
        """Return the probability that a skill with this share is the right one."""
        return 1 / (1 + math.exp(-(self.slope * log_odds(share) + self.offset)))

    def nearest_occupations(self, text: str, most: int) -> list[tuple[str, float]]:
        """Return the codes of the nearest occupations with their closeness, 1 for the same direction."""
        closeness = self.occupations.weights @ self.vector(text)
        order = np.argsort(-closeness)[:most].tolist()
        return [(self.occupations.classes[place], float(closeness[place])) for place in order if closeness[place] > 0]


def log_odds(share: float) -> float:
    """Return the logarithm of the odds of a share."""
    share = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(share / (1 - share))


def guess_skill(text: str) -> MappedSkill | None:
    """Return the skill that a phrase most probably means; None below GUESS_FROM. A guess: show it, never tick it."""
    model = meaning_model()
    best = next(iter(model.map_to_skills(text, 1)), None)
    return best if best is not None and best.probability >= GUESS_FROM and model.knows(text) else None


def nearest_occupations(text: str) -> list[str]:
    """Return the codes of the occupations that a typed title is near to, from NEAR_FROM on."""
    found = meaning_model().nearest_occupations(text, MOST_OCCUPATIONS)
    return [code for code, closeness in found if closeness >= NEAR_FROM]


def to_hash(feature: str) -> int:
    """Return the hash of a feature or a word."""
    return zlib.crc32(feature.encode())


def to_places(text: str) -> NDArray[np.int32]:
    """Return the places of the features of a text."""
    features = set(_features(to_words(text)))
    return np.array(sorted({to_hash(feature) % SIZE for feature in features}), dtype=np.int32)


def to_spelling_places(text: str) -> NDArray[np.int32]:
    """Return the places of the words of a text, of their beginnings and of their parts."""
    features = set()
    for word in to_words(text):
        features.add(f"w:{word}")
        if len(word) > BEGINNING:
            features.add(f"s:{word[:BEGINNING]}")
        ends = f"#{word}#"
        features |= {f"g:{ends[start : start + PART]}" for start in range(max(1, len(ends) - PART + 1))}
    return np.array(sorted({to_hash(feature) % SPELLINGS for feature in features}), dtype=np.int32)


def _telling(words: list[str]) -> list[str]:
    english = [word for word in words if word[0].isascii()]
    return [word for word in english if word not in LITTLE_WORDS] or english


def _features(words: list[str]) -> Iterator[str]:
    told = _telling(words)
    for before, word in zip(["", *told], told, strict=False):
        yield f"u:{word}"
        if before:
            yield f"b:{before} {word}"
        if len(word) > BEGINNING + 1:
            yield f"s:{word[:BEGINNING]}"


@cache
def meaning_model() -> MeaningModel:
    """Return the trained model, loaded once a process: 7 MB."""
    with np.load(WEIGHTS, allow_pickle=False) as file:
        skills, occupations = (
            Softmax(
                tuple(file[f"{name}_classes"].tolist()),
                file[f"{name}_weights"].astype(np.float32),
                file[f"{name}_biases"].astype(np.float32),
            )
            for name in ("skills", "occupations")
        )
        spelling = Spelling(
            file["spelling_rarity"].astype(np.float32), file["spelling_weights"], float(file["spelling_scale"])
        )
        slope, offset = float(file["slope"]), float(file["offset"])
        return MeaningModel(file["vectors"], file["known"], skills, spelling, occupations, slope, offset)
