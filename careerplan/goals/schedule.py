"""Due dates of suggested goals, from the hours that they take and the hours a week that the user can give."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from careerplan.core.dates import end_of_month

DEFAULT_HOURS_A_WEEK = Decimal(5)
"""Where the plan names none. Our own starting value, an hour each working day; the user can change it."""
GOALS_AT_A_TIME = 3
"""A goal that is added alone shares the week with two as long: the plan has, or will have, others."""
TIME_LOST = Decimal("1.5")
"""Weeks on the calendar for each week of work: one week in three brings no hours (holidays, illness, busy times).

People leave this out: students expected 34 days for a thesis and took 55, 1.6 times as long (Buehler, Griffin and Ross
1994, "Exploring the planning fallacy", Journal of Personality and Social Psychology 67, study 1).
"""
LEAST_DAYS = 28
"""Two to four weeks are for the first step alone."""
MOST_WEEKS = 520
"""Ten years; a later date would be no plan."""
FIRST_STEP = timedelta(days=14)
"""A first step can be taken soon: two weeks leave room for an answer."""
BETWEEN_FIRST_STEPS = timedelta(days=7)
"""First steps of goals that start together are a week apart, so that they do not all fall into one week."""


def due_date(hours: int | Decimal, hours_a_week: Decimal, today: date, *, least_months: int = 0) -> date:
    """Return the due date of a goal that takes `hours` in total: the end of the month in which they are done.

    The weeks needed are hours / hours a week * TIME_LOST, rounded up. At least LEAST_DAYS and `least_months` are left,
    so more hours a week never give a later date, and no date is past. `hours_a_week` must be above 0.
    """
    weeks = (hours * TIME_LOST / hours_a_week).to_integral_value(ROUND_CEILING)
    days = max(LEAST_DAYS, 7 * min(int(weeks), MOST_WEEKS))
    return max(end_of_month(today + timedelta(days=days)), end_of_month(today, least_months))


def hours_until_done(hours: int, shared_with: Sequence[int] = ()) -> int:
    """Return after how many hours of all goals together a goal of `hours` is done.

    `shared_with`: the hours of all goals that start together, itself among them. They take equal shares of the week,
    and those of a finished goal go to the others.
    """
    return sum(min(hours, other) for other in shared_with) if shared_with else GOALS_AT_A_TIME * hours


def first_step_date(today: date, place: int = 0) -> date:
    """Return the due date of a first step; `place` is that of its goal among those that start together."""
    return today + FIRST_STEP + place * BETWEEN_FIRST_STEPS
