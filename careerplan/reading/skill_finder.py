"""Find skills in free text, such as job adverts and CVs, with the level that the text asks for. Always a suggestion.

1. The text is cut into parts at full stops, semicolons, colons, line ends, bullets, and at "but".
2. A part names a skill where all words of its name, or of one of its other names (vocabulary.py), follow each other.
   Case, accents and common English endings do not matter.
3. The level is that of the nearest level word before the skill in the part ("excellent"), or else of the first level
   word up to NEAR words after it ("negotiation at expert level"). Without one, DEFAULT_LEVEL is guessed and marked.
4. A part that says that something is not required is skipped, and so is a skill right after "no" or "without".
5. Of several mentions the highest stated level counts; a guess counts only where no level is stated.

It takes one pass over at most MAX_CHARACTERS characters and their words, and a bounded look-up at each mention, so the
time grows in line with the text, whatever it says. No pattern can backtrack.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from careerplan.core.text import normalize_nfc
from careerplan.reading.vocabulary import LEVEL_WORDS, NEGATIONS, NOT_BY_NAME, NOT_REQUIRED, OTHER_NAMES

MAX_CHARACTERS = 20_000
DEFAULT_LEVEL = 3
"""Skilled: able to do it alone."""
NEAR = 4
"""Number of words after a skill within which a level word applies to it."""
EXCERPT_LENGTH = 160
"""Longer parts are cut to WORDS_AROUND words on either side of the skill."""
WORDS_AROUND = 8
NAME_LENGTH_MIN = 3
"""Shorter names are not searched for, because they would match everywhere."""

_PARTS = re.compile(r"[.;:!?\n\r•·|*]+|\bbut\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchedSkill:
    """A skill to search for. `key` is that of our list, "" for one of the user's own skills."""

    id: int
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill found in a text with a level from 1 to 5. `words` is the excerpt that names it."""

    skill_id: int
    name: str
    level: int
    is_guess: bool
    words: str


PhraseIndex = dict[str, list[tuple[Phrase, SearchedSkill]]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a text: the stems of its words, and from where to where in `text` each word goes."""

    text: str
    words: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> "_Part":
        """Split a text into words; one like "½" has several stems."""
        part = cls(text)
        for found in _WORD.finditer(text):
            stems = to_phrase(found.group())
            part.words.extend(stems)
            part.spans.extend([found.span()] * len(stems))
        return part

    def excerpt(self, start: int, end: int) -> str:
        """Cut an excerpt around words `start` to `end`."""
        shown = self.text
        if len(shown) > EXCERPT_LENGTH:
            first, last = max(0, start - WORDS_AROUND), min(len(self.words), end + WORDS_AROUND)
            shown = shown[self.spans[first][0] : self.spans[last - 1][1]]
            shown = f"{'… ' if first else ''}{shown}{' …' if last < len(self.words) else ''}"
        return " ".join(shown.split())[: 2 * EXCERPT_LENGTH].strip("- ")


class _Levels:
    """Where the level words of a part are, in order."""

    def __init__(self, words: list[str]) -> None:
        found = list(_find_phrases(words, _level_phrases().levels))
        self._starts = [start for start, _end, _level in found]
        self._ends = [end for _start, end, _level in found]
        self._levels = [level for _start, _end, level in found]

    def at(self, start: int, end: int) -> int | None:
        """Return the level for words `start` to `end`: the nearest before them, else the first within NEAR after."""
        if before := bisect_right(self._ends, start):
            return self._levels[before - 1]
        after = bisect_left(self._starts, end)
        is_near = after < len(self._starts) and self._starts[after] < end + NEAR
        return self._levels[after] if is_near else None


