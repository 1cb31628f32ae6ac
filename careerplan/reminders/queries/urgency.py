"""Order of reminders by urgency, each target once."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from careerplan.reminders.kinds import DUE_SERIES, ReminderKind

# Reminders with a date come first, by date; then those that need an answer.
UNDATED_KINDS = (
    ReminderKind.GOAL_WITHOUT_STEP,
    ReminderKind.STEP_UNRATED,
    ReminderKind.ASSESSMENT_ABANDONED,
    ReminderKind.OPPORTUNITY_OUTCOME_REVIEW,
)


class Subject(Protocol):
    """The target of a reminder, from a model or a row of digest_contents.sql."""

    @property
    def kind(self) -> str: ...
    @property
    def goal_id(self) -> int | None: ...
    @property
    def step_id(self) -> int | None: ...
    @property
    def assessment_id(self) -> int | None: ...
    @property
    def review_id(self) -> int | None: ...
    @property
    def opportunity_id(self) -> int | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def lead_days(self) -> int: ...


S = TypeVar("S", bound=Subject)


def urgency(reminder: Subject) -> tuple[bool, date, int, int]:
    """Return a sort key: the longest due first, without a date last."""
    return reminder.kind in UNDATED_KINDS, reminder.due_on, reminder.goal_id or 0, reminder.step_id or 0


def unique_by_target(reminders: Iterable[S]) -> list[S]:
    """Return reminders by urgency; of several in one series about a target the last."""
    last: dict[tuple[str | int | None, ...], S] = {}
    for reminder in sorted(reminders, key=lambda reminder: -reminder.lead_days):
        series = "due" if reminder.kind in DUE_SERIES else reminder.kind
        about = reminder.assessment_id, reminder.review_id, reminder.opportunity_id
        last[series, reminder.goal_id, reminder.step_id, *about] = reminder
    return sorted(last.values(), key=urgency)
