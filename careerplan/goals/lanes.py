"""The goals against time: one picture of all of them, in per cent of one axis. Pure."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

from django.utils.formats import date_format

MOST_DAYS = 24  # marks in the row of reviews: those nearest to today
SHOWN_LANES = 8  # DESIGN.md section 5: "Don't show more than about 8; then a link to Goals."
MOST_MARKS = 12  # of one lane; more could not be told apart
# The axis shows at most so much around today: one goal of a lifetime must not squeeze the others into a point.
SHOWN_BEFORE, SHOWN_AFTER = timedelta(days=2 * 365), timedelta(days=3 * 365)


class Running(Protocol):
    """What is drawn of a goal: its time, how far it is (in per cent), and when its open steps are due."""

    @property
    def starts_on(self) -> date: ...
    @property
    def due_on(self) -> date: ...
    @property
    def share_done(self) -> int: ...
    @property
    def open_days(self) -> Sequence[date]: ...


R = TypeVar("R", bound=Running)


@dataclass(frozen=True, slots=True)
class Mark:
    """An open step on a lane, in per cent of the axis."""

    at: float
    is_late: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A month on the axis. The year stands beside the first one, and where it begins anew."""

    at: float
    label: str

    @property
    def anchor(self) -> str:
        """Where the label is held, so that it stays on the page at the end."""
        return "c-end" if self.at > 88 else ""


@dataclass(frozen=True)
class Lane(Generic[R]):
    """One goal on the common time axis: positions and lengths in per cent of it."""

    row: R
    start: float
    length: float
    filled: float
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day of the plan as a whole: where it lies on the axis, in per cent."""

    at: float
    day: date


@dataclass(frozen=True)
class Lanes(Generic[R]):
    """All goals against time, and below them the days of reviews and those on which opportunities close."""

    lanes: list[Lane[R]]
    today_at: float
    ticks: list[Tick]
    more: int
    reviews: list[DayMark]
    closings: list[DayMark]

    @property
    def has_late(self) -> bool:
        """Whether a step that is late is drawn."""
        return any(mark.is_late for lane in self.lanes for mark in lane.marks)

    @property
    def review_words(self) -> str:
        """The days of the reviews, for who does not see them."""
        return _days(self.reviews)

    @property
    def closing_words(self) -> str:
        """The closing dates, for who does not see them."""
        return _days(self.closings)

    @property
    def today_anchor(self) -> str:
        """Where the word "Today" is held, so that it stays on the page at either end."""
        return "" if self.today_at < 5 else "c-end" if self.today_at > 95 else "c-mid"


def _days(marks: Sequence[DayMark]) -> str:
    return ", ".join(date_format(mark.day, "j M Y") for mark in marks)


def lanes(
    shown: Sequence[R],
    today: date,
    *,
    count: int,
    review_days: Callable[[date, date], list[date]] | None = None,
    closing_days: Sequence[date] = (),
) -> Lanes[R]:
    """Goals on one time axis that runs over whole months, from the first start to the last due date.

    Takes the rows that are shown, how many goals there are, what gives the days of reviews between two days, and
    the days on which opportunities close.
    """
    first = max(min(today, *(row.starts_on for row in shown)), today - SHOWN_BEFORE).replace(day=1)
    last = min(max(today, *(row.due_on for row in shown)), today + SHOWN_AFTER)
    last = last.replace(day=monthrange(last.year, last.month)[1])
    whole = (last - first).days

    def at(day: date) -> float:
        return round(100 * (min(max(day, first), last) - first).days / whole, 2)

    drawn = []
    for row in shown:
        start, end = at(row.starts_on), at(row.due_on)
        length = round(end - start, 2)
        filled = round(length * row.share_done / 100, 2)
        marks = [Mark(at(day), day < today) for day in row.open_days]
        drawn.append(Lane(row, start, length, filled, marks))

    def marked(days: Sequence[date]) -> list[DayMark]:
        nearest = sorted({day for day in days if first <= day <= last}, key=lambda day: abs(day - today))
        return [DayMark(at(day), day) for day in sorted(nearest[:MOST_DAYS])]

    return Lanes(
        drawn,
        at(today),
        _ticks(first, last, at),
        more=count - len(shown),
        reviews=marked(review_days(first, last) if review_days else []),
        closings=marked(closing_days),
    )


def _ticks(first: date, last: date, at: Callable[[date], float]) -> list[Tick]:
    """Up to five month starts, evenly spread."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    ticks, year = [], 0
    for n in range(0, months, max(1, -(-months // 5))):
        years, month = divmod(first.month - 1 + n, 12)
        day = date(first.year + years, month + 1, 1)
        ticks.append(Tick(at(day), date_format(day, "M" if day.year == year else "M Y")))
        year = day.year
    return ticks
