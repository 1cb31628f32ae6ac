"""Calendar entries before they are written as iCalendar. Plain values: equal ones give equal bytes."""

from dataclasses import dataclass
from datetime import date, datetime

from careerplan.calendar_feed.models import CalendarPart


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One date of a plan.

    `key` identifies the entry permanently. `revision` goes up with every change, at `changed_at`. `done_at` is set for
    finished entries. `rings`: whether it gets an alarm.
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
    """The content of a calendar. Alarms ring `alarm_days` before each date at `alarm_hour`; None means no alarms."""

    entries: tuple[CalendarEntry, ...]
    alarm_days: int | None = None
    alarm_hour: int = 0
