"""Tell which skill a short name means, such as one in a CV.

Sure is only the name of a skill or a listed other name, whole: "Leadership", "Python (Programming Language)". A listed
name among other words is a hint and no more: "Event programming" is not programming. Words are compared as they are
written, without case and accents; stems would make "Networks" the same as "Networking". Where no word is listed, the
nearest in meaning is a guess too (meaning.py).
"""

import re
from collections.abc import Iterable

from careerplan.reading.folding import fold
from careerplan.reading.meaning import guess_skill
from careerplan.reading.vocabulary import HINTS, OTHER_NAMES

_WORD = re.compile(r"[^\W_]+|(?<=[A-Za-z])[+#]+")
_NOTE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")  # "Python (Programming Language)"
MAX_WORDS = 8
"""Longer names are sentences: they hint at nothing."""

Words = tuple[str, ...]


def to_words(text: str) -> Words:
    """Return the words of a name as they are compared; "+" and "#" tell C++ and C# from C."""
    return tuple(_WORD.findall(fold(text)))


class SkillNames:
    """The skills by their names. Made from (id, name, key); `key` is that of our list, "" for own skills."""

    def __init__(self, skills: Iterable[tuple[int, str, str]]) -> None:
        self._by_name: dict[Words, int] = {}
        self._hints: dict[Words, int] = {}
        self._by_key: dict[str, int] = {}
        others: dict[Words, int] = {}
        for pk, name, key in skills:
            if key:
                self._by_key[key] = pk
            self._by_name.setdefault(to_words(name) or (name,), pk)
            for text in OTHER_NAMES.get(key, ()):
                others.setdefault(to_words(text), pk)
            for text in (*OTHER_NAMES.get(key, ()), *HINTS.get(key, ()), *([name] if key else ())):
                self._hints.setdefault(to_words(text), pk)
        self._by_name = others | self._by_name  # a name comes before another skill's other name
        self._longest = max(map(len, self._hints), default=0)

    def named(self, text: str) -> int | None:
        """Return the skill that has this name, or this other name; a note in brackets after it does not matter."""
        for form in (text, _NOTE.sub("", text)):
            if (words := to_words(form) or (form,)) in self._by_name:
                return self._by_name[words]
        return None

    def hinted(self, text: str) -> int | None:
        """Return the skill of the longest listed name in a text, of several the last: that is what English is about."""
        words = to_words(text)
        if len(words) > MAX_WORDS:
            return None
        for length in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - length, -1, -1):
                if (found := self._hints.get(words[start : start + length])) is not None:
                    return found
        return None

    def meant(self, text: str) -> int | None:
        """Return the skill of our list that a text is nearest to in meaning; None where that is less than likely."""
        if len(to_words(text)) > MAX_WORDS or (found := guess_skill(text)) is None:
            return None
        return self._by_key.get(found.key)
