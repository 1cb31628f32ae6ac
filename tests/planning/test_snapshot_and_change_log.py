"""Your plan on an earlier date on a day, and what changed: read from what the database kept."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry, Resource
from careerplan.goals.services.occurrences import record_missed, skip_step
from careerplan.goals.services.progress import evaluate_step
from careerplan.goals.services.steps import complete_step
from careerplan.planning.queries.change_log import list_changes
from careerplan.planning.queries.snapshot import load_snapshot
from careerplan.planning.services.pauses import end_pause, start_pause
from careerplan.plans.models import Pause, Plan
from tests.factories.goals import NOW, add_steps, make_goal, only_step

pytestmark = pytest.mark.django_db

EVENTS = (
    *("plans.PlanEvent", "plans.PauseEvent"),
    *("goals.GoalEvent", "goals.ActionStepEvent", "goals.EvaluationEvent", "goals.ResourceEvent"),
)
FIRST = datetime(2027, 3, 8, 23, 30, tzinfo=UTC)


def happened(at):
    """Date what was kept since the last call: the database's own clock cannot be turned."""
    for label in EVENTS:
        apps.get_model(label).objects.filter(pgh_created_at__gt=datetime(2020, 1, 1, tzinfo=UTC)).exclude(
            pgh_created_at__year=2027
        ).update(pgh_created_at=at)


@pytest.fixture
def goal(user):
    """Written down late on 8 March; changed two days later."""
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    Plan.objects.update(vision="A good ward")
    ProgressEntry.objects.create(goal=goal, measured_on=date(2027, 3, 8), value=3, recorded_at=FIRST)
    happened(FIRST)
    Plan.objects.update(vision="A better ward")
    Goal.objects.update(due_on=date(2027, 9, 30), title="Lead 20 shifts", target_value=20)
    complete_step(step=only_step(goal), now=NOW)
    Evaluation.objects.create(step=only_step(goal), worth=4, made_at=NOW)
    ProgressEntry.objects.create(
        goal=goal, measured_on=date(2027, 3, 10), value=5, recorded_at=FIRST + timedelta(days=2)
    )
    happened(FIRST + timedelta(days=2))
    return goal


def test_snapshot_shows_the_plan_at_the_end_of_the_day(user, goal):
    then = load_snapshot(user, date(2027, 3, 8))
    assert then.plan.vision == "A good ward"
    (row,) = then.goals
    assert (row.goal.title, row.goal.due_on, row.entry.value) == (
        "Lead 12 shifts as nurse in charge",
        date(2027, 6, 30),
        3,
    )
    assert [(part.step.state, part.evaluation) for part in row.steps] == [("to_do", None)]
    later = load_snapshot(user, date(2027, 3, 10))
    (row,) = later.goals
    assert (later.plan.vision, row.goal.due_on, row.entry.value) == ("A better ward", date(2027, 9, 30), 5)
    assert [(part.step.state, part.evaluation.worth) for part in row.steps] == [("done", 4)]


def test_snapshot_has_resources_and_pauses(user, goal):
    resource = only_step(goal).resources.create(kind="money", description="Fee", cost=40)
    days = {"starts_on": date(2027, 3, 20), "ends_on": date(2027, 3, 27), "reason": "leave"}
    planned = Pause.objects.create(plan=goal.plan, made_at=NOW, form_key=uuid4(), **days)
    happened(FIRST + timedelta(days=3))
    Resource.objects.update(state="arranged")
    Pause.objects.filter(pk=planned.pk).update(ends_on=date(2027, 3, 22))
    happened(FIRST + timedelta(days=5))
    assert load_snapshot(user, date(2027, 3, 10)).goals[0].steps[0].resources == []
    then, later = load_snapshot(user, date(2027, 3, 11)), load_snapshot(user, date(2027, 3, 13))
    assert [(part.resources[0].pk, part.resources[0].state) for part in then.goals[0].steps] == [
        (resource.pk, "needed")
    ]
    assert later.goals[0].steps[0].resources[0].state == "arranged"
    assert [pause.ends_on for pause in then.pauses] == [date(2027, 3, 27)]
    assert [pause.ends_on for pause in later.pauses] == [date(2027, 3, 22)]
    assert load_snapshot(user, date(2027, 3, 23)).pauses == [], "it was over"


