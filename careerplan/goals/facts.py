"""The facts of a goal in one list: their labels and the places that show them (docs/adding-a-field.md).

The goal's page, its page in an archived plan, the snapshot of a day, the plan document (page, PDF, Word) and the CSV
file read this list. What a place shows in its heading or in a sentence (title, measure, due date) is listed for the
other places only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, Flag, auto
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from careerplan.core.sentences import join_list
from careerplan.goals.models import Goal
from careerplan.goals.texts import stop_rule_text


class Place(Flag):
    """A place that lists facts of a goal."""

    PAGE = auto()
    ARCHIVED_PAGE = auto()
    SNAPSHOT = auto()
    DOCUMENT = auto()
    CSV = auto()


class Phase(Enum):
    """Whether a fact is listed for open goals, closed goals or both."""

    ANY = auto()
    ACTIVE = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True)
class GoalFact:
    """A fact: a field or property of Goal by its name.

    `part`: the part of the document that it belongs to, blank if it is always included. `is_own`: in the user's own
    words. `text`: how pages and documents show it, if the value alone is not enough.
    """

    name: str
    label: str | Promise
    places: Place
    phase: Phase = Phase.ANY
    part: str = ""
    is_own: bool = False
    text: Callable[[Goal], str] | None = None
    own_label: str | Promise = ""

    def label_in(self, place: Place) -> str:
        """Return the label; the document of a person says "I"."""
        return str(self.own_label if place is Place.DOCUMENT and self.own_label else self.label)

    def value(self, goal: Goal) -> Any:
        """Return the value for a spreadsheet: a choice by its label, numbers and dates unchanged."""
        label = getattr(goal, f"get_{self.name}_display", None)
        return label() if label else getattr(goal, self.name)

    def lines(self, goal: Goal) -> tuple[str, ...]:
        """Return the value as lines for people to read; empty if unknown."""
        if self.text:
            text = self.text(goal)
        else:
            value = self.value(goal)
            text = "" if value is None else str(value)
        return (text,) if text else ()


@dataclass(frozen=True, slots=True)
class ListedFact:
    """A fact of one goal: its label and lines. `is_own`: in the user's own words."""

    label: str
    lines: tuple[str, ...]
    is_own: bool = False


def _skill_names(goal: Goal) -> str:
    return join_list(skill.name for skill in goal.skills.all())


def _worth_text(goal: Goal) -> str:
    return _("%(worth)s of 5") % {"worth": goal.worth} if goal.worth else ""


PAGES = Place.PAGE | Place.ARCHIVED_PAGE
DOCUMENTED = Place.ARCHIVED_PAGE | Place.DOCUMENT | Place.CSV
FACTS: tuple[GoalFact, ...] = (
    GoalFact("title", gettext_lazy("Goal"), Place.CSV),
    GoalFact("area", gettext_lazy("Area"), Place.SNAPSHOT | Place.CSV),
    GoalFact("state", gettext_lazy("State"), Place.SNAPSHOT | Place.CSV),
    GoalFact("starts_on", gettext_lazy("Start"), Place.CSV),
    GoalFact("due_on", gettext_lazy("Due date"), Place.CSV),
    GoalFact("unit", gettext_lazy("Unit"), Place.CSV),
    GoalFact("start_value", gettext_lazy("Start value"), Place.CSV),
    GoalFact("target_value", gettext_lazy("Target"), Place.CSV),
    GoalFact("done_when", gettext_lazy("What counts as done"), Place.CSV),
    GoalFact("why", gettext_lazy("Why"), Place.DOCUMENT | Place.CSV, part="why", is_own=True),
    GoalFact("skills", gettext_lazy("Skills it builds"), Place.DOCUMENT, part="why", text=_skill_names),
    GoalFact(
        "stop_on",
        gettext_lazy("Stop rule"),
        Place.DOCUMENT,
        phase=Phase.ACTIVE,
        part="why",
        is_own=True,
        text=stop_rule_text,
    ),
    GoalFact("obstacle", gettext_lazy("If this happens"), DOCUMENTED, part="why", is_own=True),
    GoalFact(
        "obstacle_plan",
        gettext_lazy("You will do this"),
        DOCUMENTED,
        part="why",
        is_own=True,
        own_label=gettext_lazy("I will do this"),
    ),
    GoalFact("closed_on", gettext_lazy("Closed on"), Place.CSV),
    GoalFact(
        "closing_note", gettext_lazy("How it went"), PAGES | Place.DOCUMENT | Place.CSV, phase=Phase.CLOSED, is_own=True
    ),
    GoalFact(
        "learned",
        gettext_lazy("What you learned"),
        PAGES | Place.DOCUMENT | Place.CSV,
        phase=Phase.CLOSED,
        is_own=True,
        own_label=gettext_lazy("What I learned"),
    ),
    GoalFact("worth", gettext_lazy("Worth it"), Place.PAGE, phase=Phase.CLOSED, text=_worth_text),
)


def facts_in(place: Place) -> list[GoalFact]:
    """Return the facts that a place lists, in order."""
    return [fact for fact in FACTS if place in fact.places]


def list_facts(goal: Goal, place: Place, *, without_parts: frozenset[str] = frozenset()) -> list[ListedFact]:
    """Return what a place lists of a goal, without unknown facts and excluded parts.

    No query, except one for the skills of a goal unless they were prefetched.
    """
    return list(_list_facts(goal, place, without_parts))


def _list_facts(goal: Goal, place: Place, without_parts: frozenset[str]) -> Iterator[ListedFact]:
    for fact in facts_in(place):
        is_of_phase = fact.phase is Phase.ANY or (fact.phase is Phase.ACTIVE) == goal.is_active
        if is_of_phase and fact.part not in without_parts and (lines := fact.lines(goal)):
            yield ListedFact(fact.label_in(place), lines, fact.is_own)
