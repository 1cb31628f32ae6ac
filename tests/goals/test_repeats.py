"""When a repeating step is due next, by an oracle that walks day by day."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from careerplan.core.dates import get_zone, local_day
from careerplan.goals.models import ActionStep
from careerplan.goals.repeats import LAST_DAY, MOST, RepeatRule, RepeatUnit
from careerplan.planning.services.new_plan import start_new_plan
from tests.factories.goals import add_steps, make_goal

DAYS = st.dates(date(1990, 1, 1), date(2110, 12, 31))
WEEKLY = st.builds(RepeatRule, st.just(RepeatUnit.WEEKLY), st.integers(1, 52), st.integers(1, 7))
MONTHLY = st.builds(RepeatRule, st.just(RepeatUnit.MONTHLY), st.integers(1, 24), st.integers(1, LAST_DAY))
DAILY = st.just(RepeatRule(RepeatUnit.DAILY, 1))
AFTER = st.builds(RepeatRule, st.just(RepeatUnit.AFTER), st.integers(1, 366))
FRIDAYS = RepeatRule(RepeatUnit.WEEKLY, 1, 5)
MONTH_ENDS = RepeatRule(RepeatUnit.MONTHLY, 1, LAST_DAY)


def is_of_rule(rule: RepeatRule, day: date, anchor: date) -> bool:
    """Say of one day, without arithmetic on dates of the rule, whether it belongs to a rule by the calendar."""
    if rule.unit is RepeatUnit.DAILY:
        return True
    if rule.unit is RepeatUnit.WEEKLY:
        weeks = ((day - timedelta(days=day.weekday())) - (anchor - timedelta(days=anchor.weekday()))).days // 7
        return day.isoweekday() == rule.on and weeks % rule.every == 0
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    last = monthrange(day.year, day.month)[1]
    return day.day == min(rule.on, last) and months % rule.every == 0


@given(DAILY | WEEKLY | MONTHLY, DAYS, DAYS)
@example(MONTH_ENDS, date(2028, 1, 31), date(2028, 1, 31))  # a leap year
@example(MONTH_ENDS, date(2027, 2, 28), date(2027, 1, 31))
@example(RepeatRule(RepeatUnit.MONTHLY, 12, 29), date(2027, 2, 28), date(2024, 2, 29))
@example(RepeatRule(RepeatUnit.WEEKLY, 2, 1), date(2027, 1, 3), date(2026, 12, 28))
def test_next_day_is_the_first_one_that_belongs_to_the_rule(rule, day, anchor):
    expected = day + timedelta(days=1)
    while not is_of_rule(rule, expected, anchor):
        expected += timedelta(days=1)
    assert rule.next_after(day, anchor) == expected


@given(AFTER, DAYS, DAYS)
def test_rule_after_done_counts_days(rule, day, anchor):
    assert rule.next_after(day, anchor) == day + timedelta(days=rule.every)


@given(DAILY | WEEKLY | MONTHLY | AFTER)
def test_rule_is_stored_as_text(rule):
    assert RepeatRule.parse(str(rule)) == rule


@given(
    st.text(max_size=12)
    | st.sampled_from(["weekly:1:8", "monthly:1:32", "after:0", "after:367", "weekly:53:1", "daily:2"])
)
def test_other_text_is_no_rule(text):
    rule = RepeatRule.parse(text)
    assert rule is None or str(rule) == text


def test_limits_are_those_of_all_rules():
    for unit, end in (("daily", ""), ("weekly", ":5"), ("monthly", ":31"), ("after", "")):
        known = [every for every in range(1200) if RepeatRule.parse(f"{unit}:{every}{end}")]
        assert known == list(range(1, MOST[unit] + 1))


@pytest.mark.django_db
def test_migration_brings_rows_within_the_limits_also_of_archived_plans(user):
    """Files once brought in rules that no code knew, and pauses moved steps past their last day."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE goals_actionstep DROP CONSTRAINT goals_actionstep_repeats_by_rule")
    goal, day = make_goal(user), date(2027, 3, 12)
    before = {"weekly:99:7": "weekly:52:7", "monthly:25:31": "monthly:24:31", "after:367": "after:366"}
    before |= {rule: rule for rule in ("daily:1", "weekly:52:1", "monthly:24:9", "after:366", "after:36")}
    steps = add_steps(goal, *before)
    for step in steps:
        ActionStep.objects.filter(pk=step.pk).update(
            repeats=step.title, repeats_from=day, due_on=day, repeats_until=day - timedelta(days=1)
        )
    start_new_plan(plan=goal.plan, title="Next", closing_notes="", carried=(), now=timezone.now())
    migration = import_module("careerplan.goals.migrations.0003_rules_within_limits")
    migration.bring_within_limits(apps, connection.schema_editor())
    found = ActionStep.objects.filter(pk__in=[step.pk for step in steps])
    assert dict(found.values_list("title", "repeats")) == before
    assert {*found.values_list("repeats_until", flat=True)} == {day}


@given(DAILY | WEEKLY | MONTHLY | AFTER, st.dates(date(9990, 1, 1), date.max))
def test_calendar_ends(rule, day):
    found = rule.next_after(day, day)
    assert found is None or found > day


@given(
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Gaza"]),
    st.datetimes(datetime(2009, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
@example("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC))  # the day that Samoa left out
@example("Europe/London", datetime(2027, 3, 28, 0, 59, tzinfo=UTC))  # clocks go forward
@example("Europe/London", datetime(2027, 10, 31, 0, 30, tzinfo=UTC))  # and back
def test_day_after_a_moment_is_that_of_the_zone(zone, at):
    local = at.astimezone(get_zone(zone)).replace(tzinfo=None)
    found = FRIDAYS.next_after(local_day(at, zone), date(2009, 1, 2))
    assert found.isoweekday() == 5
    assert timedelta(0) < datetime.combine(found, local.time()) - local <= timedelta(days=7)


@given(DAILY | WEEKLY | MONTHLY | AFTER, DAYS, DAYS, st.integers(0, 400))
def test_days_are_those_that_follow_each_other(rule, first, anchor, length):
    found = list(rule.days(first, anchor, first + timedelta(days=length)))
    assert found == sorted(set(found))
    assert [rule.next_after(day, anchor) for day in found[:-1]] == found[1:]
