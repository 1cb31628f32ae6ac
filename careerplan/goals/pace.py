"""Progress, pace and forecast of a goal. Pure: no rows, no clock, no page texts.

Every rule uses numbers that the page shows, so that anyone can check it by hand: shares are whole per cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

# Share done minus share of time used, in percentage points.
ON_TRACK_ABOVE, SLIPPING_DOWN_TO = -10, -25
# A yes/no goal is a little behind while only one step is late, and for at most this long.
SLIPPING_DAYS = 14
# A pace means little beyond this many days: ten years.
HORIZON = timedelta(days=3652)


class Pace(StrEnum):
    """The pace of an active goal; the value is the end of its CSS class (static/css/states.css)."""

    ON_TRACK = "ok"
    SLIPPING = "slip"
    BEHIND = "behind"
    REACHED = "reached"


def whole_per_cent(done: Fraction) -> int:
    """Return a share that is done in whole per cent, 0 to 100; 100 only if nothing is left."""
    return 100 if done >= 1 else min(99, max(0, round(100 * done)))


def share_of(part: int, whole: int) -> int:
    """Return the part of the steps that is done in whole per cent; 0 without any."""
    return whole_per_cent(Fraction(part, whole)) if whole else 0


@dataclass(frozen=True)
class MeasureRange:
    """The range of a number from its start to its target; rising or falling. The two values differ."""

    starts_on: date
    due_on: date
    start: Decimal
    target: Decimal

    @property
    def is_rising(self) -> bool:
        """Return whether more is better."""
        return self.target > self.start

    def share(self, value: Decimal) -> Fraction:
        """Return the exact share that is done; below 0 if it moved away, above 1 if it went beyond."""
        return Fraction(value - self.start) / Fraction(self.target - self.start)

    def share_done(self, value: Decimal) -> int:
        """Return the share done in whole per cent, 0 to 100; 100 only if the target is reached."""
        return whole_per_cent(self.share(value))


@dataclass(frozen=True, order=True)
class DatedValue:
    """A value of a measure on a date."""

    measured_on: date
    value: Decimal


def share_of_time_gone(starts_on: date, due_on: date, today: date) -> int:
    """Return how much of the time from start to due date has passed, in whole per cent, 0 to 100."""
    whole, gone = (due_on - starts_on).days, (today - starts_on).days
    if whole == 0:
        return 100 if gone >= 0 else 0
    return max(0, min(100, round(100 * gone / whole)))


def pace_of_number(*, share_done: int, time_gone: int, due_on: date, today: date) -> Pace:
    """Return the pace of a goal with a number, from the two shares shown.

    Reached at 100%. Behind once the due date has passed, however little is missing. Otherwise share done minus share of
    time used: above -10 on track, down to -25 a little behind, else behind.
    """
    if share_done == 100:
        return Pace.REACHED
    lead = share_done - time_gone
    if today > due_on or lead < SLIPPING_DOWN_TO:
        return Pace.BEHIND
    return Pace.ON_TRACK if lead > ON_TRACK_ABOVE else Pace.SLIPPING


def pace_of_steps(*, late: int, oldest_due_on: date | None, due_on: date, today: date) -> Pace:
    """Return the pace of a yes/no goal from its late steps: open steps whose due date has passed.

    On track while none is late; a little behind while one is, by at most 14 days; behind with two, with one that is
    later than that, and once the goal's own due date has passed. `oldest_due_on`: the due date of the first open step.
    """
    if today > due_on or late > 1:
        return Pace.BEHIND
    if not late or oldest_due_on is None:
        return Pace.ON_TRACK
    return Pace.SLIPPING if (today - oldest_due_on).days <= SLIPPING_DAYS else Pace.BEHIND


class Outlook(StrEnum):
    """The kind of forecast that the progress entries allow."""

    DATE = "date"
    TOO_FEW = "too_few"  # entries on fewer than two days: a pace would be a guess
    REACHED = "reached"  # at the target
    STILL = "still"  # unchanged since the start
    AWAY = "away"  # farther from the target than at the start
    TOO_FAR = "too_far"  # beyond ten years
    STALE = "stale"  # the forecast date has passed without a new entry


@dataclass(frozen=True)
class Forecast:
    """A forecast; `on` is the date (for DATE and STALE), `newest` the entry that it is based on (unless TOO_FEW)."""

    outlook: Outlook
    on: date | None = None
    newest: DatedValue | None = None


def forecast(measure_range: MeasureRange, entries: Iterable[DatedValue], today: date) -> Forecast:
    """Return when the target will be reached at the average pace from the start to the newest entry.

    The start is the goal's own (its first day and number), so that the forecast and the steady pace of the chart start
    at one point: the forecast is after the due date exactly if the newest entry is short of the steady pace. Entries
    before the start do not count; of several on one day the last counts.
    """
    counted = {entry.measured_on: entry for entry in entries if entry.measured_on >= measure_range.starts_on}
    if len(counted) < 2:
        return Forecast(Outlook.TOO_FEW)
    newest = counted[max(counted)]
    done = measure_range.share(newest.value)
    if done <= 0 or done >= 1:
        kind = Outlook.REACHED if done >= 1 else Outlook.AWAY if done < 0 else Outlook.STILL
        return Forecast(kind, newest=newest)
    taken = (newest.measured_on - measure_range.starts_on).days
    # Rounded up: reached on that day, not on the day before.
    needed = -((-taken * done.denominator) // done.numerator)
    if needed > (today - measure_range.starts_on + HORIZON).days:
        return Forecast(Outlook.TOO_FAR, newest=newest)
    on = measure_range.starts_on + timedelta(days=needed)
    return Forecast(Outlook.STALE if on < today else Outlook.DATE, on, newest)
