"""Steps that repeat: ticking makes the next time, skipping asks nothing, and each time is kept (docs/adr/0041)."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal, StepOccurrence
from careerplan.goals.queries.steps import list_occurrences
from careerplan.goals.queries.workload import all_efforts, open_efforts, weekly_load
from careerplan.goals.repeats import RepeatRule
from careerplan.goals.services.goals import ChangeReason, close_goal, move_goal
from careerplan.goals.services.occurrences import record_missed, skip_step
from careerplan.goals.services.several_steps import change_steps
from careerplan.goals.services.steps import complete_step, reopen_step, update_step
from careerplan.goals.services.undo import undo_change
from careerplan.planning.queries.pauses import one_week_later
from careerplan.planning.services.catch_up import Answer, RepeatAnswer, catch_up, plan_catch_up
from tests.factories.goals import add_steps, make_goal

pytestmark = pytest.mark.django_db
FRIDAY = date(2027, 3, 12)
WEEK = timedelta(days=7)
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)  # a Tuesday
FRIDAYS, AFTER_TEN = "weekly:1:5", "after:10"


@pytest.fixture
def goal(user):
    return make_goal(user, due_on=date(2027, 6, 29))


@pytest.fixture
def step(goal):
    [step] = add_steps(goal, "Practise the talk", due_on=FRIDAY, repeats=FRIDAYS, effort_hours=2)
    return step


@pytest.fixture
def client(client, user):
    with time_machine.travel(NOON, tick=False):
        client.force_login(user)
        yield client


def history(step):
    return list(step.occurrences.order_by("number").values_list("number", "due_on", "outcome"))


def again(step):
    return ActionStep.objects.get(pk=step.pk)


@pytest.mark.parametrize(
    ("repeats", "at", "expected"),
    [
        (FRIDAYS, NOON, FRIDAY + WEEK),  # before its day: the next one is not the same Friday
        (FRIDAYS, NOON + timedelta(days=13), FRIDAY + 2 * WEEK),  # late: the coming Friday
        (FRIDAYS, datetime(2027, 3, 19, 9, tzinfo=UTC), FRIDAY + 2 * WEEK),  # late, on a Friday
        (AFTER_TEN, NOON, date(2027, 3, 19)),  # from the day it was done
        ("monthly:1:31", NOON, date(2027, 3, 31)),
    ],
)
def test_done_step_is_due_on_the_next_day_of_its_rule(step, repeats, at, expected):
    ActionStep.objects.filter(pk=step.pk).update(repeats=repeats)
    done = complete_step(step=step, now=at)
    assert (done.is_open, again(step).due_on) == (True, expected)
    assert history(step) == [(1, FRIDAY, "done")]


def test_second_click_on_the_same_day_changes_nothing(step):
    for act in (complete_step, complete_step, skip_step):
        act(step=step, day=FRIDAY, now=NOON)
    assert history(step) == [(1, FRIDAY, "done")]
    assert again(step).due_on == FRIDAY + WEEK


def test_skipped_time_is_kept_without_a_question(client, step):
    skip = reverse("goals:step-skip", args=[step.pk])
    for _ in range(2):
        client.post(skip, {"occurrence": FRIDAY.isoformat()})
    assert history(step) == [(1, FRIDAY, "skipped")]
    assert again(step).due_on == FRIDAY + WEEK


@pytest.mark.parametrize("outcomes", [["done", "skipped"], ["skipped", "done"], ["skipped", "skipped"]])
def test_it_ends_on_its_day_or_with_its_goal(step, outcomes):
    ActionStep.objects.filter(pk=step.pk).update(repeats_until=FRIDAY + WEEK)
    for number, outcome in enumerate(outcomes):
        act = complete_step if outcome == "done" else skip_step
        act(step=step, day=FRIDAY + number * WEEK, now=NOON)
    ended = again(step)
    assert ended.state == ("done" if "done" in outcomes else "dropped")
    assert [outcome for _number, _day, outcome in history(step)] == outcomes
    reopen_step(step=step)
    assert (again(step).is_open, again(step).due_on, len(history(step))) == (True, FRIDAY + WEEK, 1)


def test_undo_takes_the_next_time_back(client, step):
    complete = reverse("goals:step-complete", args=[step.pk])
    client.post(complete, {"occurrence": FRIDAY.isoformat(), "from": "steps"})
    row = client.get(reverse("goals:step-row", args=[step.pk]), {"from": "steps"})
    assert row.context["undo_key"]
    client.post(reverse("goals:undo"), {"key": row.context["undo_key"], "from": "steps"})
    assert (again(step).due_on, history(step)) == (FRIDAY, [])


def test_several_at_once_move_on_and_are_undone(user, goal, step):
    [once] = add_steps(goal, "Book the room")
    changed = change_steps(user=user, ids=[step.pk, once.pk], changes={"state": ActionStep.State.DONE}, now=NOON)
    assert (again(step).due_on, again(once).state) == (FRIDAY + WEEK, "done")
    assert undo_change(user=user, record=changed.record) == 2
    assert (again(step).due_on, history(step)) == (FRIDAY, [])


@pytest.mark.parametrize("is_several", [True, False])
def test_dropped_step_stops_and_keeps_what_was_done(client, user, step, is_several):
    complete_step(step=step, now=NOON)
    if is_several:
        told = {"step": step.pk, "do": "drop", "from": "steps"}
        client.post(reverse("goals:steps"), told)
    else:
        client.post(reverse("goals:step-drop", args=[step.pk]))
    assert (again(step).state, len(history(step))) == ("done", 1)
    client.post(reverse("goals:undo"), {"key": json.loads(client.session["undo"])["key"]})
    assert (again(step).is_open, again(step).due_on) == (True, FRIDAY + WEEK)


@pytest.mark.parametrize(
    ("end", "times", "state"), [("done", 0, "done"), ("done", 1, "done"), ("drop", 0, "dropped"), ("drop", 1, "done")]
)
def test_closing_the_goal_ends_it_as_its_own_buttons_do(client, goal, step, end, times, state):
    for _ in range(times):
        complete_step(step=step, now=NOON)
    before, at = history(step), again(step).due_on
    client.post(reverse("goals:reached", args=[goal.pk]), {f"step-{step.pk}": end})
    ended = again(step)
    assert (ended.state, ended.done_at is not None) == (state, state == "done")
    assert history(step) == before + ([(times + 1, at, "done")] if end == "done" else [])


def test_hours_of_missed_times_are_not_counted(user, goal, step):
    ActionStep.objects.filter(pk=step.pk).update(repeats="daily:1")
    today = FRIDAY + 30 * timedelta(days=1)  # the Sunday of its week
    load = weekly_load(all_efforts(open_efforts(goal.plan), today), today)
    assert load[today - timedelta(days=6)] == 2
    assert load[today + timedelta(days=1)] == 14


def test_day_that_is_moved_once_does_not_move_the_rule(client, step):
    client.post(reverse("goals:step-due", args=[step.pk]), {"day": "2027-03-13"})
    assert again(step).due_on == date(2027, 3, 13)
    complete_step(step=step, now=NOON)
    assert again(step).due_on == FRIDAY + WEEK


def test_it_moves_to_its_last_possible_day_at_most(client, user, goal, step):
    """Else its form asks for a later last day, whatever is edited, and the next tick ends it."""
    until = FRIDAY + WEEK
    ActionStep.objects.filter(pk=step.pk).update(repeats_until=until)
    day = until + timedelta(days=1)
    changed = change_steps(user=user, ids=[step.pk], changes={"due_on": day}, now=NOON)
    assert (changed.steps, changed.after_goal, changed.after_until) == ([], [], [step])
    moved = client.post(reverse("goals:step-due", args=[step.pk]), {"day": day.isoformat()}, follow=True)
    assert "20 Mar is after its last possible day, 19 Mar 2027." in unescape(moved.content.decode())
    assert one_week_later(again(step), FRIDAY + timedelta(days=3)) == until
    assert again(step).due_on == FRIDAY


def test_it_repeats_as_long_where_it_moves_with_its_goal(goal, step):
    until = FRIDAY + 4 * WEEK
    ActionStep.objects.filter(pk=step.pk).update(repeats_until=until)
    reason = ChangeReason(reason="other", moved_steps=frozenset({step.pk}))
    move_goal(goal=goal, due_on=goal.due_on + WEEK, reason=reason, today=NOON.date(), now=NOON)
    assert (again(step).due_on, again(step).repeats_until) == (FRIDAY + WEEK, until + WEEK)


def test_last_time_that_is_caught_up_later_extends_it_and_is_undone(user, goal, step):
    ActionStep.objects.filter(pk=step.pk).update(repeats_until=FRIDAY)
    late, today = ActionStep.objects.select_related("goal__plan__user").get(pk=step.pk), FRIDAY + timedelta(days=2)
    updates = plan_catch_up({}, {late: Answer(RepeatAnswer.TODAY)}, today)
    record = catch_up(plan=goal.plan, updates=updates, today=today, now=NOON)
    assert (again(step).due_on, again(step).repeats_until) == (today, today)
    undo_change(user=user, record=record)
    assert (again(step).due_on, again(step).repeats_until) == (FRIDAY, FRIDAY)


@pytest.mark.parametrize("rule", ["weekly:3:5", "monthly:2:12"])
def test_rule_that_the_form_does_not_offer_stays_until_another_is_chosen(client, step, rule):
    """A file can bring it."""
    ActionStep.objects.filter(pk=step.pk).update(repeats=rule, repeats_until=FRIDAY + 20 * WEEK)
    edit = reverse("goals:step-edit", args=[step.pk])
    form = client.get(edit).context["form"]
    sent = {field.html_name: field.value() or "" for field in form}
    client.post(edit, {**sent, "step_title": "Another title"})
    kept = again(step)
    assert (kept.title, kept.repeats, kept.repeats_until) == ("Another title", rule, FRIDAY + 20 * WEEK)
    client.post(edit, {**sent, "step_title": "Another title", "repeats": "day"})
    assert again(step).repeats == "daily:1"


def test_repeating_step_keeps_a_day(user, step):
    change_steps(user=user, ids=[step.pk], changes={"due_on": None}, now=NOON)
    assert again(step).due_on == FRIDAY
    with pytest.raises(IntegrityError, match="goals_actionstep_repeats_by_rule"), transaction.atomic():
        ActionStep.objects.filter(pk=step.pk).update(due_on=None)
    with pytest.raises(IntegrityError, match="goals_actionstep_repeats_by_rule"), transaction.atomic():
        ActionStep.objects.filter(pk=step.pk).update(repeats="daily")


def test_missed_times_are_recorded_once_their_next_day_has_come(user, other_user, step):
    [after] = add_steps(step.goal, "Water the plant", due_on=FRIDAY, repeats=AFTER_TEN)
    assert record_missed(users=[user.pk], now=NOON + 9 * timedelta(days=1)) == 0  # late, and still to do
    at = datetime(2027, 3, 26, 8, tzinfo=UTC)
    assert record_missed(users=[other_user.pk], now=at) == 0
    assert [record_missed(users=[user.pk], now=at) for _ in range(2)] == [1, 0]
    assert history(step) == [(1, FRIDAY, "missed"), (2, FRIDAY + WEEK, "missed")]
    assert (again(step).due_on, again(after).due_on) == (FRIDAY + 2 * WEEK, FRIDAY)
    assert again(step).due_set_at == step.due_set_at


def test_closed_goal_keeps_its_times(user, step):
    complete_step(step=step, now=NOON)
    close_goal(goal=step.goal, outcome=Goal.State.REACHED, today=NOON.date(), now=NOON)
    assert record_missed(users=[user.pk], now=NOON + 30 * timedelta(days=1)) == 0
    with pytest.raises(IntegrityError, match="goals_stepoccurrence_readonly"), transaction.atomic():
        StepOccurrence.objects.update(outcome="skipped")


def test_each_time_takes_its_hours_in_its_own_week(step):
    load = weekly_load(all_efforts(open_efforts(step.goal.plan), NOON.date()), NOON.date())
    mondays = [date(2027, 3, 8) + n * WEEK for n in range(16)]
    assert [load.get(monday) for monday in mondays] == [Decimal(2)] * 16
    assert sum(load.values()) == 2 * 16  # to the last Friday before the goal's date


@pytest.mark.parametrize(
    ("answers", "due_on", "repeats"),
    [
        ({"repeats": "week"}, FRIDAY, "weekly:1:5"),
        ({"repeats": "month_end"}, date(2027, 3, 31), "monthly:1:31"),
        ({"repeats": "quarter"}, FRIDAY, "monthly:3:12"),
        ({"repeats": "quarter_end"}, date(2027, 3, 31), "monthly:3:31"),
        ({"repeats": "after", "repeats_days": "10"}, FRIDAY, "after:10"),
        ({"repeats": "", "repeats_days": "10", "repeats_until": "2027-05-01"}, FRIDAY, ""),
    ],
)
def test_form_makes_the_rule(client, goal, answers, due_on, repeats):
    page = client.get(reverse("goals:step-new", args=[goal.pk]))
    key = page.context["form"]["form_key"].value()
    entered = {"step_title": "Look around", "step_due_on": FRIDAY.isoformat(), "form_key": key, **answers}
    client.post(reverse("goals:step-new", args=[goal.pk]), entered)
    made = ActionStep.objects.get(title="Look around")
    assert (made.due_on, made.repeats) == (due_on, repeats)
    assert made.repeats_from == (due_on if repeats else None)


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"repeats": "week", "step_due_on": ""}, "step_due_on"),
        ({"repeats": "month_end", "step_due_on": "2027-06-10"}, "step_due_on"),  # the month ends after the goal
        ({"repeats": "after"}, "repeats_days"),
        ({"repeats": "week", "repeats_until": "2027-03-01"}, "repeats_until"),
    ],
)
def test_what_a_rule_needs_is_asked_for(client, goal, answers, field):
    entered = {"step_title": "Look around", "step_due_on": FRIDAY.isoformat(), **answers}
    page = client.post(reverse("goals:step-new", args=[goal.pk]), entered)
    assert page.context["form"].errors[field]


def test_edit_page_has_the_history_and_keeps_the_rule_of_a_moved_day(client, step):
    complete_step(step=step, now=NOON)
    update_step(step=step, changes={"due_on": date(2027, 3, 20)}, now=NOON)
    page = client.get(reverse("goals:step-edit", args=[step.pk]))
    assert (page.context["times"].done, page.context["times"].count) == (1, 1)
    entered = {field.html_name: field.value() or "" for field in page.context["form"]}
    client.post(reverse("goals:step-edit", args=[step.pk]), {**entered, "step_title": "Practise aloud"})
    changed = again(step)
    assert (changed.title, changed.due_on, changed.repeats) == ("Practise aloud", date(2027, 3, 20), FRIDAYS)
    assert list_occurrences(step).count == 1


@pytest.mark.parametrize("name", ["dashboard:today", "goals:steps", "goals:detail"])
def test_rows_show_the_rule(client, step, name):
    page = client.get(reverse(name, args=[step.goal_id] if name == "goals:detail" else []))
    assert RepeatRule.parse(FRIDAYS).text in page.content.decode()


def test_rating_is_asked_for_at_the_end(client, step):
    client.post(reverse("goals:step-complete", args=[step.pk]), {"occurrence": FRIDAY.isoformat(), "from": "steps"})
    assert client.get(reverse("goals:steps"), {"done": step.pk}).context["done_row"] is None
    ActionStep.objects.filter(pk=step.pk).update(repeats_until=FRIDAY + WEEK)
    day = (FRIDAY + WEEK).isoformat()
    client.post(reverse("goals:step-complete", args=[step.pk]), {"occurrence": day, "from": "steps"})
    assert client.get(reverse("goals:steps"), {"done": step.pk}).context["done_row"].id == step.pk


def test_owner_is_the_only_one_who_skips(client, other_user):
    [step] = add_steps(make_goal(other_user), "Practise", due_on=FRIDAY, repeats=FRIDAYS)
    assert client.post(reverse("goals:step-skip", args=[step.pk])).status_code == 404
