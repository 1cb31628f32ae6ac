"""What Today shows."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.dashboard.queries import agenda, lead, today_page
from careerplan.goals.models import ActionStep
from careerplan.goals.queries import open_steps_by_date
from careerplan.goals.services import Measure, complete_step
from careerplan.skills.queries import offers
from tests.factories.goals import NOW, make_goal, make_reading, only_step
from tests.factories.skills import make_catalogue

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 9)


def test_somebody_without_a_goal_has_no_page_yet(user):
    assert today_page(user, TODAY) is None


def test_steps_are_grouped_by_urgency_nearest_first(user):
    for days in (30, -4, 0, 7, 8):
        make_goal(user, step_due_on=TODAY + timedelta(days=days))
    groups = agenda(open_steps_by_date(user), TODAY)
    assert [(group.key, [(step.due_on - TODAY).days for step in group.steps]) for group in groups] == [
        ("overdue", [-4]),
        ("soon", [0, 7]),
        ("later", [8, 30]),
    ]


def test_what_does_not_fit_is_counted(user):
    for days in range(10, 18):
        make_goal(user, step_due_on=TODAY + timedelta(days=days))
    [later] = agenda(open_steps_by_date(user), TODAY)
    assert (len(later.steps), later.more) == (3, 5)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([], "Nothing is due within a week."),
        ([20], "Nothing is due within a week."),
        ([3], "Nothing is late, 1 is due within a week."),
        ([-1], "1 step is late."),
        ([-1, -2, 0, 7], "2 steps are late, 2 are due within a week."),
    ],
)
def test_the_sentence_says_what_matters_now(days, sentence):
    assert lead([ActionStep(due_on=TODAY + timedelta(days=n)) for n in days], TODAY) == sentence


def test_lanes_lie_on_one_axis_within_it(user):
    make_goal(user, starts_on=date(2027, 1, 15), due_on=date(2027, 6, 30), step_due_on=date(2027, 2, 1))
    make_goal(user, starts_on=date(2027, 3, 1), due_on=date(2027, 12, 31), step_due_on=date(2027, 9, 1))
    lanes = today_page(user, TODAY).lanes
    assert lanes.ticks[0] == (0.0, date(2027, 1, 1))
    assert 0 < lanes.today_at < 100
    for lane in lanes.lanes:
        assert 0 <= lane.start
        assert lane.start + lane.length <= 100
    assert [mark.is_late for lane in lanes.lanes for mark in lane.marks] == [True, False]


def test_the_measure_fills_the_lane_and_steps_that_of_a_yes_or_no(user):
    number = make_goal(user)
    yes_no = make_goal(user, measure=Measure(kind="yes_no", done_when="A signed contract"))
    assert [lane.filled for lane in today_page(user, TODAY).lanes.lanes] == [0, 0]
    complete_step(step=only_step(number), now=NOW)
    complete_step(step=only_step(yes_no), now=NOW)
    make_reading(number, 6)
    half, whole = today_page(user, TODAY).lanes.lanes
    assert half.filled == pytest.approx(half.length / 2, abs=0.01)
    assert whole.filled == whole.length


@pytest.mark.parametrize("count", [1, 30])
def test_today_costs_the_same_however_much_there_is(signed_in, user, django_assert_num_queries, count):
    for _ in range(count):
        make_goal(user, due_on=timezone.localdate() + timedelta(days=90))
    with django_assert_num_queries(4):  # user, goals with reading and steps, all open steps, draft
        assert signed_in.get(reverse("dashboard:today")).status_code == 200


def test_a_stranger_sees_what_it_is_and_who_is_signed_in_sees_today(client, signed_in):
    assert "stays out of the drawer" in client.get("/").content.decode()
    assert signed_in.get("/").url == reverse("dashboard:today")


def test_somebody_new_is_shown_where_to_begin(signed_in):
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert "Where would you like to start?" in page
    assert reverse("skills:home") in page
    assert reverse("goals:new") in page
    assert re.search(r"You can stop at any point\. About \d+ minutes?\.", page)


def test_the_minutes_are_those_of_the_quick_way(signed_in, user):
    make_catalogue(each=7)
    quick = next(offer for offer in offers(user, timezone.now()) if offer.key == "quick")
    assert f"About {quick.minutes} minutes." in signed_in.get(reverse("dashboard:today")).content.decode()


def test_a_goal_of_a_lifetime_does_not_squeeze_the_others(user):
    make_goal(user, starts_on=TODAY, due_on=TODAY + timedelta(days=365))
    make_goal(user, starts_on=TODAY, due_on=date(2099, 12, 31), step_due_on=date(2099, 1, 1))
    year, lifetime = today_page(user, TODAY).lanes.lanes
    assert year.length > 25
    assert lifetime.start + lifetime.length == pytest.approx(100)
    assert lifetime.marks[0].at == 100
