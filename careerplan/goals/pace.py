"""How far a goal is, how far its time is, and when it will be reached. Pure: no rows, no clock, no words of a page.

Every rule is about figures that the page shows, so that anybody can check it by hand: shares are whole per cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

# DESIGN.md section 5: share done minus share of time gone, in points of per cent.
ON_TRACK_ABOVE, SLIPPING_DOWN_TO = -10, -25
# A yes/no goal is a little behind while just one step is late, and no longer than this.
SLIPPING_DAYS = 14
# "At this pace" means little beyond so many days: ten years.
HORIZON = timedelta(days=3652)


class Pace(StrEnum):
    """The state of an active goal; the value is the end of its CSS class (DESIGN.md section 5)."""

    ON_TRACK = "ok"
    SLIPPING = "slip"
    BEHIND = "behind"
    REACHED = "reached"


@dataclass(frozen=True)
class MeasureRange:
    """The way of a number from its start to its target; rising or falling. The two values differ."""

    starts_on: date
    due_on: date
    start: Decimal
    target: Decimal

    @property
    def is_rising(self) -> bool:
        """Whether more is better."""
        return self.target > self.start

    def share(self, value: Decimal) -> Fraction:
        """The part of the way that is done, exactly; under 0 where it moved away, over 1 where it went beyond."""
        return Fraction(value - self.start) / Fraction(self.target - self.start)

    def share_done(self, value: Decimal) -> int:
        """The same in whole per cent, 0 to 100; 100 only when the target is reached."""
        done = self.share(value)
        return 100 if done >= 1 else min(99, max(0, round(100 * done)))


@dataclass(frozen=True, order=True)
class DatedValue:
    """What a measure was on a day."""

    read_on: date
    value: Decimal


def share_of_time_gone(starts_on: date, due_on: date, today: date) -> int:
    """How much of the time from start to due date has gone, in whole per cent, 0 to 100."""
    whole, gone = (due_on - starts_on).days, (today - starts_on).days
    if whole == 0:
        return 100 if gone >= 0 else 0
    return max(0, min(100, round(100 * gone / whole)))


def pace_of_number(*, share_done: int, time_gone: int, due_on: date, today: date) -> Pace:
    """The state of a goal with a number, from the two shares that are shown.

    Reached at 100 %. Behind once the due date has passed, however little is missing: what is late is not on track.
    Otherwise share done minus share of time gone: above -10 on track, down to -25 a little behind, else behind.
    """
    if share_done == 100:
        return Pace.REACHED
    lead = share_done - time_gone
    if today > due_on or lead < SLIPPING_DOWN_TO:
        return Pace.BEHIND
    return Pace.ON_TRACK if lead > ON_TRACK_ABOVE else Pace.SLIPPING


def pace_of_steps(*, late: int, oldest_due_on: date | None, due_on: date, today: date) -> Pace:
    """The state of a yes/no goal, from its late steps: open ones whose day has passed.

    On track while none is late; a little behind while one is, by at most 14 days; behind with two, with one
    that is later than that, and once the goal's own due date has passed. `oldest_due_on`: the first open step's day.
    """
    if today > due_on or late > 1:
        return Pace.BEHIND
    if not late or oldest_due_on is None:
        return Pace.ON_TRACK
    return Pace.SLIPPING if (today - oldest_due_on).days <= SLIPPING_DAYS else Pace.BEHIND


class Outlook(StrEnum):
    """What can honestly be said about the day on which a number will be reached."""

    DATE = "date"
    TOO_FEW = "too_few"  # readings of fewer than two days: a pace would be a guess
    REACHED = "reached"  # it is there
    STILL = "still"  # where it was at the start
    AWAY = "away"  # farther from the target than at the start
    TOO_FAR = "too_far"  # beyond ten years
    STALE = "stale"  # the day has passed, and no reading says what became of it


@dataclass(frozen=True)
class Forecast:
    """The outlook; `on` is the day (for DATE and STALE), `newest` the reading that it goes by (unless TOO_FEW)."""

    outlook: Outlook
    on: date | None = None
    newest: DatedValue | None = None


def forecast(measure_range: MeasureRange, readings: Iterable[DatedValue], today: date) -> Forecast:
    """When the target will be reached at the pace so far: from the start to the newest reading, and straight on.

    The start is the goal's own (its first day and figure), so that the forecast and the even pace of the chart
    begin at one point: the forecast is after the due date exactly where the newest reading is short of the even
    pace. Readings from before the start do not count; of one day the last given counts.
    """
    counted = {reading.read_on: reading for reading in readings if reading.read_on >= measure_range.starts_on}
    if len(counted) < 2:
        return Forecast(Outlook.TOO_FEW)
    newest = counted[max(counted)]
    done = measure_range.share(newest.value)
    if done <= 0 or done >= 1:
        kind = Outlook.REACHED if done >= 1 else Outlook.AWAY if done < 0 else Outlook.STILL
        return Forecast(kind, newest=newest)
    taken = (newest.read_on - measure_range.starts_on).days
    # Rounded up: on that day it is reached, on the day before it is not.
    needed = -((-taken * done.denominator) // done.numerator)
    if needed > (today - measure_range.starts_on + HORIZON).days:
        return Forecast(Outlook.TOO_FAR, newest=newest)
    on = measure_range.starts_on + timedelta(days=needed)
    return Forecast(Outlook.STALE if on < today else Outlook.DATE, on, newest)
