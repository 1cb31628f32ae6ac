"""A step without a day: listed everywhere, never late, and no next step of its goal (docs/adr/0040)."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep
from careerplan.goals.pace import Pace
from careerplan.goals.queries.goal_list import goal_rows
from careerplan.goals.queries.workload import Effort, spread_effort
from careerplan.goals.services.several_steps import change_steps
from careerplan.goals.services.undo import undo_change
from careerplan.planning.queries.catch_up import load_late_items
from careerplan.planning.queries.pauses import preview_pause
from careerplan.planning.queries.plan_page import plan_load
from careerplan.planning.services.pauses import end_pause, start_pause
from tests.factories.goals import NOW, add_steps, make_goal, only_step

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 9)
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)
YES_NO = {
    "measure_kind": "yes_no",
    "unit": "",
    "start_value": None,
    "target_value": None,
    "done_when": "A signed contract",
}


@pytest.fixture
def client(client, user):
    with time_machine.travel(NOON, tick=False):
        client.force_login(user)
        yield client


@pytest.fixture
def undated(user):
    """The only open step of a yes/no goal, without a day."""
    step = only_step(make_goal(user, measure=YES_NO))
    ActionStep.objects.filter(pk=step.pk).update(due_on=None)
    step.refresh_from_db()
    return step


def test_goal_whose_steps_all_lack_a_day_has_no_next_step(user, undated):
    [row] = goal_rows(user, TODAY)
    assert (row.next_step, row.steps_open, row.steps_undated, row.state) == (None, 1, 1, Pace.ON_TRACK)
    [dated] = add_steps(undated.goal, "Ask Karen")
    [row] = goal_rows(user, TODAY)
    assert row.next_step.id == dated.pk


@pytest.mark.parametrize(
    "name", ["dashboard:today", "goals:list", "goals:steps", "goals:detail", "plans:plan", "goals:steps-order"]
)
def test_every_page_lists_or_counts_it(client, undated, name):
    page = client.get(reverse(name, args=[undated.goal_id] if name in {"goals:detail", "goals:steps-order"} else []))
    assert page.status_code == 200
    content = page.content.decode()
    assert f'id="step-{undated.pk}"' in content or "show=undated" in content or undated.title in content


def test_it_is_never_late_and_belongs_to_no_week(user, undated):
    assert load_late_items(undated.goal.plan, user, date(2090, 1, 1)).steps == []
    assert spread_effort(Effort(undated.effort_hours or 5, None), TODAY) == {}
    assert plan_load(undated.goal.plan, TODAY, []).undated == 1


@pytest.mark.parametrize("form", ["goals:step-new", "goals:step-edit"])
def test_day_may_be_left_empty_and_set_later(client, user, undated, form):
    pk = undated.goal_id if form == "goals:step-new" else undated.pk
    page = client.get(reverse(form, args=[pk]))
    entered = {field.html_name: field.value() or "" for field in page.context["form"]}
    answers = {**entered, "step_title": "Look around", "step_due_on": ""}
    client.post(reverse(form, args=[pk]), answers)
    assert ActionStep.objects.get(title="Look around").due_on is None


def test_row_sets_and_removes_the_day_and_undo_gives_it_back(client, user, undated):
    move = reverse("goals:step-due", args=[undated.pk])
    client.post(move, {"to": "tomorrow"})
    undated.refresh_from_db()
    assert undated.due_on == TODAY + timedelta(days=1)
    client.post(move, {"to": "none", "day": "nonsense"})
    undated.refresh_from_db()
    assert undated.due_on is None
    changed = change_steps(user=user, ids=[undated.pk], changes={"due_on": TODAY}, now=NOON)
    assert undo_change(user=user, record=changed.record) == 1
    undated.refresh_from_db()
    assert undated.due_on is None


def test_new_step_with_a_day_comes_before_it(undated):
    [dated] = add_steps(undated.goal, "Ask Karen")
    [last] = add_steps(undated.goal, "Look around", due_on=None)
    assert list(undated.goal.steps.values_list("pk", flat=True)) == [dated.pk, undated.pk, last.pk]


def test_pause_leaves_it_without_a_day(undated):
    plan = undated.goal.plan
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=13)}
    assert all(row.kind != "step" for row in preview_pause(plan, **days).rows)
    pause = start_pause(plan=plan, form_key=undated.form_key, changes={**days, "reason": "leave"}, now=NOW)
    end_pause(pause=pause, today=TODAY, now=NOON)
    undated.refresh_from_db()
    assert undated.due_on is None
