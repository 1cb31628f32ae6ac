"""Days in words: the days that are near are named or counted, and only words say how far."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.timezones import known_time_zones
from careerplan.core.dates import Urgency, days_ago, end_of_month, get_zone, local_day, relative_day, urgency

TODAY = date(2027, 3, 9)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-4, "4 days late"),
        (-1, "1 day late"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "in 2 days"),
        (13, "in 13 days"),
        (14, "in 2 weeks"),
        (59, "in 8 weeks"),
        (60, "in 2 months"),
        (365, "in 12 months"),
        (730, "in 2 years"),
        (3652, "in 10 years"),
    ],
)
def test_relative_day_text(days, words):
    assert relative_day(TODAY + timedelta(days=days), TODAY) == words


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-1, Urgency.OVERDUE), (0, Urgency.SOON), (7, Urgency.SOON), (8, Urgency.LATER)],
)
def test_urgency(days, kind):
    assert urgency(TODAY + timedelta(days=days), TODAY) is kind


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "yesterday"), (5, "5 days ago")])
def test_days_ago_text(days, words):
    assert days_ago(TODAY - timedelta(days=days), TODAY) == words


@given(st.sampled_from(sorted(known_time_zones())), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_local_day_differs_by_one_day_at_most(zone, moment):
    moment = moment.replace(tzinfo=UTC)
    assert abs((local_day(moment, zone) - moment.date()).days) <= 1


@pytest.mark.parametrize("name", ["Mars/Olympus_Mons", "", "../etc/passwd", "America", "/etc/localtime", "Kyiv\0"])
def test_unknown_zone_is_utc(name):
    assert get_zone(name).key == "UTC"
    assert local_day(datetime(2027, 3, 9, 23, 59, tzinfo=UTC), name) == TODAY


def test_known_zone_is_returned():
    assert get_zone("Pacific/Kiritimati").key == "Pacific/Kiritimati"


def test_the_end_of_a_later_month():
    assert end_of_month(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert end_of_month(date(2027, 1, 1), 11) == date(2027, 12, 31)
    assert end_of_month(date(2027, 2, 1)) == date(2027, 2, 28)
