"""The list of goals: how each stands, in few queries and few bytes."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.pace import Pace
from careerplan.goals.queries import goal_list
from careerplan.goals.queries.goal_list import goal_rows
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.progress import remove_entry
from careerplan.goals.services.steps import complete_step
from careerplan.plans.models import Plan
from tests.factories.goals import NOW, make_entry, make_goal, only_step

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 9)
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A signed contract"}


@pytest.fixture(autouse=True)
def _on_9_march_2027():
    with time_machine.travel("2027-03-09T12:00:00Z", tick=False):
        yield


def shown(client, **query):
    return " ".join(client.get(reverse("goals:list"), query).content.decode().split())


def test_row_shows_progress_time_and_next_step(user):
    goal = make_goal(user, starts_on=date(2026, 9, 14), due_on=date(2027, 4, 30), step_due_on=date(2027, 3, 31))
    make_entry(goal, 3, measured_on=date(2026, 12, 1))
    make_entry(goal, 8, measured_on=date(2027, 3, 1))
    make_entry(goal, 5, measured_on=date(2027, 1, 1))
    wrong = make_entry(goal, 99, measured_on=date(2027, 3, 9))
    remove_entry(entry=wrong, now=NOW)
    [row] = goal_rows(user, TODAY)
    assert (row.share_done, row.time_gone, row.state, row.words) == (67, 77, Pace.SLIPPING, "8 of 12 shifts")
    step = only_step(goal)
    assert row.next_step == (step.pk, step.title, date(2027, 3, 31))
    assert (row.steps_done, row.steps_open, row.steps_all) == (0, 1, 1)


def test_progress_of_a_falling_number(user):
    errors = {
        "measure_kind": Goal.MeasureKind.NUMBER,
        "unit": "errors",
        "start_value": Decimal(20),
        "target_value": Decimal(5),
    }
    goal = make_goal(user, measure=errors)
    assert goal_rows(user, TODAY)[0].words == "20 errors, target 5"
    make_entry(goal, 14)
    [row] = goal_rows(user, TODAY)
    assert (row.share_done, row.words) == (40, "14 errors, target 5")


def test_progress_of_a_yes_no_goal_is_by_steps(user):
    goal = make_goal(user, measure=YES_NO, step_due_on=TODAY - timedelta(days=3))
    late = {"due_set_at": NOW, "created_at": NOW}
    ActionStep.objects.create(goal=goal, title="Done", position=2, due_on=TODAY, state="done", done_at=NOW, **late)
    ActionStep.objects.create(goal=goal, title="Dropped", position=3, due_on=TODAY, state="dropped", **late)
    ActionStep.objects.create(goal=goal, title="Begun", position=4, due_on=TODAY, state="in_progress", **late)
    [row] = goal_rows(user, TODAY)
    assert (row.words, row.share_done, row.state) == ("1 of 3 steps done", 33, Pace.SLIPPING)
    assert (row.steps_open, row.next_step.due_on) == (2, TODAY - timedelta(days=3))


def test_goal_without_an_open_step_offers_to_add_one(signed_in, user):
    goal = make_goal(user)
    complete_step(step=only_step(goal), now=NOW)
    assert goal_rows(user, TODAY)[0].next_step is None
    assert reverse("goals:step-new", args=[goal.pk]) in shown(signed_in)


def test_open_goals_are_active_ones_of_the_own_active_plan(user, other_user):
    make_goal(other_user)
    closed = make_goal(user, title="Closed")
    close_goal(goal=closed, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    make_goal(user, title="Archived")
    Plan.objects.filter(user=user).update(state="archived", archived_at=NOW)
    make_goal(user, title="Open")
    assert [row.title for row in goal_rows(user, TODAY)] == ["Open"]


def test_list_starts_with_a_summary(signed_in, user):
    make_goal(user, starts_on=TODAY, due_on=TODAY + timedelta(days=90))
    make_goal(user, starts_on=date(2026, 1, 1), due_on=TODAY + timedelta(days=9), area="personal")
    reached = make_goal(user, title="Qualify as practice assessor")
    close_goal(goal=reached, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    page = shown(signed_in)
    assert "2 open goals. 1 is on track. 1 is behind. 1 is reached." in page
    assert '<h2 class="cp-colhead mt-5"> Reached </h2>' in page
    assert "Due <time" in page
    assert "On track" in page


def test_closed_goal_shows_its_rating(signed_in, user):
    goal = make_goal(user)
    Goal.objects.filter(pk=goal.pk).update(state="partly", closed_at=NOW, worth=4)
    page = shown(signed_in)
    assert "Professional. Partly reached. Worth it: 4 of 5." in page
    assert '<h2 class="cp-colhead mt-5"> Finished </h2>' in page


@pytest.fixture
def hundred_goals(user):
    """100 goals with the longest usual titles, ten steps each, in both areas."""
    for n in range(100):
        goal = make_goal(
            user, title=f"{n} " + "Lead twelve shifts as nurse " * 3, area=["personal", "professional"][n % 2]
        )
        ActionStep.objects.bulk_create(
            ActionStep(goal=goal, title="Ask", position=p, due_on=goal.due_on, due_set_at=NOW, created_at=NOW)
            for p in range(2, 11)
        )


def test_list_of_100_goals_is_paginated(signed_in, hundred_goals, django_assert_num_queries):
    seen = set()
    for page in range(1, 5):
        with django_assert_num_queries(5):  # user, newest results, counts, goals with entry and steps, closed goals
            html = signed_in.get(reverse("goals:list"), {"page": page}).content
        assert len(html) < 60_000
        assert "100 open goals. 100 are behind." in html.decode()
        seen |= set(re.findall(r'<h3><a [^>]*href="([^"]+)"', html.decode()))
    assert len(seen) == 100


def test_of_very_many_goals_only_those_of_the_page_are_read(signed_in, user, hundred_goals, monkeypatch):
    """What the page shows is the same, but for how many are on track."""
    Goal.objects.filter(title__startswith="1").update(state="reached", closed_at=NOW)
    pages = [signed_in.get(reverse("goals:list"), {"page": page}).context["list"] for page in (1, 2, 3)]
    monkeypatch.setattr(goal_list, "MOST_PACED", 88)
    read, make = [], goal_list._row
    monkeypatch.setattr(goal_list, "_row", lambda found, today: read.append(found) or make(found, today))
    bounded = [signed_in.get(reverse("goals:list"), {"page": page}).context["list"] for page in (1, 2, 3)]
    assert [(one.columns, one.closed) for one in bounded] == [(one.columns, one.closed) for one in pages]
    assert {one.lead for one in bounded} == {"89 open goals. 11 are reached."}
    assert len(read) == 89  # each once, on its page


@pytest.mark.parametrize("page", ["0", "99", "x", "-1", ""])
def test_missing_page_number_shows_the_nearest(signed_in, user, page):
    make_goal(user)
    assert "Lead 12 shifts" in shown(signed_in, page=page)
