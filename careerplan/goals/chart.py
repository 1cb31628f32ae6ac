"""Chart of a number against a steady pace: positions as a percentage of the drawing. Pure: no rows, no clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.dates import later
from careerplan.core.numbers import format_number
from careerplan.goals.pace import DatedValue, MeasureRange

MOST_POINTS = 40  # more cannot be told apart on a phone
MOST_LABELS = 8
LETTER = 2.8  # width of a number as a percentage of the drawing on a phone, with some space
MOST_INTERVALS = 6  # of the value axis
MOST_TICKS = 9  # of the time axis
# A label nearer to "Today" than this would overlap it: on a wide screen, and on a phone.
NEAR, NEAR_ON_A_PHONE = 7.0, 17.0


@dataclass(frozen=True)
class Tick:
    """A mark of an axis. `wide`: left out on a narrow screen."""

    at: float
    label: str
    wide: bool = False


@dataclass(frozen=True)
class Point:
    """A progress entry in the drawing. Its number is above it, below it (`below`), or missing ("")."""

    x: float
    y: float
    label: str = ""
    below: bool = False


@dataclass(frozen=True)
class Chart:
    """Everything the template draws. `start` and `target` are the ends of the steady pace."""

    values: list[Tick]
    months: list[Tick]
    points: list[Point]
    start: Point
    target: Point
    today_at: float | None
    pace_label: Point | None
    is_rising: bool
    first: date
    last: date

    @property
    def segments(self) -> list[tuple[Point, Point]]:
        """Return the line through the entries; it starts at the goal's start unless an entry is earlier."""
        before = self.points and self.points[0].x <= self.start.x
        return list(pairwise(self.points if before else [self.start, *self.points]))

    @property
    def shows_start(self) -> bool:
        """Return whether the start is a point of its own: not if the first entry is in the same place."""
        return not self.points or self.points[0].x > self.start.x

    @property
    def dot(self) -> int:
        """Return the radius of an entry in pixels: smaller if there are many."""
        return 5 if len(self.points) <= 15 else 3

    @property
    def target_anchor(self) -> str:
        """Return the text anchor of the target label: the end, unless the target is too far to the left."""
        return "c-end" if self.target.x > 45 else ""

    @property
    def today_anchor(self) -> str:
        """Return the text anchor of "Today", so that the word stays inside the drawing."""
        at = self.today_at or 0.0
        return "" if at < 5 else "c-end" if at > 95 else "c-mid"


def draw(measure_range: MeasureRange, entries: Sequence[DatedValue], today: date | None) -> Chart:
    """Return the chart of a goal: `entries` in date order, `today` unless the goal is closed.

    The time axis runs from the start to the due date. What lies outside is shown too, up to the goal's own length on
    either side, so that one old entry does not squeeze the rest; the table has them all.
    """
    length = max(measure_range.due_on - measure_range.starts_on, timedelta(days=1))
    first_shown = measure_range.starts_on - min(length, measure_range.starts_on - date.min)
    last_shown = later(measure_range.due_on, length.days)
    by_day = {one.measured_on: one for one in entries if first_shown <= one.measured_on <= last_shown}
    shown = thinned(sorted(by_day.values()))
    days = [measure_range.starts_on, measure_range.starts_on + length, *(one.measured_on for one in shown)]
    if today:
        days.append(min(max(today, measure_range.starts_on), last_shown))
    first, last = min(days), max(days)
    ticks = value_ticks([measure_range.start, measure_range.target, *(one.value for one in shown)])
    low, high = ticks[0], ticks[-1] + (ticks[-1] - ticks[0]) / 10  # room for the label of the target

    def at(day: date) -> float:
        return round(100 * (day - first).days / (last - first).days, 2)

    def height(value: Decimal) -> float:
        return round(float(100 * (high - value) / (high - low)), 2)

    today_at = at(today) if today and first <= today <= last else None
    start = Point(at(measure_range.starts_on), height(measure_range.start))
    target = Point(at(measure_range.due_on), height(measure_range.target))
    points = [Point(at(one.measured_on), height(one.value)) for one in shown]
    return Chart(
        values=[Tick(height(tick), short(tick)) for tick in ticks],
        months=time_ticks(first, last, at, today_at),
        points=_labelled(points, [format_number(one.value) for one in shown], target),
        start=start,
        target=target,
        today_at=today_at,
        pace_label=_clear_place(start, target, points, today_at),
        is_rising=measure_range.is_rising,
        first=first,
        last=last,
    )


