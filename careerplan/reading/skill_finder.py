"""Find skills in the text of an advert, with the level that it asks for. Always a suggestion.

1. The text is cut into clauses; only those that ask something of the reader count (clauses.py).
2. A clause asks for a skill where one of its phrases stands in it (phrases.py, vocabulary.py), or the name of the
   skill. A field of knowledge is asked for by its name after a word such as "knowledge of".
3. The level is that of the nearest level word before the skill in the clause ("excellent"), or else of the first level
   word up to NEAR words after it ("negotiation at expert level"). Without one, DEFAULT_LEVEL is guessed and marked.
4. Right after "no" or "without" a skill does not count, and neither does a name such as "sales office".
5. A clause without such a phrase that probably asks for something, as a short line of a list of requirements always
   does, gets the skill that it most probably means, as a guess (read_advert).
6. Of several mentions one that is needed counts before one that is only welcome, then the highest stated level.

It takes one pass over at most MAX_CHARACTERS characters and their words, and a bounded look-up at each word, so the
time grows in line with the text, whatever it says.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from careerplan.core.text import normalize_nfc
from careerplan.reading.asking_model import asks_for_skill
from careerplan.reading.clauses import WORD, Clause, asking_clauses
from careerplan.reading.folding import fold
from careerplan.reading.meaning import guess_skill
from careerplan.reading.patterns import Phrase, compile_phrases, find_phrases
from careerplan.reading.phrases import CLASSES, NAMES_AFTER, PHRASES, PLACES
from careerplan.reading.vocabulary import KNOWLEDGE, KNOWS, LEVEL_WORDS, NEGATIONS, NOT_BY_NAME, OTHER_NAMES

MAX_CHARACTERS = 20_000
DEFAULT_LEVEL = 3
"""Skilled: able to do it alone."""
NEAR = 4
"""Number of words after a skill within which a level word applies to it, and before a field of knowledge."""
EXCERPT_LENGTH = 160
"""Longer clauses are cut to WORDS_AROUND words on either side of the skill."""
WORDS_AROUND = 8
MAX_OTHERS = 12
NAME_LENGTH_MIN = 3
"""Shorter names are not searched for, because they would match everywhere."""

_PARTS = re.compile(r",|/|\band\b|\bor\b", re.IGNORECASE)
_FRAME = re.compile(
    r"\b(?:experienced?|abilit(?:y|ies)|able|knowledge|understanding|required|essential|strong|good|excellent|proven"
    r"|have|has|must|be|is|are|will|needed|need|skills?|confidence|confident)\b",
    re.IGNORECASE,
)
"""Words that say that something is asked for, not what."""

Index = dict[str, list[tuple[Phrase, int]]]


@dataclass(frozen=True, slots=True)
class SearchedSkill:
    """A skill to search for. `key` is that of our list, "" for one of the user's own skills."""

    id: int
    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill found in a text with a level from 1 to 5. `words` is the excerpt that names it.

    `is_extra`: the text says that it is welcome, not needed. `is_sure`: the text has its name or a listed other name.
    """

    skill_id: int
    name: str
    level: int
    is_guess: bool
    words: str
    is_extra: bool = False
    is_sure: bool = False

    @property
    def rank(self) -> tuple[bool, bool, int, bool]:
        """Return by what one mention counts before another."""
        return not self.is_extra, not self.is_guess, self.level, self.is_sure


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a clause as they are compared, and from where to where in its text each goes."""

    text: str
    words: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> "_Words":
        """Split a text into words; one like "½" has several when it is folded."""
        clause = cls(text)
        for found in WORD.finditer(text):
            words = WORD.findall(fold(found.group()))
            clause.words.extend(words)
            clause.spans.extend([found.span()] * len(words))
        return clause

    def excerpt(self, start: int, end: int) -> str:
        """Cut an excerpt around words `start` to `end`."""
        shown = self.text
        if len(shown) > EXCERPT_LENGTH:
            first, last = max(0, start - WORDS_AROUND), min(len(self.words), end + WORDS_AROUND)
            shown = shown[self.spans[first][0] : self.spans[last - 1][1]]
            shown = f"{'… ' if first else ''}{shown}{' …' if last < len(self.words) else ''}"
        return " ".join(shown.split())[: 2 * EXCERPT_LENGTH].strip("- ")


class _Levels:
    """Where the level words of a clause are, in order."""

    def __init__(self, words: list[str]) -> None:
        found = list(_without_overlap(find_phrases(words, _level_index())))
        self._starts = [start for start, _end, _level in found]
        self._ends = [end for _start, end, _level in found]
        self._levels = [level for _start, _end, level in found]

    def at(self, start: int, end: int) -> int | None:
        """Return the level for words `start` to `end`: the nearest that ends before the last of them, else the first
        within NEAR after.
        """
        if before := bisect_left(self._ends, end):
            return self._levels[before - 1]
        after = bisect_left(self._starts, end)
        is_near = after < len(self._starts) and self._starts[after] < end + NEAR
        return self._levels[after] if is_near else None