def test_snapshot_page_has_sentences(client, user):
    goal = make_goal(user, measure={"measure_kind": "number", "unit": "reports", "start_value": 0, "target_value": 12})
    step = only_step(goal)
    step.resources.create(kind="money", description="Fee", cost=40, state="asked_for")
    ProgressEntry.objects.create(goal=goal, measured_on=NOW.date(), value=1, recorded_at=timezone.now())
    evaluate_step(step=complete_step(step=step, now=NOW), changes={"worth": 4}, now=NOW)
    days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate() + timedelta(days=3), "reason": "leave"}
    Pause.objects.create(plan=goal.plan, made_at=NOW, form_key=uuid4(), **days)
    client.force_login(user)
    page = client.get(reverse("plans:snapshot"), {"on": timezone.localdate().isoformat()}).content.decode()
    words = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "From 0 to 12 reports. Latest entry: 1 of 12 reports." in words
    assert "Done. Worth it: Mostly." in words
    assert "Fee, 40, " in words
    assert "Leave or holidays." in words


def test_snapshot_day_is_local(user, goal):
    assert load_snapshot(user, date(2027, 3, 7)) is None
    user.time_zone = "America/New_York"  # there it was still the afternoon
    assert load_snapshot(user, date(2027, 3, 8)).plan.vision == "A good ward"
    user.time_zone = "Asia/Tokyo"  # there it was the next morning
    assert load_snapshot(user, date(2027, 3, 8)) is None
    assert load_snapshot(user, date(2027, 3, 9)).plan.vision == "A good ward"


def test_snapshot_hides_data_of_others(other_user, goal):
    assert load_snapshot(other_user, date(2027, 3, 10)) is None


def test_snapshot_hides_deleted_rows(user, goal):
    goal.delete()
    assert load_snapshot(user, date(2027, 3, 8)).goals == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_pages_cost_the_same_whatever_there_is(user, django_assert_num_queries, count):
    for _ in range(count):
        make_goal(user)
    Goal.objects.update(title="Another title")
    with django_assert_num_queries(7):
        load_snapshot(user, timezone.localdate())
    with django_assert_num_queries(2):
        list_changes(Plan.objects.get(), user)
    client = Client()
    client.force_login(user)
    spent = {}
    for name in ("plan", "catch-up", "pause", "new-plan"):
        client.get(reverse(f"plans:{name}"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"plans:{name}"))
        spent[name] = len(queries)
    assert spent == {"plan": 12, "catch-up": 5, "pause": 3, "new-plan": 5}


def test_snapshot_page_shows_the_requested_day(signed_in, user):
    make_goal(user)
    today = timezone.localdate()
    page = signed_in.get(reverse("plans:snapshot"), {"on": today.isoformat()}).content.decode()
    assert "Lead 12 shifts as nurse in charge" in page
    early = signed_in.get(reverse("plans:snapshot"), {"on": "2001-01-01"}).content.decode()
    assert "You had no plan on this day." in early
    late = signed_in.get(reverse("plans:snapshot"), {"on": (today + timedelta(days=2)).isoformat()}).content.decode()
    assert "That date is in the future." in late
    assert "Enter a date, such as" in signed_in.get(reverse("plans:snapshot"), {"on": "x"}).content.decode()


def test_change_log_names_actor_field_and_values(signed_in, user):
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    step = only_step(goal)
    Goal.objects.update(due_on=date(2027, 7, 31), target_value=15, why="For the ward")
    signed_in.post(reverse("goals:step-complete", args=[step.pk]))
    rows = list_changes(Plan.objects.get(), user).rows
    told = [(row.kind, row.who, row.is_new, [(d.name, d.before, d.after) for d in row.differences]) for row in rows]
    assert ("Step", "you", False, [("State", "To do", "Done")]) in told
    moved = [
        ("Why does it matter to you?", "", "“For the ward”"),
        *(("Target", "12", "15"), ("Due date", "30 Jun 2027", "31 Jul 2027")),
    ]
    assert ("Goal", "Careerplan", False, moved) in told
    assert ("Step", "Careerplan", True, []) in told
    page = signed_in.get(reverse("plans:every-change")).content.decode()
    assert "from 30 Jun 2027 to 31 Jul 2027" in re.sub("<[^>]+>", "", page)


