"""Two tabs on one page: what a tab was shown travels in its form, and a save is held against what is stored now.

Per field two fingerprints travel: of what was shown, and of what was stored then. A field that was not touched
here takes what was stored elsewhere meanwhile; one that was answered differently in both is a clash, and the
person chooses. A tab that saved itself and lost the reply says what it had sent, so that its own answer is not taken
for another tab's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.http import QueryDict

CHOICE = "choice-"  # how the names of the radios begin that settle a clash
MINE, THEIRS = "mine", "theirs"
UNHEARD, MOST_UNHEARD = "unheard", 20  # static/js/autosave.js keeps as many


@dataclass(frozen=True, slots=True)
class Marks:
    """Fingerprints of one field: of what the page showed, and of what was stored when it was made."""

    shown: str
    stored: str


@dataclass(frozen=True, slots=True)
class Clash:
    """One question with two answers. `stored`: the fingerprint of the other one, so that a choice is about it."""

    name: str
    label: str
    mine: str
    theirs: str
    stored: str

    @property
    def choice_name(self) -> str:
        """The name of the radios."""
        return f"{CHOICE}{self.name}"

    @property
    def mine_value(self) -> str:
        """The value of "keep mine"."""
        return f"{MINE}-{self.stored}"

    @property
    def theirs_value(self) -> str:
        """The value of "take the other"."""
        return f"{THEIRS}-{self.stored}"


def fingerprint(text: str) -> str:
    """Tells two answers apart; nothing secret is in it that the page does not show."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:12]


def read_unheard(data: QueryDict) -> list[QueryDict]:
    """The answers that this tab sent before without hearing whether they arrived."""
    return [QueryDict(text) for text in data.getlist(UNHEARD)[-MOST_UNHEARD:]]


def write_marks(marks: Mapping[str, Marks]) -> str:
    """The marks as the value of a hidden input."""
    return " ".join(f"{name}:{mark.shown}:{mark.stored}" for name, mark in marks.items())


def read_marks(text: str) -> dict[str, Marks]:
    """The marks that came back; what cannot be read is left out."""
    parts = (word.split(":") for word in text.split())
    return {part[0]: Marks(part[1], part[2]) for part in parts if len(part) == 3}