def _without_overlap(found: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Leave out phrases that begin inside another; of those that begin at one word the longest stays."""
    best: tuple[int, int, int] | None = None
    for one in found:
        if best is not None and one[0] == best[0]:
            best = max(best, one, key=lambda phrase: phrase[1])
        elif best is None or one[0] >= best[1]:
            if best is not None:
                yield best
            best = one
    if best is not None:
        yield best


@cache
def _level_index() -> Index:
    return compile_phrases(((text, level) for level, texts in LEVEL_WORDS.items() for text in texts), {})


@cache
def _phrase_index() -> tuple[Index, list[str]]:
    """Index the phrases of our list by their first words; each stands for a place in the list of keys.

    Listed other names stand for the places after those of everyday phrases.
    """
    keys = list(PHRASES)
    texts = [
        (text.strip(), place) for place, key in enumerate(keys) for text in PHRASES[key].split(",") if text.strip()
    ]
    texts += [(text, place) for place, key in enumerate(keys, len(keys)) for text in OTHER_NAMES.get(key, ())]
    return compile_phrases(texts, CLASSES), [*keys, *keys]


def find_skills(text: str, skills: Iterable[SearchedSkill]) -> list[FoundSkill]:
    """Find skills by rules, in the order in which they are first named. Text after MAX_CHARACTERS is ignored."""
    finder, found = _Finder(skills), dict[int, FoundSkill]()
    for clause in _clauses(text):
        _keep_best(found, finder.find_in(clause))
    return list(found.values())


def _clauses(text: str) -> Iterator[Clause]:
    return asking_clauses(normalize_nfc(text[:MAX_CHARACTERS]))


def _keep_best(found: dict[int, FoundSkill], skills: Iterable[FoundSkill]) -> bool:
    """Keep the best mention of each skill; return whether there is one."""
    has_skill = False
    for skill in skills:
        has_skill = True
        before = found.get(skill.skill_id)
        if before is None or skill.rank > before.rank:
            found[skill.skill_id] = skill
    return has_skill


@dataclass(frozen=True, slots=True)
class AdvertReading:
    """What an advert asks for: skills, and `others`, sentences that probably ask for something else."""

    skills: list[FoundSkill]
    others: list[str]


def read_advert(text: str, skills: Iterable[SearchedSkill]) -> AdvertReading:
    """Return the skills of `find_skills`, then guesses, then the other clauses that ask for something.

    Where a clause has no skill by rules, a trained model tells whether it asks for one (asking_model.py), unless it is
    a line of a list of requirements, and another which one it means most probably (meaning.py). At most MAX_OTHERS
    clauses are returned, in order.
    """
    finder, others = _Finder(skills), dict[str, None]()
    found, guessed = dict[int, FoundSkill](), dict[int, FoundSkill]()
    for clause in _clauses(text):
        if _keep_best(found, finder.find_in(clause)) or not (clause.is_listed or asks_for_skill(clause.text)):
            continue
        if not _keep_best(guessed, finder.guess_in(clause)) and len(others) < MAX_OTHERS:
            others[_shorten(clause.text)] = None
    return AdvertReading([*found.values(), *(one for pk, one in guessed.items() if pk not in found)], list(others))


def _shorten(text: str) -> str:
    text = " ".join(text.split()).strip("-–—•, ")
    return text if len(text) <= EXCERPT_LENGTH else f"{text[:EXCERPT_LENGTH].rsplit(' ', 1)[0]} …"


class _Finder:
    """The skills to search for, by their phrases and names."""

    def __init__(self, skills: Iterable[SearchedSkill]) -> None:
        listed = list(skills)
        self._by_key = {skill.key: skill for skill in listed if skill.key}
        self._phrases, self._keys = _phrase_index()
        self._named = [skill for skill in listed if skill.key not in NOT_BY_NAME and len(skill.name) >= NAME_LENGTH_MIN]
        names = [(" ".join(WORD.findall(fold(skill.name))), place) for place, skill in enumerate(self._named)]
        self._names = compile_phrases(((name, place) for name, place in names if name), {})

    def find_in(self, clause: Clause) -> Iterator[FoundSkill]:
        """Yield the skills that a clause asks for."""
        part = _Words.of(clause.text)
        levels = _Levels(part.words)
        for skill, start, end, is_sure in self._places(part.words):
            if self._is_name(part.words, start, end):
                continue
            level = levels.at(start, end)
            words = part.excerpt(start, end)
            yield FoundSkill(
                skill.id, skill.name, level or DEFAULT_LEVEL, level is None, words, clause.is_extra, is_sure
            )

    def guess_in(self, clause: Clause) -> Iterator[FoundSkill]:
        """Yield the skills that the parts of a clause most probably mean. No level is sure, and none of them is."""
        topics = _PARTS.split(_FRAME.sub(" ", clause.text))
        guesses = [guess for topic in topics if (guess := guess_skill(topic))]
        words = _Words.of(clause.text).words if guesses else []
        level, excerpt = _Levels(words).at(0, len(words)), _shorten(clause.text)
        for guess in guesses:
            if skill := self._by_key.get(guess.key):
                yield FoundSkill(skill.id, skill.name, level or DEFAULT_LEVEL, level is None, excerpt, clause.is_extra)

    @staticmethod
    def _is_name(words: list[str], start: int, end: int) -> bool:
        """Whether the phrase is denied, or is part of the name of a place or a person: "no sales", "sales office"."""
        after = words[end] if end < len(words) else ""
        is_denied = start > 0 and words[start - 1] in NEGATIONS
        is_place = end > start + 1 and words[start].endswith("ing") and words[start + 1] in PLACES
        return is_denied or is_place or after in NAMES_AFTER

    def _places(self, words: list[str]) -> Iterator[tuple[SearchedSkill, int, int, bool]]:
        for start, end, place in find_phrases(words, self._phrases):
            if skill := self._by_key.get(self._keys[place]):
                yield skill, start, end, place >= len(PHRASES)
        for start, end, place in find_phrases(words, self._names):
            skill = self._named[place]
            if skill.key not in KNOWLEDGE or not KNOWS.isdisjoint(words[max(0, start - NEAR) : start]):
                yield skill, start, end, True
