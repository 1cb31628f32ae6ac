"""The goal timeline on Today."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import ActionStep
from careerplan.goals.services.steps import complete_step
from careerplan.planning.timeline import MOST_DAYS, MOST_MARKS
from careerplan.plans.models import Plan
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.services import set_schedule
from tests.dashboard.today import DAY, TODAY, today_page
from tests.factories.goals import NOW, make_entry, make_goal, only_step

pytestmark = pytest.mark.django_db


def test_timelines_share_one_axis(user):
    make_goal(user, starts_on=date(2027, 1, 15), due_on=date(2027, 6, 30), step_due_on=date(2027, 2, 1))
    make_goal(user, starts_on=date(2027, 3, 1), due_on=date(2027, 12, 31), step_due_on=date(2027, 9, 1))
    timeline = today_page(user).timeline
    assert [(tick.at, tick.label) for tick in timeline.ticks][:2] == [(0.0, "Jan 2027"), (24.73, "Apr")]
    assert 0 < timeline.today_at < 100
    for lane in timeline.lanes:
        assert 0 <= lane.start
        assert lane.start + lane.length <= 100
    assert [mark.is_late for lane in timeline.lanes for mark in lane.marks] == [True, False]


def test_progress_fills_the_lane_by_measure_or_by_steps(user):
    number = make_goal(user)
    yes_no = make_goal(user, measure={"measure_kind": "yes_no", "done_when": "A signed contract"})
    assert [lane.filled for lane in today_page(user).timeline.lanes] == [0, 0]
    complete_step(step=only_step(number), now=NOW)
    complete_step(step=only_step(yes_no), now=NOW)
    make_entry(number, 6)
    half, whole = today_page(user).timeline.lanes
    assert half.filled == pytest.approx(half.length / 2, abs=0.01)
    assert whole.filled == whole.length


def test_lane_limits_its_marks_and_offers_a_step_when_none_is_open(signed_in, user):
    goal = make_goal(user)
    ActionStep.objects.bulk_create(
        ActionStep(goal=goal, title="Ask", position=p, due_on=goal.due_on, due_set_at=NOW, created_at=NOW)
        for p in range(2, 30)
    )
    asks = make_goal(user)
    complete_step(step=only_step(asks), now=NOW)
    timeline = today_page(user).timeline
    assert [len(lane.marks) for lane in timeline.lanes] == [MOST_MARKS, 0]
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert reverse("goals:step-new", args=[asks.pk]) in page
    assert reverse("goals:step-new", args=[goal.pk]) not in page


def test_goals_due_first_are_drawn(signed_in, user):
    for days in range(12, 0, -1):
        make_goal(user, title=f"Goal {days}", due_on=TODAY + days * DAY, step_due_on=TODAY + DAY)
    timeline = today_page(user).timeline
    assert [lane.row.title for lane in timeline.lanes] == [f"Goal {n}" for n in range(1, 7)]
    assert timeline.more == 6


def test_long_goal_does_not_squeeze_the_others(user):
    make_goal(user, starts_on=TODAY, due_on=TODAY + timedelta(days=365))
    make_goal(user, starts_on=TODAY, due_on=date(2099, 12, 31), step_due_on=date(2099, 1, 1))
    year, lifetime = today_page(user).timeline.lanes
    assert year.length > 25
    assert lifetime.start + lifetime.length == pytest.approx(100)
    assert lifetime.marks[0].at == 100


def test_row_of_reviews_has_past_and_future_ones(user):
    goal = make_goal(user, starts_on=date(2027, 1, 1), due_on=date(2027, 12, 31))
    plan = goal.plan
    Plan.objects.filter(pk=plan.pk).update(started_on=date(2027, 1, 9))
    set_schedule(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 4, 9))
    timeline = today_page(user).timeline
    assert [mark.day for mark in timeline.reviews] == [date(2027, 4, 9), date(2027, 7, 9), date(2027, 10, 9)]
    assert "9 Apr 2027, 9 Jul 2027, 9 Oct 2027" in timeline.days_label
    assert [0 < mark.at < 100 for mark in timeline.reviews] == [True] * 3
    set_schedule(plan=plan, cadence=Cadence.WEEKLY, next_on=date(2027, 3, 12))
    assert len(today_page(user).timeline.reviews) == MOST_DAYS, "the nearest ones"


def test_legend_lists_what_is_drawn(signed_in, user):
    today = timezone.localdate()
    goal = make_goal(user, due_on=today + 90 * DAY, step_due_on=today + DAY)
    set_schedule(plan=goal.plan, cadence=Cadence.NONE, next_on=None)
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert (page.count("Late step"), page.count(">Review<")) == (0, 0)
    ActionStep.objects.update(due_on=today - DAY)
    set_schedule(plan=goal.plan, cadence=Cadence.MONTHLY, next_on=today + 20 * DAY)
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    assert (page.count("Late step"), len(re.findall(r"</svg>\s*Review\s*</li>", page))) == (1, 1)


def test_lane_without_a_number_links_to_its_next_step(signed_in, user):
    due_on = timezone.localdate() + 90 * DAY
    goal = make_goal(user, due_on=due_on, measure={"measure_kind": "yes_no", "done_when": "A signed contract"})
    page = signed_in.get(reverse("dashboard:today")).content.decode()
    way = f"{goal.get_absolute_url()}#step-{only_step(goal).pk}"
    assert f'<a href="{way}">Next step<span class="visually-hidden">' in page
