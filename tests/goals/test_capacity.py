"""The load of the weeks: hours add up, and a week that gets too full is asked about."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.workload import (
    Effort,
    days_left,
    limit_of,
    monday_of,
    overload_after,
    paused_weeks,
    spread_effort,
    weekly_load,
)
from careerplan.planning.queries.plan_page import plan_load
from careerplan.plans.models import Pause, Plan
from tests.conflicts import shown_on
from tests.factories.goals import make_goal, only_step

TODAY = date(2027, 3, 10)  # a Wednesday
HOURS = st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(hours=HOURS, today=DAYS, due_on=DAYS)
@example(Decimal("10.00"), date(2028, 2, 29), date(2028, 3, 15))
@example(Decimal("0.01"), date(2026, 12, 31), date(2027, 1, 1))
def test_effort_is_spread_over_at_most_four_weeks_before_the_due_date(hours, today, due_on):
    load = spread_effort(Effort(hours, due_on), today)
    assert sum(load.values()) == hours
    assert all(week.weekday() == 0 and laid > 0 for week, laid in load.items())
    this, due = monday_of(today), max(monday_of(due_on), monday_of(today))
    assert all(max(this, due - timedelta(weeks=3)) <= week <= due for week in load)
    a_day = hours / sum(days_left(week, today) for week in weeks_until(today, due))
    assert all(abs(laid - a_day * days_left(week, today)) <= Decimal("0.5") for week, laid in load.items())


def weeks_until(today, due):
    """The last four weeks of those from today's to that of the due date."""
    this = monday_of(today)
    return [week for n in range(4) if (week := due - timedelta(weeks=n)) >= this]


@given(hours=HOURS, today=DAYS, days=st.integers(0, 400))
def test_step_on_a_fixed_day_takes_its_hours_in_the_week_of_that_day(hours, today, days):
    due_on = today + timedelta(days=days)
    load = spread_effort(Effort(hours, due_on, is_on_day=True), today, {monday_of(due_on)})
    assert load == {monday_of(due_on): hours}


def test_hours_of_this_week_are_those_of_its_last_days():
    week = date(2027, 3, 8)
    days = [week + timedelta(days=n) for n in (0, 2, 6)]
    assert [limit_of(week, Decimal(14), day) for day in days] == [14, 10, 2]
    assert limit_of(week + timedelta(weeks=1), Decimal(14), days[2]) == 14


@given(efforts=st.lists(st.builds(Effort, st.none() | HOURS, DAYS), max_size=8), today=DAYS)
def test_weekly_load_is_the_sum_of_known_effort(efforts, today):
    known = sum((effort.hours for effort in efforts if effort.hours), Decimal(0))
    assert sum(weekly_load(efforts, today).values(), Decimal(0)) == known


@pytest.mark.parametrize(
    ("due_on", "weeks"),
    [
        (date(2027, 3, 1), {date(2027, 3, 8): 10}),  # late: this week
        (date(2027, 3, 14), {date(2027, 3, 8): 10}),  # Sunday still belongs to the week
        # five days of this week, seven of the next
        (date(2027, 3, 15), {date(2027, 3, 8): Decimal("4.00"), date(2027, 3, 15): 6}),
        (date(2027, 12, 1), {date(2027, 11, 8) + timedelta(weeks=n): Decimal("2.5") for n in range(4)}),
    ],
)
def test_effort_by_week(due_on, weeks):
    assert spread_effort(Effort(Decimal(10), due_on), TODAY) == weeks


MONDAY = date(2027, 3, 8)


@pytest.mark.parametrize(
    ("pauses", "weeks"),
    [
        ([], []),
        ([(date(2027, 3, 9), date(2027, 3, 21))], [1]),  # from a Tuesday: that week has a day
        ([(date(2027, 3, 8), date(2027, 3, 20))], [0]),
        ([(date(2027, 3, 11), date(2027, 3, 14)), (date(2027, 3, 8), date(2027, 3, 10))], [0]),  # together a week
        ([(date(2027, 3, 8), date(2027, 3, 10)), (date(2027, 3, 12), date(2027, 3, 14))], []),
    ],
)
def test_week_is_paused_only_with_all_its_days(pauses, weeks):
    assert paused_weeks(pauses) == {MONDAY + timedelta(weeks=n) for n in weeks}


@pytest.mark.parametrize(
    ("due_on", "paused", "weeks"),
    [
        (date(2027, 3, 1), [0, 1], {2: 10}),  # late: the first week after the pause
        (date(2027, 3, 31), [1, 2], {0: 4, 3: 6}),
        (date(2027, 3, 24), [1, 2], {0: 10}),  # due in the pause: before it
        (date(2027, 3, 24), [0, 1, 2], {3: 10}),
        (date(2027, 12, 1), [36, 37], {34: Decimal("2.5"), 35: Decimal("2.5"), 33: Decimal("2.5"), 38: Decimal("2.5")}),
    ],
)
def test_paused_week_has_no_effort(due_on, paused, weeks):
    laid = spread_effort(Effort(Decimal(10), due_on), TODAY, {MONDAY + timedelta(weeks=n) for n in paused})
    assert laid == {MONDAY + timedelta(weeks=n): hours for n, hours in weeks.items()}


@given(hours=HOURS, today=DAYS, due_on=DAYS, paused=st.sets(st.integers(-5, 60), max_size=30))
def test_all_effort_is_spread_outside_pauses(hours, today, due_on, paused):
    weeks = {monday_of(today) + timedelta(weeks=n) for n in paused}
    load = spread_effort(Effort(hours, due_on), today, weeks)
    assert (sum(load.values()), load.keys() & weeks) == (hours, set())


