"""The timeline of all goals on one axis, in per cent. Pure."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.sentences import join_list

YEAR_ROOM = 32  # per cent of the axis that a month with its year takes on a phone
MOST_DAYS = 24  # marks in the row of reviews: those nearest to today
SHOWN_LANES = 8  # more do not fit on a screen of 800 pixels; then a link leads to Goals
MOST_MARKS = 12  # of one lane; more could not be told apart
# The axis shows at most this much around today: a goal of a lifetime must not squeeze the others into a point.
SHOWN_BEFORE, SHOWN_AFTER = timedelta(days=2 * 365), timedelta(days=3 * 365)


class TimelineRow(Protocol):
    """Data of a goal: its start and due date, progress in per cent, and due dates of open steps."""

    @property
    def starts_on(self) -> date: ...
    @property
    def due_on(self) -> date: ...
    @property
    def share_done(self) -> int: ...
    @property
    def open_days(self) -> Sequence[date]: ...


R = TypeVar("R", bound=TimelineRow)


@dataclass(frozen=True, slots=True)
class Mark:
    """An open step on a lane, as a percentage of the axis."""

    at: float
    is_late: bool


@dataclass(frozen=True, slots=True)
class MonthTick:
    """A month on the axis. The year is shown at the first one and where it changes.

    On a phone one that `is_tight` is left out: it would run into the one before it.
    """

    at: float
    label: str
    is_tight: bool = False

    @property
    def anchor(self) -> str:
        """Return the text anchor of the label, so that it stays inside the drawing."""
        return "c-end" if self.at > 88 else ""


@dataclass(frozen=True)
class Lane(Generic[R]):
    """A goal on the common axis: positions and lengths in per cent."""

    row: R
    start: float
    length: float
    filled: float
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day of the whole plan: its position on the axis in per cent."""

    at: float
    day: date


@dataclass(frozen=True)
class GoalTimeline(Generic[R]):
    """All goals on one axis, with the dates of reviews and closing dates."""

    lanes: list[Lane[R]]
    today_at: float
    ticks: list[MonthTick]
    more: int
    reviews: list[DayMark]
    closings: list[DayMark]

    @property
    def has_late(self) -> bool:
        """Return whether a late step is drawn."""
        return any(mark.is_late for lane in self.lanes for mark in lane.marks)

    @property
    def days_label(self) -> str:
        """Return the dates of reviews and closing dates for screen readers; blank without any."""
        days = {"reviews": _days(self.reviews), "closings": _days(self.closings)}
        if self.reviews and self.closings:
            return _("Reviews: %(reviews)s. Closing dates: %(closings)s.") % days
        if self.closings:
            return _("Closing dates: %(closings)s.") % days
        return _("Reviews: %(reviews)s.") % days if self.reviews else ""

    @property
    def today_anchor(self) -> str:
        """Return the text anchor of "Today", so that the word stays inside the drawing."""
        return "" if self.today_at < 5 else "c-end" if self.today_at > 95 else "c-mid"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of whole months."""

    first: date
    last: date

    @classmethod
    def around(cls, rows: Sequence[TimelineRow], today: date) -> "Axis":
        """Return the axis from the first start to the last due date, including today, within a limit around today."""
        first = max(min(today, *(row.starts_on for row in rows)), today - SHOWN_BEFORE)
        last = min(max(today, *(row.due_on for row in rows)), today + SHOWN_AFTER)
        return cls(first.replace(day=1), last.replace(day=monthrange(last.year, last.month)[1]))

    def at(self, day: date) -> float:
        """Return the position of a day in per cent; days outside are at the end of the axis."""
        shown = min(max(day, self.first), self.last)
        return round(100 * (shown - self.first).days / (self.last - self.first).days, 2)

    def marks(self, days: Sequence[date], today: date) -> list[DayMark]:
        """Return the days on the axis, each once and in order; if there are many, those nearest to today."""
        nearest = sorted({day for day in days if self.first <= day <= self.last}, key=lambda day: abs(day - today))
        return [DayMark(self.at(day), day) for day in sorted(nearest[:MOST_DAYS])]

    @property
    def ticks(self) -> list[MonthTick]:
        """Return up to five month starts, evenly spread."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        ticks, year, free_from = [], 0, 0.0
        for n in range(0, months, max(1, -(-months // 5))):
            years, month = divmod(self.first.month - 1 + n, 12)
            day = date(self.first.year + years, month + 1, 1)
            at, has_year = self.at(day), day.year != year
            is_tight = at < free_from
            ticks.append(MonthTick(at, date_format(day, "M Y" if has_year else "M"), is_tight))
            if not is_tight:
                year, free_from = day.year, at + YEAR_ROOM if has_year else at
        return ticks


def _days(marks: Sequence[DayMark]) -> str:
    return join_list(date_format(mark.day, "j M Y") for mark in marks)


def build_timeline(
    shown: Sequence[R],
    today: date,
    *,
    count: int,
    review_days: Callable[[date, date], list[date]] | None = None,
    closing_days: Sequence[date] = (),
) -> GoalTimeline[R]:
    """Return the timeline of goals over whole months, from the first start to the last due date.

    Takes the rows to show, the number of all goals, a function that returns the reviews between two days, and the
    closing dates of opportunities.
    """
    axis = Axis.around(shown, today)
    return GoalTimeline(
        [_lane(row, axis, today) for row in shown],
        axis.at(today),
        axis.ticks,
        more=count - len(shown),
        reviews=axis.marks(review_days(axis.first, axis.last) if review_days else [], today),
        closings=axis.marks(closing_days, today),
    )


def _lane(row: R, axis: Axis, today: date) -> Lane[R]:
    start = axis.at(row.starts_on)
    length = round(axis.at(row.due_on) - start, 2)
    marks = [Mark(axis.at(day), day < today) for day in row.open_days]
    return Lane(row, start, length, filled=round(length * row.share_done / 100, 2), marks=marks)
