"""What a document says: one structure, from which the page, the PDF and the Word file are all made.

Texts are in the reader's language and ready to be set, days are days. Figures in per cent are for the pictures alone:
what they show is said in words beside them. Nothing in here is markup of any kind.
"""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from careerplan.planning.timeline import GoalTimeline

T = TypeVar("T")

# What no file can hold or show: control characters other than line break and tab, lone surrogates, the
# non-characters, and the marks that turn the direction of everything after them (the reader of a document sees the
# letters of a right-to-left script in their order without them).
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what there is to say to it, one or more lines. `is_own`: in the person's own words."""

    label: str
    lines: tuple[str, ...]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class SkillStrength:
    """A skill to build on, and the line that shows it, in the person's own words."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SkillGapRow:
    """A skill of which the target needs more than there is. Levels are whole, 0 to 5."""

    name: str
    have: int
    need: int
    have_words: str
    need_words: str


@dataclass(frozen=True, slots=True)
class SkillsSection:
    """What the newest skills inventory says, and of which day it is. `gaps` are those to the occupation aimed at."""

    assessed: str
    strengths: tuple[SkillStrength, ...]
    gaps: tuple[SkillGapRow, ...]
    more: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class OpenStepFacts:
    """A step to do. `note`: late, in progress; `takes`: effort and resources, each with how far they are."""

    due_on: date
    title: str
    note: str
    details: str
    takes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DoneStepFacts:
    """A finished step with its verdict. `learned` is in the person's own words."""

    done_on: date
    title: str
    worth: str
    hours: str
    again: str
    learned: str


@dataclass(frozen=True, slots=True)
class GoalChange:
    """One reasoned change of a goal. `note` is in the person's own words."""

    day: date
    text: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal, open or closed. `said`: sentences of ours; `own`: what the person wrote about it, each with its name.

    `share_done` and `time_gone` are in per cent, `pace` says them in words: blank for a goal that is closed.
    """

    title: str
    when: str
    starts_on: date
    due_on: date
    said: tuple[str, ...]
    pace: tuple[str, ...]
    share_done: int
    time_gone: int
    open_days: tuple[date, ...]
    own: tuple[Fact, ...] = ()
    steps: tuple[OpenStepFacts, ...] = ()
    done: tuple[DoneStepFacts, ...] = ()
    changes: tuple[GoalChange, ...] = ()

    @property
    def is_brief(self) -> bool:
        """Whether half the width is enough for it: steps with their days, and nothing more."""
        takes_more = any(step.takes or step.details for step in self.steps)
        return not (takes_more or self.own or self.done or self.changes)


@dataclass(frozen=True, slots=True)
class DocumentTimeline:
    """The picture of the open goals against time, and how many it leaves out, in words."""

    lanes: GoalTimeline[GoalFacts]
    more: str


@dataclass(frozen=True, slots=True)
class OpportunityFacts:
    """A chance to advance, open or decided on. `when`: when it closes, or how it ended and when; blank without a day.

    `said`: sentences of ours; `own`: what it asks for and what speaks for and against it, each with its name.
    """

    title: str
    when: str
    said: tuple[str, ...]
    own: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A finished review: how the plan stood, and the answers."""

    day: date
    lead: str
    answers: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A plan, or what was chosen of it, as it stands on `as_of`; an archived one as it was left on that day."""

    title: str
    author: str
    head: str
    as_of: date
    is_past: bool
    vision: str = ""
    direction: tuple[Fact, ...] = ()
    closing_notes: str = ""
    standing: SkillsSection | None = None
    timeline: DocumentTimeline | None = None
    goals: tuple[GoalFacts, ...] = ()
    closed: tuple[GoalFacts, ...] = ()
    opportunities: tuple[OpportunityFacts, ...] = ()
    reviews: tuple[ReviewFacts, ...] = ()
    next_review: str = ""

    @property
    def is_brief(self) -> bool:
        """Whether the goals can stand side by side."""
        return all(goal.is_brief for goal in (*self.goals, *self.closed))


def printable(text: str) -> str:
    """The text without what cannot be printed."""
    return UNPRINTABLE.sub("", text)


def cleaned(value: T) -> T:
    """The same facts with every text printable."""
    result: Any = value
    if isinstance(value, str):
        result = printable(value)
    elif isinstance(value, tuple | list):
        result = type(value)(cleaned(one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        result = replace(value, **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)})
    return result  # type: ignore[no-any-return]