def test_change_log_says_what_became_of_each_time_of_a_repeating_step(user):
    goal = make_goal(user)
    [step] = add_steps(goal, "Practise", due_on=date(2027, 3, 12), repeats="weekly:1:5")
    complete_step(step=step, now=datetime(2027, 3, 12, 12, tzinfo=UTC))
    skip_step(step=step, day=date(2027, 3, 19), now=datetime(2027, 3, 15, 12, tzinfo=UTC))
    record_missed(users=[user.pk], now=datetime(2027, 4, 10, 12, tzinfo=UTC))
    ActionStep.objects.filter(pk=step.pk).update(due_on=date(2027, 4, 10))
    rows = [row for row in list_changes(goal.plan, user).rows if row.title == "Practise"]
    assert [[(one.name, one.before, one.after) for one in row.differences] for row in rows] == [
        [("Due date", "9 Apr 2027", "10 Apr 2027")],
        [("Missed", "", "26 Mar 2027, 2 Apr 2027"), ("Next time", "", "9 Apr 2027")],
        [("Skipped", "", "19 Mar 2027"), ("Next time", "", "26 Mar 2027")],
        [("Done", "", "12 Mar 2027"), ("Next time", "", "19 Mar 2027")],
        [],
    ]


def test_evaluation_in_the_change_log_names_its_step(user, goal):
    rows = list_changes(goal.plan, user).rows
    assert [row.title for row in rows if row.kind == "Rating"] == [only_step(goal).title]


def test_change_log_names_another_actor(user, other_user):
    goal = make_goal(user)
    apps.get_model("goals.GoalEvent").objects.update(pgh_context={"user": other_user.pk})
    rows = list_changes(goal.plan, user).rows
    assert [row.who for row in rows if row.kind == "Goal"] == [other_user.name]


def test_dates_moved_by_a_pause_are_one_entry(signed_in, user):
    goals = [make_goal(user, title=f"Goal {number}", step_due_on=date(2027, 3, 12)) for number in (1, 2)]
    Goal.objects.filter(pk=goals[1].pk).update(stop_on=date(2027, 5, 1), stop_condition="A yes")
    happened(FIRST)
    data = {"starts_on": date(2027, 3, 10), "ends_on": date(2027, 3, 23), "reason": "leave"}
    pause = start_pause(plan=goals[0].plan, form_key=uuid4(), changes=data, now=FIRST)
    happened(FIRST + timedelta(days=2))
    end_pause(pause=pause, today=date(2027, 3, 23), now=FIRST)
    happened(FIRST + timedelta(days=14))
    rows = list_changes(goals[0].plan, user).rows
    assert [row.kind for row in rows][:4] == [
        "5 dates moved. Each is now 1 day earlier.",
        "Pause",
        "5 dates moved. Each is now 14 days later.",
        "Pause",
    ]
    told = [(part.title, change.before, change.after) for part in rows[2].parts for change in part.differences]
    assert ("Goal 2", "1 May 2027", "15 May 2027") in told
    assert len(told) == 5
    page = " ".join(re.sub("<[^>]+>", " ", signed_in.get(reverse("plans:every-change")).content.decode()).split())
    assert "“Goal 2” Date of the stop rule changed from 1 May 2027 to 15 May 2027" in page


def test_single_date_change_has_its_own_entry(user):
    one, other, third = (make_goal(user, title=f"Goal {number}") for number in range(3))
    happened(FIRST)
    Goal.objects.filter(pk=one.pk).update(due_on=date(2027, 7, 31))
    Goal.objects.filter(pk=other.pk).update(due_on=date(2027, 7, 31), why="A new post")
    Goal.objects.filter(pk=third.pk).update(stop_on=date(2027, 5, 1), stop_condition="A yes")
    rows = list_changes(one.plan, user).rows[:3]
    assert {(row.kind, row.title, len(row.parts)) for row in rows} == {("Goal", f"Goal {n}", 0) for n in range(3)}


def test_change_log_has_fifty_entries_per_page(signed_in, user):
    goal = make_goal(user)
    for number in range(60):
        Goal.objects.update(title=f"Title {number}")
    first = list_changes(goal.plan, user)
    second = list_changes(goal.plan, user, page=2)
    assert (len(first.rows), first.newer, first.older) == (50, None, 2)
    assert (second.newer, second.older) == (1, None)
    assert second.rows[-1].is_new
    for page in ("0", "x", "99999999999999999999", "2"):
        assert signed_in.get(reverse("plans:every-change"), {"page": page}).status_code == 200


def test_technical_fields_are_not_in_the_change_log(user):
    make_goal(user)
    ActionStep.objects.update(due_set_at=timezone.now())
    assert [row.is_new for row in list_changes(Plan.objects.get(), user).rows] == [True, True, True]
