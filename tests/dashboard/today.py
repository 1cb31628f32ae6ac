"""Helpers for tests of Today: a fixed day, its page, rows in short."""

from datetime import UTC, date, datetime, timedelta

from careerplan.dashboard import queries
from careerplan.goals.queries.agenda import due_steps, period_ends
from careerplan.goals.services.steps import complete_step
from tests.factories.goals import make_goal, only_step

TODAY = date(2027, 3, 9)  # a Tuesday
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def today_page(user, day=TODAY):
    return queries.today_page(user, datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def due_of(user, most=3):
    week_end, weeks_end = period_ends(TODAY)
    return due_steps(user, now=NOON, today=TODAY, most=most, week_end=week_end, weeks_end=weeks_end)


def steps_on(user, *days):
    """A goal with one step on each of these days, counted from today."""
    for days_ahead in days:
        make_goal(user, step_due_on=TODAY + days_ahead * DAY)


def shown(page):
    """Days from today of the next step and of the rows of each group, and how many more each has."""
    first = [("next", [(page.hero.due_on - TODAY).days], 0)] if page.hero else []
    return first + [(group.key, [(item.day - TODAY).days for item in group.rows], group.more) for group in page.groups]


def done_step(user, *, at=NOON, **changes):
    step = only_step(make_goal(user, **changes))
    return complete_step(step=step, now=at)