def test_only_a_newly_overloaded_week_is_confirmed():
    week = date(2027, 3, 8)
    full = {week: Decimal(14)}
    assert overload_after({}, full, None, week) is None
    assert overload_after(full, full, Decimal(10), week) is None
    assert overload_after({week: Decimal(20)}, full, Decimal(10), week) is None
    assert overload_after({}, {week: Decimal(10)}, Decimal(10), week) is None
    assert overload_after({}, full, Decimal(10), week).hours == 14
    assert overload_after({}, {week: Decimal(10)}, Decimal(10), week + timedelta(days=1)).limit == Decimal("8.5")


STEP = {"step_title": "Write the report", "step_due_on": "2027-03-12", "effort_hours": "6"}
GOAL = {
    **STEP,
    "area": "professional",
    "title": "Budget",
    "measure_kind": "yes_no",
    "done_when": "It is approved",
    "starts_on": "2027-03-10",
    "due_on": "2027-06-30",
}


@pytest.mark.django_db
class TestAsking:
    @pytest.fixture(autouse=True)
    def _on_10_march_2027(self):
        with time_machine.travel("2027-03-10T12:00:00Z", tick=False):
            yield

    @pytest.fixture
    def goal(self, user):
        goal = make_goal(user, step_due_on=date(2027, 3, 12))
        ActionStep.objects.update(effort_hours=8)
        Plan.objects.update(hours_a_week=14)  # 10 of them from this Wednesday on
        return goal

    @pytest.fixture
    def browser(self, client, user):
        client.force_login(user)
        return client

    def add(self, browser, goal, **changes):
        data = {**STEP, "form_key": uuid4(), **changes}
        return browser.post(reverse("goals:step-new", args=[goal.pk]), data)

    def assert_only_asked(self, response):
        """It is advice with its button, no error."""
        form, page = response.context["form"], response.content.decode()
        assert (set(form.errors), form.only_asks) == ({"confirm_load"}, True)
        assert '<button class="btn btn-secondary btn-sm mt-2" name="confirm_load" value="on">' in page
        assert "is-error" not in page
        assert "errors-heading" not in page

    def test_step_that_overloads_a_week_is_confirmed_and_saved(self, browser, goal):
        asked = self.add(browser, goal)
        self.assert_only_asked(asked)
        assert goal.steps.count() == 1
        self.add(browser, goal, confirm_load="on")
        assert goal.steps.count() == 2

    def test_goal_whose_first_step_overloads_a_week_is_confirmed(self, browser, goal):
        data = {**GOAL, "form_key": uuid4()}
        self.assert_only_asked(browser.post(reverse("goals:new"), data))
        browser.post(reverse("goals:new"), {**data, "confirm_load": "on"})
        assert Goal.objects.count() == 2

    @pytest.mark.parametrize("changes", [{"effort_hours": "2"}, {"effort_hours": ""}, {"step_due_on": "2027-03-30"}])
    def test_step_within_capacity_needs_no_confirmation(self, browser, goal, changes):
        self.add(browser, goal, **changes)
        assert goal.steps.count() == 2

    def test_plan_without_weekly_hours_needs_no_confirmation(self, browser, goal):
        Plan.objects.update(hours_a_week=None)
        self.add(browser, goal, effort_hours="160")
        assert goal.steps.count() == 2

    def test_edit_without_more_load_needs_no_confirmation(self, browser, goal):
        Plan.objects.update(hours_a_week=7)
        step = only_step(goal)
        url = reverse("goals:step-edit", args=[step.pk])
        data = {**STEP, "form_key": step.form_key}
        browser.post(url, {**data, **shown_on(browser, "goals:step-edit", step.pk), "effort_hours": "8"})
        save_with_retry = only_step(goal)
        assert save_with_retry.title == "Write the report"
        data["version"] = save_with_retry.version
        self.assert_only_asked(browser.post(url, {**data, "effort_hours": "9"}))


@pytest.mark.django_db
def test_plan_page_shows_eight_weeks_and_later_effort(user, django_assert_num_queries):
    goal = make_goal(user, step_due_on=date(2027, 3, 12), due_on=date(2028, 6, 30))
    ActionStep.objects.update(effort_hours=8)
    make_goal(user, step_due_on=date(2028, 3, 12), due_on=date(2028, 6, 30))
    ActionStep.objects.exclude(goal=goal).update(effort_hours=3)
    Plan.objects.update(hours_a_week=5)
    plan = Plan.objects.get()
    with django_assert_num_queries(1):
        load = plan_load(plan, TODAY, [])
    assert len(load.weeks) == 8
    assert (load.weeks[0].hours, load.later, load.unknown) == (8, 3, 0)
    assert [week.monday for week in load.overfull] == [date(2027, 3, 8)]


@pytest.mark.django_db
def test_plan_page_marks_paused_weeks(client, user):
    with time_machine.travel("2027-03-10T12:00:00Z", tick=False):
        client.force_login(user)
        step = only_step(make_goal(user, step_due_on=date(2027, 3, 31)))
        ActionStep.objects.filter(pk=step.pk).update(effort_hours=Decimal(8))
        days = {"starts_on": date(2027, 3, 15), "ends_on": date(2027, 3, 21), "reason": "leave"}
        Pause.objects.create(plan=step.goal.plan, made_at=timezone.now(), form_key=uuid4(), **days)
        weeks = client.get(reverse("plans:plan")).context["page"].load.weeks
    assert [week.is_paused for week in weeks[:4]] == [False, True, False, False]
    assert [week.hours for week in weeks[:4]] == [2, 0, 3, 3]  # in proportion to 5, 7 and 7 days
