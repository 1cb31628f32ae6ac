"""Due dates worked out from hours a week."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.dates import end_of_month
from careerplan.goals.schedule import LEAST_DAYS, due_date, first_step_date

DAYS = st.dates(date(2026, 1, 1), date(2200, 12, 31))
TOTALS = st.integers(1, 1000)
HOURS_A_WEEK = st.decimals("0.1", 168, places=1)


@given(today=DAYS, hours=TOTALS, least_months=st.integers(0, 24), week=HOURS_A_WEEK)
def test_a_due_date_is_the_end_of_a_month_and_leaves_time_for_the_first_steps(today, hours, least_months, week):
    due = due_date(hours, week, today, least_months=least_months)
    assert due == end_of_month(due)
    assert due >= today + timedelta(days=LEAST_DAYS)
    assert due >= end_of_month(today, least_months)
    assert today < first_step_date(today, 0) < first_step_date(today, 2) <= due


@given(today=DAYS, hours=TOTALS, weeks=st.lists(HOURS_A_WEEK, min_size=2, max_size=2))
def test_more_hours_a_week_never_give_a_later_date(today, hours, weeks):
    fewer, more = sorted(weeks)
    assert due_date(hours, more, today) <= due_date(hours, fewer, today)


@given(today=DAYS, totals=st.lists(TOTALS, min_size=2, max_size=2), week=HOURS_A_WEEK)
def test_more_work_never_gives_an_earlier_date(today, totals, week):
    less, more = sorted(totals)
    assert due_date(less, week, today) <= due_date(more, week, today)


def test_a_third_of_the_weeks_brings_no_hours():
    # 24 hours at 2 a week are 12 weeks of work in 18 weeks.
    assert date(2027, 3, 9) + timedelta(weeks=18) == date(2027, 7, 13)
    assert due_date(24, Decimal(2), date(2027, 3, 9)) == date(2027, 7, 31)


def test_a_date_on_the_last_of_a_month_stays_in_it():
    # 4 hours at 1 a week take 6 weeks: from 17 January 2028 to 28 February, in a leap year.
    assert due_date(4, Decimal(1), date(2028, 1, 17)) == date(2028, 2, 29)
