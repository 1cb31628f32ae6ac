"""Content of the plan document: one structure for the page, the PDF and the Word file.

Texts are in the user's language and ready to print; dates are dates. Values in per cent are only for the charts, which
texts repeat in words. There is no markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from careerplan.core.text import printable
from careerplan.planning.timeline import GoalTimeline


class DocumentPart(TextChoices):
    """A part of a plan that can be left out."""

    VISION = "vision", _("Vision")
    DIRECTION = "direction", _("Direction and priorities")
    SKILLS = "skills", _("Skills and education")
    TIMELINE = "timeline", _("Goal timeline")
    PROFESSIONAL = "professional", _("Professional goals")
    PERSONAL = "personal", _("Personal goals")
    WHY = "why", _("Why each goal matters, and when I will stop")
    STEPS = "steps", _("Steps to do")
    NEEDS = "needs", _("Details of the steps: notes, hours, resources and cost")
    DONE = "done", _("Finished steps and their ratings")
    CHANGES = "changes", _("Dates and targets that changed, and why")
    CLOSED = "closed", _("Goals reached or let go")
    OPPORTUNITIES = "opportunities", _("Opportunities and decisions")
    REVIEWS = "reviews", _("Reviews")


Parts = frozenset[DocumentPart]
EVERYTHING: Parts = frozenset(DocumentPart)


@dataclass(frozen=True)
class PartsPreset:
    """A named choice of parts."""

    label: str | Promise
    parts: Parts


SHORT: Parts = frozenset(
    {DocumentPart.VISION, DocumentPart.PROFESSIONAL, DocumentPart.PERSONAL, DocumentPart.STEPS},
)
"""Goals and steps, on one page of paper where the plan has about six goals."""

# A manager gets what matters at work, without opportunities elsewhere. A mentor gets what is worth discussing, without
# details.
PRESETS: Mapping[str, PartsPreset] = {
    "short": PartsPreset(_("Short: goals and steps"), SHORT),
    "everything": PartsPreset(_("Everything"), EVERYTHING),
    "manager": PartsPreset(
        _("For my manager"),
        frozenset(
            {
                DocumentPart.TIMELINE,
                DocumentPart.PROFESSIONAL,
                DocumentPart.STEPS,
                DocumentPart.NEEDS,
                DocumentPart.CLOSED,
            }
        ),
    ),
    "mentor": PartsPreset(
        _("For a mentor"), EVERYTHING - {DocumentPart.NEEDS, DocumentPart.CHANGES, DocumentPart.REVIEWS}
    ),
}


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with one or more lines. `is_own`: in the user's own words."""

    label: str
    lines: tuple[str, ...]
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class SkillStrength:
    """A strength, and the user's example of it."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SkillGapRow:
    """A skill below the level that the target role needs. Levels are whole, 0 to 5."""

    name: str
    have: int
    need: int
    have_words: str
    need_words: str


@dataclass(frozen=True, slots=True)
class SkillsSection:
    """Results of the newest assessment, with its date. `gaps` are those to the target role."""

    assessed: str
    strengths: tuple[SkillStrength, ...]
    gaps: tuple[SkillGapRow, ...]
    more: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class OpenStepFacts:
    """A step to do. `note`: "Late, in progress"; `needs`: effort and resources, each with its state.

    `due_on` is None if it has no day yet. `repeats`: "Every Friday", blank if it does not repeat.
    """

    due_on: date | None
    title: str
    note: str
    details: str
    needs: tuple[str, ...]
    repeats: str = ""


@dataclass(frozen=True, slots=True)
class DoneStepFacts:
    """A finished step with its rating. `learned` is in the user's own words."""

    done_on: date
    title: str
    worth: str
    hours: str
    again: str
    learned: str


@dataclass(frozen=True, slots=True)
class GoalChange:
    """A change of a goal with its reason. `note` is in the user's own words."""

    day: date
    text: str
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class GoalFacts:
    """A goal, open or closed. `said`: our sentences; `own`: the user's texts about it, each with its label.

    `share_done` and `time_gone` are in per cent, `pace` says them in words; blank for a closed goal.
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
        has_more = any(step.needs or step.details for step in self.steps)
        return not (has_more or self.own or self.done or self.changes)


@dataclass(frozen=True, slots=True)
class DocumentTimeline:
    """The timeline of open goals, and a sentence on how many it leaves out."""

    lanes: GoalTimeline[GoalFacts]
    more: str


@dataclass(frozen=True, slots=True)
class OpportunityFacts:
    """An opportunity, open or decided. `when`: its closing date, or how and when it ended; blank without a date.

    `said`: our sentences; `own`: skills needed, and reasons for and against, each with its label.
    """

    title: str
    when: str
    said: tuple[str, ...]
    own: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A finished review: its answers and the state of the plan."""

    day: date
    lead: str
    answers: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A plan, or the chosen parts of it, on the date `as_of`; an archived plan as it was when archived."""

    title: str
    author: str
    head: str
    as_of: date
    is_past: bool
    vision: str = ""
    direction: tuple[Fact, ...] = ()
    closing_notes: str = ""
    skills: SkillsSection | None = None
    timeline: DocumentTimeline | None = None
    goals: tuple[GoalFacts, ...] = ()
    closed: tuple[GoalFacts, ...] = ()
    opportunities: tuple[OpportunityFacts, ...] = ()
    reviews: tuple[ReviewFacts, ...] = ()
    next_review: str = ""

    @property
    def is_brief(self) -> bool:
        """Return whether goals fit in two columns."""
        return all(goal.is_brief for goal in (*self.goals, *self.closed))


def cleaned(value: T) -> T:
    """Return the same facts with every text printable."""
    result: Any = value
    if isinstance(value, str):
        result = printable(value)
    elif isinstance(value, tuple | list):
        result = type(value)(cleaned(one) for one in value)
    elif is_dataclass(value) and not isinstance(value, type):
        result = replace(value, **{field.name: cleaned(getattr(value, field.name)) for field in fields(value)})
    return result  # type: ignore[no-any-return]
