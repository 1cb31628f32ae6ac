"""The rule of the state and the forecast: held against what they mean, whatever the figures and days."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from careerplan.goals.pace import (
    HORIZON,
    DatedValue,
    MeasureRange,
    Outlook,
    Pace,
    forecast,
    pace_of_number,
    pace_of_steps,
    share_of,
    share_of_time_gone,
)

START, DUE, TODAY = date(2026, 9, 21), date(2027, 6, 11), date(2027, 3, 9)
ORDER = [Pace.BEHIND, Pace.SLIPPING, Pace.ON_TRACK, Pace.REACHED]  # from worst to best

days = st.dates(date(1996, 1, 1), date(2104, 12, 31))
figures = st.decimals(Decimal(-99999), Decimal(99999), places=2)


@st.composite
def ways(draw):
    start, target = draw(figures), draw(figures)
    assume(start != target)
    first = draw(days)
    return MeasureRange(first, first + timedelta(days=draw(st.integers(0, 4000))), start, target)


def pace(measure_range, value, today):
    gone = share_of_time_gone(measure_range.starts_on, measure_range.due_on, today)
    return pace_of_number(
        share_done=measure_range.share_done(value), time_gone=gone, due_on=measure_range.due_on, today=today
    )


def mirrored(measure_range):
    return MeasureRange(measure_range.starts_on, measure_range.due_on, -measure_range.start, -measure_range.target)


def even(measure_range, day):
    """The figure of an even pace, by simple proportion."""
    gone = Decimal((day - measure_range.starts_on).days) / Decimal(
        (measure_range.due_on - measure_range.starts_on).days
    )
    return measure_range.start + (measure_range.target - measure_range.start) * gone


def test_design_example_is_behind():
    measure_range = MeasureRange(START, DUE, Decimal(8), Decimal(100))
    assert measure_range.share_done(Decimal(35)) == 29
    assert share_of_time_gone(START, DUE, TODAY) == 64
    assert pace(measure_range, Decimal(35), TODAY) is Pace.BEHIND


@pytest.mark.parametrize(
    ("done", "gone", "state"),
    [
        (0, 0, Pace.ON_TRACK),
        (41, 50, Pace.ON_TRACK),
        (40, 50, Pace.SLIPPING),
        (25, 50, Pace.SLIPPING),
        (24, 50, Pace.BEHIND),
        (99, 0, Pace.ON_TRACK),
        (100, 100, Pace.REACHED),
    ],
)
def test_pace_thresholds(done, gone, state):
    assert pace_of_number(share_done=done, time_gone=gone, due_on=DUE, today=TODAY) is state


def test_goal_past_its_date_is_not_on_track():
    late = DUE + timedelta(days=1)
    assert pace_of_number(share_done=99, time_gone=100, due_on=DUE, today=DUE) is Pace.ON_TRACK
    assert pace_of_number(share_done=99, time_gone=100, due_on=DUE, today=late) is Pace.BEHIND
    assert pace_of_number(share_done=100, time_gone=100, due_on=DUE, today=late) is Pace.REACHED


@pytest.mark.parametrize(
    ("late", "oldest", "today", "state"),
    [
        (0, None, TODAY, Pace.ON_TRACK),
        (0, TODAY, TODAY, Pace.ON_TRACK),
        (1, TODAY - timedelta(days=14), TODAY, Pace.SLIPPING),
        (1, TODAY - timedelta(days=15), TODAY, Pace.BEHIND),
        (2, TODAY - timedelta(days=1), TODAY, Pace.BEHIND),
        (0, None, DUE + timedelta(days=1), Pace.BEHIND),
    ],
)
def test_pace_of_a_yes_no_goal_is_by_late_steps(late, oldest, today, state):
    assert pace_of_steps(late=late, oldest_due_on=oldest, due_on=DUE, today=today) is state


@given(ways(), figures, figures, days)
def test_better_entry_never_lowers_the_pace(measure_range, one, other, today):
    worse, better = sorted([one, other], reverse=not measure_range.is_rising)
    assert measure_range.share_done(worse) <= measure_range.share_done(better)
    assert ORDER.index(pace(measure_range, worse, today)) <= ORDER.index(pace(measure_range, better, today))


@given(ways(), figures, days)
def test_falling_measure_mirrors_a_rising_one(measure_range, value, today):
    assert mirrored(measure_range).share_done(-value) == measure_range.share_done(value)
    assert pace(mirrored(measure_range), -value, today) is pace(measure_range, value, today)


def test_steps_are_100_per_cent_only_when_all_are_done():
    assert [share_of(*parts) for parts in ((0, 0), (0, 3), (1, 3), (199, 200), (200, 200))] == [0, 0, 33, 99, 100]


@given(ways(), figures)
def test_progress_is_100_per_cent_only_at_the_target(measure_range, value):
    done = measure_range.share_done(value)
    assert 0 <= done <= 100
    assert (done == 100) == (
        value >= measure_range.target if measure_range.is_rising else value <= measure_range.target
    )


@given(ways(), days, days)
@example(
    MeasureRange(date(2024, 2, 29), date(2028, 2, 29), Decimal(0), Decimal(1)), date(2026, 2, 28), date(2026, 3, 1)
)
def test_elapsed_time_never_decreases(measure_range, one, other):
    earlier, later = sorted([one, other])
    shares = [share_of_time_gone(measure_range.starts_on, measure_range.due_on, day) for day in (earlier, later)]
    assert 0 <= shares[0] <= shares[1] <= 100
    assert share_of_time_gone(measure_range.starts_on, measure_range.due_on, measure_range.due_on) == 100


@given(ways(), figures, days, days)
def test_waiting_never_improves_the_pace(measure_range, value, one, other):
    earlier, later = sorted([one, other])
    assert ORDER.index(pace(measure_range, value, later)) <= ORDER.index(pace(measure_range, value, earlier))


@st.composite
def entries_on(draw, measure_range):
    offsets = draw(st.lists(st.integers(-50, 3000), min_size=0, max_size=6))
    found = [DatedValue(measure_range.starts_on + timedelta(days=n), draw(figures)) for n in offsets]
    return sorted(found, key=lambda entry: entry.measured_on)


@given(ways(), st.data())
def test_forecast_is_the_first_day_on_the_line_at_the_target(measure_range, data):
    entries = data.draw(entries_on(measure_range))
    today = max([measure_range.starts_on, *(entry.measured_on for entry in entries)])
    found = forecast(measure_range, entries, today)
    if found.outlook is Outlook.DATE:
        newest = found.newest
        a_day = (newest.value - measure_range.start) / Decimal((newest.measured_on - measure_range.starts_on).days)
        needed = (measure_range.target - measure_range.start) / a_day
        assert abs((found.on - measure_range.starts_on).days - needed) < 1 + Decimal("1e-9")
        assert today <= found.on <= today + HORIZON
    else:
        assert found.on is None or found.on < today


@given(ways(), st.data())
def test_forecast_is_late_exactly_below_an_even_pace(measure_range, data):
    assume(measure_range.due_on > measure_range.starts_on)
    found = forecast(measure_range, data.draw(entries_on(measure_range)), measure_range.starts_on)
    if found.outlook is Outlook.DATE and found.newest.measured_on <= measure_range.due_on:
        ahead = measure_range.share(found.newest.value) >= measure_range.share(
            even(measure_range, found.newest.measured_on)
        )
        # (Decimal's even pace is rounded: a hair either side of the line is either.)
        assume(
            abs(
                measure_range.share(found.newest.value)
                - measure_range.share(even(measure_range, found.newest.measured_on))
            )
            > 1e-9
        )
        assert (found.on <= measure_range.due_on) == ahead


@given(ways(), st.data(), figures)
def test_better_newest_entry_never_delays_the_forecast(measure_range, data, other):
    entries = data.draw(entries_on(measure_range))
    assume(entries)
    today = entries[-1].measured_on
    changed = [*entries[:-1], DatedValue(today, other)]
    less, more = sorted([entries, changed], key=lambda some: some[-1].value)
    if not measure_range.is_rising:
        less, more = more, less
    one, two = forecast(measure_range, less, today), forecast(measure_range, more, today)
    if one.outlook is Outlook.DATE:
        assert two.outlook is Outlook.REACHED or two.on <= one.on


WAY = MeasureRange(START, DUE, Decimal(8), Decimal(100))


def on(day, value):
    return DatedValue(date.fromisoformat(day), Decimal(value))


@pytest.mark.parametrize(
    ("entries", "outlook"),
    [
        ([], Outlook.TOO_FEW),
        ([on("2027-01-01", 50)], Outlook.TOO_FEW),
        ([on("2027-01-01", 50), on("2027-01-01", 60)], Outlook.TOO_FEW),
        ([on("2026-09-01", 5), on("2027-01-01", 50)], Outlook.TOO_FEW),  # one of them before the start
        ([on("2026-10-01", 20), on("2027-01-01", 8)], Outlook.STILL),
        ([on("2026-10-01", 20), on("2027-01-01", 7)], Outlook.AWAY),
        ([on("2026-10-01", 8), on("2027-03-01", "8.5")], Outlook.TOO_FAR),
        ([on("2026-09-21", 8), on("2026-10-01", 60)], Outlook.STALE),
        ([on("2026-09-21", 8), on("2027-03-04", 35)], Outlook.DATE),
        ([on("2026-09-21", 8), on("2027-03-04", 120)], Outlook.REACHED),
    ],
)
def test_forecast_needs_enough_entries(entries, outlook):
    assert forecast(WAY, entries, TODAY).outlook is outlook


def test_forecast_of_the_design_example():
    """27 of 92 in 164 days: the other 65 take 395 more."""
    found = forecast(WAY, [on("2026-09-21", 8), on("2026-11-12", 20), on("2027-03-04", 35)], TODAY)
    assert found.on == date(2028, 4, 2)


def test_leap_day_counts():
    measure_range = MeasureRange(date(2028, 2, 27), date(2028, 3, 2), Decimal(0), Decimal(4))
    found = forecast(measure_range, [on("2028-02-28", 1), on("2028-02-29", 2)], date(2028, 2, 29))
    assert found.on == measure_range.due_on
    assert share_of_time_gone(measure_range.starts_on, measure_range.due_on, date(2028, 2, 29)) == 50
