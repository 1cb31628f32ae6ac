"""Dates of a cadence, compared with an oracle that walks the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.reviews.cadence import SPANS, Cadence, CadenceRule

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
schedules = st.builds(CadenceRule, st.sampled_from(sorted(SPANS)), days)
numbers = st.integers(-60, 400)


def oracle(schedule: CadenceRule, number: int) -> date:
    """Walk month by month, then take the day of the anchor or the last of the month."""
    if schedule.cadence == "weekly":
        return schedule.anchor_on + timedelta(days=7 * number)
    months = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}[schedule.cadence] * number
    first = schedule.anchor_on.replace(day=1)
    for _ in range(abs(months)):
        first = (
            (first + timedelta(days=31)).replace(day=1) if months > 0 else (first - timedelta(days=1)).replace(day=1)
        )
    found = first
    while found.day < schedule.anchor_on.day and (found + timedelta(days=1)).month == first.month:
        found += timedelta(days=1)
    return found


@given(schedules, numbers)
def test_dates_equal_those_of_the_calendar(schedule, number):
    assert schedule.date_of(number) == oracle(schedule, number)


@given(schedules, days)
def test_last_and_first_date_enclose_a_day(schedule, day):
    last, following = schedule.last_on_or_before(day), schedule.first_after(day)
    assert following > day
    if day < schedule.anchor_on:
        assert (last, following) == (None, schedule.anchor_on)
    else:
        assert last <= day
        assert [one for one in schedule.dates(last, following) if one not in (last, following)] == []


@given(schedules, days, st.integers(0, 900))
def test_dates_of_a_period_are_complete(schedule, first, length):
    last = first + timedelta(days=length)
    expected = [one for n in range(6000) if first <= (one := schedule.date_of(n)) <= last]
    assert list(schedule.dates(first, last)) == expected


@given(schedules, st.integers(1, 200))
def test_month_end_never_drifts(schedule, number):
    found = schedule.date_of(number)
    if schedule.cadence != "weekly":
        is_last = (found + timedelta(days=1)).day == 1
        assert found.day == schedule.anchor_on.day or (is_last and found.day < schedule.anchor_on.day)


@pytest.mark.parametrize(
    ("cadence", "anchor", "expected"),
    [
        ("monthly", date(2027, 1, 31), [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]),
        ("monthly", date(2028, 1, 31), [date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]),
        ("yearly", date(2028, 2, 29), [date(2029, 2, 28), date(2030, 2, 28), date(2031, 2, 28), date(2032, 2, 29)]),
        ("quarterly", date(2026, 11, 30), [date(2027, 2, 28), date(2027, 5, 30)]),
        ("half_yearly", date(2026, 8, 31), [date(2027, 2, 28), date(2027, 8, 31)]),
        ("weekly", date(2026, 12, 28), [date(2027, 1, 4)]),
    ],
)
def test_month_ends_are_counted_from_the_anchor(cadence, anchor, expected):
    schedule = CadenceRule(Cadence(cadence), anchor)
    assert [schedule.date_of(n) for n in range(1, len(expected) + 1)] == expected


def test_cadence_none_has_no_dates():
    schedule = CadenceRule(Cadence.NONE, date(2027, 1, 1))
    assert schedule.first_after(date(2027, 5, 1)) is schedule.last_on_or_before(date(2027, 5, 1)) is None
    assert list(schedule.dates(date(2027, 1, 1), date(2028, 1, 1))) == []
