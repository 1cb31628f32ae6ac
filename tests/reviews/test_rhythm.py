"""The dates of a rhythm: each from the anchor, held against an oracle that walks the calendar day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careerplan.reviews.rhythm import SPANS, Cadence, Rhythm

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
rhythms = st.builds(Rhythm, st.sampled_from(sorted(SPANS)), days)
numbers = st.integers(-60, 400)


def oracle(rhythm: Rhythm, number: int) -> date:
    """By walking: whole months one after the other, then the anchor's day or the month's last one."""
    if rhythm.cadence == "weekly":
        return rhythm.anchor_on + timedelta(days=7 * number)
    months = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}[rhythm.cadence] * number
    first = rhythm.anchor_on.replace(day=1)
    for _ in range(abs(months)):
        first = (
            (first + timedelta(days=31)).replace(day=1) if months > 0 else (first - timedelta(days=1)).replace(day=1)
        )
    found = first
    while found.day < rhythm.anchor_on.day and (found + timedelta(days=1)).month == first.month:
        found += timedelta(days=1)
    return found


@given(rhythms, numbers)
def test_each_date_is_the_one_of_the_calendar(rhythm, number):
    assert rhythm.date_of(number) == oracle(rhythm, number)


@given(rhythms, days)
def test_the_last_date_and_the_first_after_it_enclose_a_day(rhythm, day):
    last, following = rhythm.last_on_or_before(day), rhythm.first_after(day)
    assert following > day
    if day < rhythm.anchor_on:
        assert (last, following) == (None, rhythm.anchor_on)
    else:
        assert last <= day
        assert [one for one in rhythm.dates(last, following) if one not in (last, following)] == []


@settings(max_examples=30, deadline=None)
@given(rhythms, days, st.integers(0, 900))
def test_dates_of_a_time_are_all_of_them_and_no_other(rhythm, first, length):
    last = first + timedelta(days=length)
    expected = [one for n in range(6000) if first <= (one := rhythm.date_of(n)) <= last]
    assert list(rhythm.dates(first, last)) == expected


@given(rhythms, st.integers(1, 200))
def test_a_month_end_never_drifts(rhythm, number):
    found = rhythm.date_of(number)
    if rhythm.cadence != "weekly":
        is_last = (found + timedelta(days=1)).day == 1
        assert found.day == rhythm.anchor_on.day or (is_last and found.day < rhythm.anchor_on.day)


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
def test_month_ends_come_from_the_anchor(cadence, anchor, expected):
    rhythm = Rhythm(Cadence(cadence), anchor)
    assert [rhythm.date_of(n) for n in range(1, len(expected) + 1)] == expected


def test_only_by_oneself_has_no_dates():
    rhythm = Rhythm(Cadence.NONE, date(2027, 1, 1))
    assert rhythm.first_after(date(2027, 5, 1)) is rhythm.last_on_or_before(date(2027, 5, 1)) is None
    assert list(rhythm.dates(date(2027, 1, 1), date(2028, 1, 1))) == []
