"""What stands in a calendar, before it is written as one. Plain values: the same ones make the same bytes."""

from dataclasses import dataclass
from datetime import date, datetime

from careerplan.calendar_feed.models import CalendarPart


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One day of a plan.

    `key` names it for good, whatever changes about it. `revision` never goes down, and goes up with every change;
    `changed_at` is when it last did. `done_at`: of what is done. `rings`: whether an alarm is wanted for it.
    """

    key: str
    part: CalendarPart
    day: date
    title: str
    text: str
    path: str
    changed_at: datetime
    revision: int
    is_todo: bool = False
    is_begun: bool = False
    done_at: datetime | None = None
    rings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarContents:
    """All of a calendar. `alarm_days` before each day, at `alarm_hour`, it rings; None: it never does."""

    entries: tuple[CalendarEntry, ...]
    alarm_days: int | None = None
    alarm_hour: int = 0
