"""Reading a job text: which skills of the catalogue it asks for, and at which level. A proposal, never more.

The rules, all of them:

- The text is cut into parts at full stops, semicolons, colons, line ends, bullets, and at "but".
- A skill is found in a part where all words of its name, or of one of its other words (advert_words.py), stand one
  after the other; case, accents and common English endings do not matter.
- Its level is what the nearest word for a level before it in the same part says ("excellent", with the commas and the
  "and" between), else the first one behind it within NEAR words ("negotiation at expert level"). Where no such word
  stands, the level is a guess, GUESSED, and is marked as one.
- A part that says that something is not required asks for nothing; nor is a skill asked for right behind "no" or
  "without".
- A skill that is named several times has the highest level that is said; a guess counts only where none is said.

Everything is one walk over at most MOST_CHARACTERS characters and the words in them; no pattern can backtrack.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from careerplan.opportunities.advert_words import LEVEL_WORDS, NONE_OF, NOT_ASKED, NOT_BY_NAME, OTHER_WORDS

MOST_CHARACTERS = 20_000
GUESSED = 3
"""Skilled: what somebody who is to do it on their own must be."""
NEAR = 4
"""Words behind a skill within which a level still belongs to it."""
LONGEST_WORDS = 160
"""Characters of a part that is shown whole as the reason; of a longer one AROUND words on either side."""
AROUND = 8
FEWEST_LETTERS = 3
"""Of a name that is looked for by itself; shorter ones would be found everywhere."""

_PARTS = re.compile(r"[.;:!?\n\r•·|*]+|\bbut\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A skill that may be found; `key` is the catalogue's, blank for one of the person's own."""

    id: int
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A skill that a text asks for, at a level from 1 to 5; `words` is what in the text says so."""

    skill_id: int
    name: str
    level: int
    is_guess: bool
    words: str


def proposals(text: str, skills: Iterable[Named]) -> list[Proposal]:
    """What a job text asks for, in the order in which it first says so. What is beyond MOST_CHARACTERS is not read."""
    by_first = _phrases(skills)
    found: dict[int, Proposal] = {}
    for part in _PARTS.split(text[:MOST_CHARACTERS]):
        words = [stem(word) for word in _WORD.findall(folded(part))]
        if not words or any(_places(words, _level_phrases().no)):
            continue
        for proposal in _in_part(part, words, by_first):
            before = found.get(proposal.skill_id)
            if before is None or (not proposal.is_guess, proposal.level) > (not before.is_guess, before.level):
                found[proposal.skill_id] = proposal
    return list(found.values())


def _in_part(part: str, words: list[str], by_first: dict[str, list[tuple[Phrase, Named]]]) -> Iterable[Proposal]:
    levels = list(_places(words, _level_phrases().of))
    for place, word in enumerate(words):
        if place and words[place - 1] in NONE_OF:
            continue
        for phrase, skill in by_first.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                level = _level_at(levels, place, place + len(phrase))
                shown = _around(part, place, place + len(phrase), of=len(words))
                yield Proposal(skill.id, skill.name, level or GUESSED, level is None, shown)


def _around(part: str, start: int, end: int, *, of: int) -> str:
    """What of a part is shown as the reason for words `start` to `end`."""
    spans = [found.span() for found in _WORD.finditer(part)]
    if len(part) > LONGEST_WORDS and len(spans) == of:  # else folding made other words of it
        first, last = max(0, start - AROUND), min(of, end + AROUND)
        part = f"{'… ' if first else ''}{part[spans[first][0] : spans[last - 1][1]]}{' …' if last < of else ''}"
    return " ".join(part.split())[: 2 * LONGEST_WORDS].strip("- ")


def _level_at(levels: list[tuple[int, int, int]], start: int, end: int) -> int | None:
    """The level that belongs to words `start` to `end`: the nearest before them, else a near one behind."""
    before = [level for _first, last, level in levels if last <= start]
    if before:
        return before[-1]
    return next((level for first, _last, level in levels if end <= first < end + NEAR), None)


@dataclass(frozen=True)
class _LevelPhrases:
    """Phrases by their first word: with their level, and those that say that nothing is asked for."""

    of: dict[str, list[tuple[Phrase, int]]]
    no: dict[str, list[tuple[Phrase, int]]]


@cache
def _level_phrases() -> _LevelPhrases:
    of = [(phrase_of(words), level) for level, all_words in LEVEL_WORDS.items() for words in all_words]
    no = [(phrase_of(words), 0) for words in NOT_ASKED]
    return _LevelPhrases(_grouped(of), _grouped(no))


def _grouped(phrases: Sequence[tuple[Phrase, int]]) -> dict[str, list[tuple[Phrase, int]]]:
    """By the first word, the longest first."""
    grouped: dict[str, list[tuple[Phrase, int]]] = {}
    for phrase, level in sorted(phrases, key=lambda one: -len(one[0])):
        grouped.setdefault(phrase[0], []).append((phrase, level))
    return grouped


def _places(words: list[str], phrases: dict[str, list[tuple[Phrase, int]]]) -> Iterable[tuple[int, int, int]]:
    """Where phrases stand: (first word, word behind the last, level). They do not overlap; the longest counts."""
    free = 0
    for place, word in enumerate(words):
        if place < free:
            continue
        for phrase, level in phrases.get(word, ()):
            if tuple(words[place : place + len(phrase)]) == phrase:
                free = place + len(phrase)
                yield place, free, level
                break


def _phrases(skills: Iterable[Named]) -> dict[str, list[tuple[Phrase, Named]]]:
    """What is looked for, by the first word."""
    by_first: dict[str, list[tuple[Phrase, Named]]] = {}
    for skill in skills:
        texts = [*OTHER_WORDS.get(skill.key, ())]
        if skill.key not in NOT_BY_NAME and len(skill.name) >= FEWEST_LETTERS:
            texts.append(skill.name)
        for phrase in {phrase_of(text) for text in texts}:
            if phrase:
                by_first.setdefault(phrase[0], []).append((phrase, skill))
    return by_first


@lru_cache(maxsize=1024)
def phrase_of(text: str) -> Phrase:
    """The words of a text as they are compared."""
    return tuple(stem(word) for word in _WORD.findall(folded(text)))


def folded(text: str) -> str:
    """Without case and accents."""
    parted = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without common English endings: managing, manages and managed are "manag".

    Coarser than a linguist would have it, and the same for both sides of a comparison, which is all that matters.
    """
    for ending in ("ing", "ed", "es", "s", "e"):
        left = word.removesuffix(ending)
        if left != word and len(left) >= 3 and not (ending == "s" and left.endswith("s")):
            doubled = len(left) > 3 and left[-1] == left[-2] and left[-1] not in "ls" and ending in ("ing", "ed")
            return left[:-1] if doubled else left
    return word