def thinned(entries: Sequence[DatedValue]) -> list[DatedValue]:
    """Return at most 40 entries, evenly chosen, including the first and the last."""
    if len(entries) <= MOST_POINTS:
        return list(entries)
    last = len(entries) - 1
    return [entries[round(n * last / (MOST_POINTS - 1))] for n in range(MOST_POINTS)]


def value_ticks(values: Sequence[Decimal]) -> list[Decimal]:
    """Return round numbers that span all values, at most six steps apart. From 0 unless that flattens the line."""
    low, high = min(values), max(values)
    if 0 <= low <= high / 2:
        low = Decimal(0)
    elif high <= 0 and high >= low / 2:
        high = Decimal(0)
    rough = (high - low) / MOST_INTERVALS
    power = Decimal(10) ** rough.adjusted()
    if all(value % 1 == 0 for value in values):
        power = max(power, Decimal(1))  # no one gives half a talk
    for step in (power, 2 * power, 5 * power, 10 * power, 20 * power):
        first, last = low // step, -(-high // step)
        if low < first * step:  # Decimal's // rounds towards 0
            first -= 1
        if high > last * step:
            last += 1
        if last - first <= MOST_INTERVALS:
            break
    return [step * n for n in range(int(first), int(last) + 1)]


def short(value: Decimal) -> str:
    """Return a number that fits beside the axis: 100, 2.5, 20k, 1.5M."""
    for limit, words in ((10**9, _("%(n)sbn")), (10**6, _("%(n)sM")), (10**4, _("%(n)sk"))):
        if abs(value) >= limit:
            unit = limit if limit > 10**4 else 1000
            return words % {"n": format_number(value / unit)}
    return format_number(value)


def time_ticks(first: date, last: date, at: Callable[[date], float], today_at: float | None) -> list[Tick]:
    """Return starts of months or years, or some days if the time is short; none under "Today"."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if months < 2:
        days = (last - first).days
        every = max(1, -(-days // 4))
        found = [(day, date_format(day, "j M")) for day in (first + timedelta(days=n) for n in range(0, days, every))]
    else:
        every = next((n for n in (1, 2, 3, 6) if months <= n * MOST_TICKS), 12 * -(-months // (12 * MOST_TICKS)))
        found = []
        for n in range(first.year * 12, last.year * 12 + 12, every):
            day = date(n // 12, n % 12 + 1, 1)
            if first <= day <= last:
                found.append((day, _month(day, years=every >= 12)))
    ticks = []
    for n, (day, label) in enumerate(found):
        away = 100.0 if today_at is None else abs(at(day) - today_at)
        if away >= NEAR:
            ticks.append(Tick(at(day), label, wide=n % 2 == 1 or away < NEAR_ON_A_PHONE))
    return ticks


def _month(day: date, *, years: bool) -> str:
    return date_format(day, "Y" if years else "M Y" if day.month == 1 else "M")


def _labelled(points: Sequence[Point], labels: Sequence[str], target: Point) -> list[Point]:
    """Return the numbers beside a few entries, from the newest back, if there is room."""
    room = LETTER * max(map(len, labels), default=0)
    found: list[Point] = []
    written: list[float] = []
    for point, label in zip(reversed(points), reversed(labels), strict=True):
        if len(written) < MOST_LABELS and all(abs(point.x - x) >= room for x in written):
            written.append(point.x)
            # Above would run into the label of the target.
            below = point.x > target.x - 45 and abs(point.y - target.y) < 15 and point.y < 80
            found.append(Point(point.x, point.y, label, below=below))
        else:
            found.append(point)
    return found[::-1]


def _clear_place(start: Point, target: Point, points: Sequence[Point], today_at: float | None) -> Point | None:
    """Return where the label "steady pace" is farthest from the entries and today's line; None without room."""
    if target.x - start.x < 20:
        return None

    def place(share: float) -> Point:
        return Point(round(start.x + share * (target.x - start.x), 2), round(start.y + share * (target.y - start.y), 2))

    def clearance(spot: Point) -> float:
        gaps = [abs(spot.x - one.x) + abs(spot.y - one.y) for one in points]
        return min([*gaps, abs(spot.x - today_at) if today_at is not None else 100.0])

    return max((place(share) for share in (0.52, 0.4, 0.65)), key=clearance)