def find_skills(text: str, skills: Iterable[SearchedSkill]) -> list[FoundSkill]:
    """Find skills in a text, in the order in which they are first named. Text after MAX_CHARACTERS is ignored."""
    index = _index_phrases(skills)
    found: dict[int, FoundSkill] = {}
    for words in _PARTS.split(normalize_nfc(text[:MAX_CHARACTERS])):
        part = _Part.of(words)
        if not part.words or any(_find_phrases(part.words, _level_phrases().not_required)):
            continue
        for skill in _find_in_part(part, index):
            before = found.get(skill.skill_id)
            if before is None or (not skill.is_guess, skill.level) > (not before.is_guess, before.level):
                found[skill.skill_id] = skill
    return list(found.values())


def _find_in_part(part: _Part, index: PhraseIndex) -> Iterator[FoundSkill]:
    levels, words = _Levels(part.words), part.words
    for place, word in enumerate(words):
        if place and words[place - 1] in NEGATIONS:
            continue
        for phrase, skill in index.get(word, ()):
            end = place + len(phrase)
            if tuple(words[place:end]) == phrase:
                level = levels.at(place, end)
                yield FoundSkill(skill.id, skill.name, level or DEFAULT_LEVEL, level is None, part.excerpt(place, end))


@dataclass(frozen=True)
class LevelPhrases:
    """Level phrases, and phrases that mean "not required", by their first word."""

    levels: dict[str, list[tuple[Phrase, int]]]
    not_required: dict[str, list[tuple[Phrase, int]]]


@cache
def _level_phrases() -> LevelPhrases:
    of = [(to_phrase(words), level) for level, all_words in LEVEL_WORDS.items() for words in all_words]
    no = [(to_phrase(words), 0) for words in NOT_REQUIRED]
    return LevelPhrases(_by_first_word(of), _by_first_word(no))


def _by_first_word(phrases: Sequence[tuple[Phrase, int]]) -> dict[str, list[tuple[Phrase, int]]]:
    """Group phrases by their first word, the longest first."""
    grouped: dict[str, list[tuple[Phrase, int]]] = {}
    for phrase, level in sorted(phrases, key=lambda one: -len(one[0])):
        grouped.setdefault(phrase[0], []).append((phrase, level))
    return grouped


def _find_phrases(words: list[str], phrases: dict[str, list[tuple[Phrase, int]]]) -> Iterable[tuple[int, int, int]]:
    """Find phrases as (first word, word after the last, level). They do not overlap; the longest wins."""
    free = 0
    for place, word in enumerate(words):
        if place < free:
            continue
        for phrase, level in phrases.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                free = place + len(phrase)
                yield place, free, level
                break


def _index_phrases(skills: Iterable[SearchedSkill]) -> PhraseIndex:
    """Index the names of skills by their first word."""
    index: PhraseIndex = {}
    for skill in skills:
        texts = [*OTHER_NAMES.get(skill.key, ())]
        if skill.key not in NOT_BY_NAME and len(skill.name) >= NAME_LENGTH_MIN:
            texts.append(skill.name)
        for phrase in {to_phrase(text) for text in texts}:
            if phrase:
                index.setdefault(phrase[0], []).append((phrase, skill))
    return index


@lru_cache(maxsize=1024)
def to_phrase(text: str) -> Phrase:
    """Split a text into the stems that are compared."""
    return tuple(stem(word) for word in _WORD.findall(fold(text)))


def fold(text: str) -> str:
    """Remove case and accents. Marks go first: decomposing sorts each run of them in quadratic time."""
    parted = unicodedata.normalize("NFKD", _without_marks(text)).casefold()
    return _without_marks(parted)


def _without_marks(text: str) -> str:
    return "".join(letter for letter in text if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Cut common English endings: managing, manages and managed become "manag".

    Cruder than a real stemmer, but both sides of a comparison are cut in the same way.
    """
    for ending in ("ing", "ed", "es", "s", "e"):
        left = word.removesuffix(ending)
        if left != word and len(left) >= 3 and not (ending == "s" and left.endswith("s")):
            doubled = len(left) > 3 and left[-1] == left[-2] and left[-1] not in "ls" and ending in ("ing", "ed")
            return left[:-1] if doubled else left
    return word
