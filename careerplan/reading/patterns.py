"""Phrases with gaps and inflected words, and finding them in the words of a text.

A phrase is written like "settle* ~2 quarrel/dispute" (vocabulary.py):

- "settle*" stands for settle, settles, settled, settling; the irregular forms are in IRREGULAR.
- "/" parts alternatives, "{staff}" is a list of words (CLASSES), and "~2" is a gap of up to two words.
- A noun also stands for its plural where the phrase ends with it.

Words are compared whole, without case and accents. Each place of a text tries the phrases that begin with its word, and
a gap has few words, so the time grows in line with the text.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

Words = tuple[str, ...]
IRREGULAR = {
    "be": "am are is was were been being",
    "bring": "brought",
    "build": "built",
    "buy": "bought",
    "choose": "chose chosen",
    "deal": "dealt",
    "do": "does did done",
    "drive": "drove driven",
    "feed": "fed",
    "find": "found",
    "get": "got",
    "give": "gave given",
    "have": "has had having",
    "hear": "heard",
    "hold": "held",
    "keep": "kept",
    "know": "knew known",
    "lead": "led",
    "learn": "learnt",
    "lend": "lent",
    "make": "made",
    "meet": "met",
    "read": "",
    "run": "ran",
    "say": "said",
    "see": "saw seen",
    "sell": "sold",
    "set": "",
    "show": "shown",
    "sit": "sat",
    "speak": "spoke spoken",
    "stand": "stood",
    "take": "took taken",
    "teach": "taught",
    "tell": "told",
    "think": "thought",
    "understand": "understood",
    "win": "won",
    "write": "wrote written",
    "put": "",
    "hit": "",
    "fit": "",
    "go": "goes went gone",
    "pay": "paid",
}
DOUBLED = frozenset("plan run set get put hit fit sit chat stop win begin refer refit equip control".split())  # noqa: SIM905
MOST_GAP = 8


@lru_cache(maxsize=4096)
def forms_of_verb(verb: str) -> frozenset[str]:
    """Return the forms of an English verb."""
    forms = {verb, *IRREGULAR.get(verb, "").split()}
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        forms.add(verb + "es")
    elif re.search(r"[^aeiou]y$", verb):
        forms |= {verb[:-1] + "ies", verb[:-1] + "ied"}
    else:
        forms.add(verb + "s")
    base = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) else verb
    base = verb + verb[-1] if verb in DOUBLED else base
    forms.add(base + "ing")
    if verb not in IRREGULAR and not re.search(r"[^aeiou]y$", verb):
        forms.add(base + "ed")
    return frozenset(forms)


def _plural(word: str) -> set[str]:
    if word.endswith("s") or len(word) < 3 or not word.isascii():
        return {word}
    return {word, word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word + "s"}


class Phrase:
    """A compiled phrase: for each step the words it may be, and how many words may stand before it."""

    __slots__ = ("steps",)

    def __init__(self, text: str, classes: dict[str, frozenset[str]]) -> None:
        steps: list[tuple[int, frozenset[str]]] = []
        gap, parts = 0, text.split()
        for place, part in enumerate(parts):
            if part.startswith("~"):
                gap = min(int(part[1:] or 3), MOST_GAP)
                continue
            words: set[str] = set()
            for word in part.split("/"):
                if word.startswith("{"):
                    words |= classes[word.strip("{}")]
                elif word.endswith("*"):
                    words |= forms_of_verb(word[:-1])
                else:
                    words |= _plural(word) if place == len(parts) - 1 else {word}
            steps.append((gap, frozenset(words)))
            gap = 0
        self.steps = tuple(steps)

    def end_at(self, words: list[str], start: int) -> int:
        """Return where the phrase ends that starts at a word; 0 if it does not stand there. The first fit counts."""
        places = {start}
        for gap, wanted in self.steps:
            places = {
                place + 1
                for first in places
                for place in range(first, min(first + gap + 1, len(words)))
                if words[place] in wanted
            }
            if not places:
                return 0
        return min(places)


def compile_phrases(
    texts: Iterable[tuple[str, int]], classes: dict[str, frozenset[str]]
) -> dict[str, list[tuple[Phrase, int]]]:
    """Index phrases by each word that they may begin with; the number says what a phrase stands for."""
    index: dict[str, list[tuple[Phrase, int]]] = {}
    for text, number in texts:
        phrase = Phrase(text, classes)
        for word in phrase.steps[0][1]:
            index.setdefault(word, []).append((phrase, number))
    return index


def find_phrases(words: list[str], index: dict[str, list[tuple[Phrase, int]]]) -> Iterator[tuple[int, int, int]]:
    """Yield (first word, word after the last, number) for each phrase in a list of words."""
    for place, word in enumerate(words):
        for phrase, number in index.get(word, ()):
            if end := phrase.end_at(words, place):
                yield place, end, number
