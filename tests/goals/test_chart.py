"""The picture of progress stays within its frame and true to its figures, whatever they are."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.goals.chart import draw, short, value_ticks
from careerplan.goals.pace import DatedValue, MeasureRange
from tests.goals.test_pace import figures, ways

WAY = MeasureRange(date(2026, 9, 21), date(2027, 6, 11), Decimal(8), Decimal(100))
TODAY = date(2027, 3, 9)


def after(days, value):
    return DatedValue(WAY.starts_on + timedelta(days=days), Decimal(value))


DESIGN = [after(0, 8), after(36, 14), after(52, 20), after(164, 35)]


def test_chart_of_the_design_example():
    chart = draw(WAY, DESIGN, TODAY)
    assert [tick.label for tick in chart.values] == ["0", "20", "40", "60", "80", "100"]
    assert [(point.x, point.y, point.label) for point in chart.points] == [
        (0.0, 92.73, "8"),
        (13.69, 87.27, "14"),
        (19.77, 81.82, "20"),
        (62.36, 68.18, "35"),
    ]
    assert (chart.start.y, chart.target.x, chart.target.y, chart.today_at) == (92.73, 100.0, 9.09, 64.26)
    assert [tick.label for tick in chart.months] == ["Oct", "Nov", "Dec", "Jan 2027", "Feb", "Apr", "May", "Jun"]
    assert not chart.shows_start


def test_chart_without_entries_has_a_start_and_no_line():
    chart = draw(WAY, [], TODAY)
    assert (chart.points, chart.segments, chart.shows_start) == ([], [], True)


def test_single_entry_is_joined_to_the_start():
    chart = draw(WAY, [after(30, 20)], TODAY)
    assert [(one.x, next_.x) for one, next_ in chart.segments] == [(0.0, 11.41)]


def test_many_entries_are_thinned_to_forty():
    chart = draw(WAY, [after(n // 2, n) for n in range(300)], TODAY)
    assert len(chart.points) == 40
    assert [one.x for one in chart.points] == sorted({one.x for one in chart.points})
    assert chart.points[-1].label == "299"
    assert len([one for one in chart.points if one.label]) <= 8


def test_last_entry_of_a_day_counts():
    assert [point.label for point in draw(WAY, [after(9, 5), after(9, 7)], TODAY).points] == ["7"]


def test_entry_shortly_before_the_start_is_shown():
    chart = draw(WAY, [after(-3000, 1), after(-20, 5), after(30, 20)], TODAY)
    assert chart.points[0].x == 0
    assert chart.start.x > 0
    assert len(chart.points) == 2


def test_chart_of_a_closed_goal_has_no_today_line():
    assert draw(WAY, DESIGN, None).today_at is None


def test_chart_to_the_ends_of_the_calendar_is_drawn():
    ends = MeasureRange(date.min, date.max, Decimal(8), Decimal(100))
    assert draw(ends, DESIGN, TODAY).target.x == 100


@given(ways(), st.lists(st.tuples(st.integers(-9000, 9000), figures), max_size=60), st.integers(-9000, 9000))
def test_chart_stays_within_its_frame(measure_range, found, passed):
    entries = [DatedValue(measure_range.starts_on + timedelta(days=n), value) for n, value in sorted(found)]
    chart = draw(measure_range, entries, measure_range.starts_on + timedelta(days=passed))
    places = [chart.start, chart.target, *chart.points]
    assert all(0 <= place.x <= 100 and 0 <= place.y <= 100 for place in places)
    assert all(0 <= tick.at <= 100 for tick in [*chart.values, *chart.months])
    assert len(chart.values) <= 9
    assert len(chart.months) <= 11
    assert len(chart.points) <= 40


@given(st.lists(figures, min_size=2, unique=True))
def test_ticks_are_even_and_cover_all_values(values):
    ticks = value_ticks(values)
    assert ticks[0] <= min(values)
    assert max(values) <= ticks[-1]
    assert len({after - before for before, after in pairwise(ticks)}) == 1


def test_ticks_of_whole_numbers_are_whole():
    assert value_ticks([Decimal(0), Decimal(1), Decimal(3)]) == [0, 1, 2, 3]
    assert value_ticks([Decimal("0.5"), Decimal(3)])[1] == Decimal("0.5")


@pytest.mark.parametrize(
    ("value", "text"), [("0", "0"), ("0.25", "0.25"), ("1000", "1,000"), ("20000", "20k"), ("2500000", "2.5M")]
)
def test_large_tick_labels_are_shortened(value, text):
    assert short(Decimal(value)) == text
