"""Catching up: when it is suggested, what answers change, the page that shows it first, and undoing all of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.middleware import SIGNED_IN_AT
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Change, Goal, StepOccurrence
from careerplan.goals.services.steps import add_step
from careerplan.planning.queries.catch_up import LATE_PILES_UP, MOST_ROWS
from careerplan.planning.queries.plan_page import load_plan_page
from careerplan.planning.services.catch_up import (
    Answer,
    StepAnswer,
    catch_up,
    plan_catch_up,
)
from careerplan.planning.services.pauses import start_pause
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.activity import RECORDED_AT
from careerplan.reminders.models import UserActivity
from tests.factories.goals import NOW, add_steps, make_goal, only_step

TODAY = date(2027, 3, 24)  # a Wednesday
NOON = datetime(2027, 3, 24, 12, tzinfo=UTC)
MONDAY = date(2027, 3, 29)
DAY = timedelta(days=1)
PAGE, TODAY_PAGE, UNDO = "plans:catch-up", "dashboard:today", "goals:undo"


@pytest.fixture
def on_the_day():
    with time_machine.travel(NOON, tick=False):
        yield


def late_goal(user, *, days=54, step_days=60, **changes):
    return make_goal(user, due_on=TODAY - days * DAY, step_due_on=TODAY - step_days * DAY, **changes)


def answers(client, **chosen):
    """The answers of the page by name, "goal-1", with the hidden dates as the page has them."""
    form = client.get(reverse(PAGE)).context["form"]
    hidden = {row.due_on.html_name: row.due_on.value() for row in (*form.goal_rows, *form.step_rows)}
    return {"shown": form["shown"].value(), **hidden, **chosen}


def undo(client, response):
    (key,) = [message.extra_tags.split()[1] for message in response.context["messages"] if message.extra_tags]
    return client.post(reverse(UNDO), {"key": key}, follow=True)


def values():
    goals = Goal.objects.order_by("pk").values_list("state", "closed_at", "due_on", "due_set_at")
    return list(goals), list(ActionStep.objects.order_by("pk").values_list("state", "done_at", "due_on", "due_set_at"))


@pytest.mark.django_db
def test_more_than_seven_late_goals_and_steps_suggest_it(user):
    goal = late_goal(user)
    for _ in range(LATE_PILES_UP - 2):
        add_step(goal=goal, changes={"title": "Late", "due_on": TODAY - DAY}, form_key=uuid4(), now=NOW)
    assert load_plan_page(user, TODAY).catch_up is None
    add_step(goal=goal, changes={"title": "One more", "due_on": TODAY - DAY}, form_key=uuid4(), now=NOW)
    assert load_plan_page(user, TODAY).catch_up.late == LATE_PILES_UP + 1


@pytest.mark.django_db
def test_something_late_after_a_pause_suggests_it_until_it_is_done(client, user, on_the_day):
    goal = make_goal(user, step_due_on=TODAY - 20 * DAY)
    first, last = TODAY - 9 * DAY, TODAY - 2 * DAY
    data = {"starts_on": first, "ends_on": last, "reason": Pause.Reason.ILLNESS, "note": ""}
    start_pause(plan=Plan.objects.get(), form_key=uuid4(), changes=data, now=NOON)
    assert load_plan_page(user, TODAY).catch_up.pause is not None
    client.force_login(user)
    client.post(reverse(PAGE), {**answers(client, **{f"step-{only_step(goal).pk}": "today"}), "confirmed": "on"})
    assert load_plan_page(user, TODAY).catch_up is None


@pytest.mark.django_db
def test_answers_are_shown_saved_and_undone_as_a_whole(client, user, on_the_day):
    client.force_login(user)
    reached, moved, dropped, untouched = (late_goal(user, title=f"Goal {n}") for n in range(4))
    before = values()
    chosen = answers(
        client,
        **{
            f"goal-{reached.pk}": "reached",
            f"goal-{moved.pk}": "day",
            f"goal-{moved.pk}-day": "2027-05-01",
            f"goal-{dropped.pk}": "let_go",
            f"step-{only_step(moved).pk}": "week",
            f"step-{only_step(dropped).pk}": "drop",
        },
    )
    shown = client.post(reverse(PAGE), chosen)
    assert shown.context["updates"].count == 5
    assert values() == before
    response = client.post(reverse(PAGE), {**dict(shown.context["form"].hidden_values), "confirmed": "on"}, follow=True)
    assert [Goal.objects.get(pk=goal.pk).state for goal in (reached, moved, dropped, untouched)] == [
        *("reached", "active", "let_go", "active")
    ]
    assert Goal.objects.get(pk=moved.pk).due_on == date(2027, 5, 1)
    assert (only_step(moved).due_on, only_step(dropped).state) == (MONDAY, "dropped")
    assert Change.objects.get().goal == moved
    undo(client, response)
    assert values() == before
    assert not Change.objects.exists()


@pytest.mark.django_db
def test_a_full_page_is_answered_by_hand_and_moved_in_another_tab(client, user, on_the_day, settings):
    """Every field that a browser sends of the page with the most rows, and of the question after it."""
    for _ in range(MOST_ROWS + 1):
        late_goal(user)
    client.force_login(user)
    names = {"goal": Goal.objects.values_list("pk", flat=True), "step": ActionStep.objects.values_list("pk", flat=True)}
    assert client.get(reverse(PAGE)).context["late"].count == 2 * MOST_ROWS
    picked = {f"{kind}-{pk}{part}": value for kind in names for pk in names[kind] for part, value in BY_HAND.items()}
    whole = answers(client, **picked, csrfmiddlewaretoken="x", all_goals="", all_goals_day="", all_steps_day="")
    shown = client.post(reverse(PAGE), whole)
    assert (shown.status_code, shown.context["updates"].count) == (200, 2 * MOST_ROWS)
    moved_elsewhere = len(whole) + 2 * MOST_ROWS  # a choice of one version for each
    assert moved_elsewhere <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    response = client.post(reverse(PAGE), {**dict(shown.context["form"].hidden_values), "confirmed": "on"})
    assert response.status_code == 302
    assert client.get(reverse(PAGE)).context["late"].count == 2


BY_HAND = {"": "day", "-day": "2027-05-01"}


@pytest.mark.django_db
def test_one_answer_for_all_leaves_own_answers_alone(client, user, on_the_day):
    client.force_login(user)
    first, second = (late_goal(user) for _ in range(2))
    own = {f"step-{only_step(first).pk}": "done", "all-steps": "today"}
    client.post(reverse(PAGE), {**answers(client, **own), "confirmed": "on"})
    assert (only_step(first).state, only_step(second).due_on) == ("done", TODAY)


@pytest.mark.django_db
def test_late_time_of_a_repeating_step_is_skipped_or_the_step_stops(client, user, on_the_day):
    client.force_login(user)
    goal, friday = make_goal(user, due_on=TODAY + 90 * DAY), TODAY - 5 * DAY
    late, skipped, stopped = add_steps(goal, "A", "B", "C", due_on=friday, repeats="weekly:1:5")
    before = values()
    form = client.get(reverse(PAGE)).context["form"]
    offered = [value for value, _label in form.fields[f"step-{late.pk}"].choices]
    assert offered == ["done", "today", "skip", "day", "stop"]
    chosen = {"all-steps": "drop", f"step-{skipped.pk}": "skip", f"step-{stopped.pk}": "stop"}
    shown = client.post(reverse(PAGE), answers(client, **chosen))
    assert values() == before
    response = client.post(reverse(PAGE), {**dict(shown.context["form"].hidden_values), "confirmed": "on"}, follow=True)
    late, skipped, stopped = ActionStep.objects.filter(goal=goal, repeats__gt="").order_by("pk")
    assert [(step.is_open, step.due_on) for step in (late, skipped)] == [(True, friday + timedelta(weeks=1))] * 2
    assert stopped.state == "dropped"
    undone = undo(client, response).content.decode()
    assert values() == before
    assert reverse(PAGE) in undone  # the way back to it, also with few late steps
    assert not StepOccurrence.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of_goal", "of_step", "said", "due_on"),
    [
        ("month", "skip", "Skip this time", date(2027, 3, 26)),
        ("month", "done", "Done", date(2027, 3, 26)),
        ("", "skip", "Skip this time, the last one", None),
    ],
)
def test_repeating_step_of_a_late_goal_goes_on_until_its_new_date(
    client, user, on_the_day, of_goal, of_step, said, due_on
):
    client.force_login(user)
    goal = late_goal(user, days=19)
    [step] = add_steps(goal, "Practise", due_on=date(2027, 2, 26), repeats="weekly:1:5", effort_hours=Decimal(30))
    Plan.objects.update(hours_a_week=5)
    before = values()
    shown = client.post(reverse(PAGE), answers(client, **{f"goal-{goal.pk}": of_goal, f"step-{step.pk}": of_step}))
    [update] = shown.context["updates"].steps
    assert (update.text, update.next_on) == (said, due_on)
    assert bool(shown.context["overload"]) == bool(due_on)
    response = client.post(reverse(PAGE), {**dict(shown.context["form"].hidden_values), "confirmed": "on"}, follow=True)
    step = ActionStep.objects.get(pk=step.pk)
    assert (step.is_open, step.due_on) == (bool(due_on), due_on or date(2027, 2, 26))
    undo(client, response)
    assert values() == before


@pytest.mark.django_db
def test_answer_for_all_leaves_what_was_not_on_the_page(client, user, on_the_day):
    client.force_login(user)
    shown, more, unseen = (late_goal(user) for _ in range(3))
    chosen = answers(client, **{"all-goals": "let_go"})
    del chosen[f"goal-{unseen.pk}-due_on"]
    form = client.post(reverse(PAGE), chosen).context["form"]
    client.post(reverse(PAGE), {**dict(form.hidden_values), "confirmed": "on"})
    assert [Goal.objects.get(pk=goal.pk).state for goal in (shown, more, unseen)] == ["let_go", "let_go", "active"]


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["", "2027-03-23", "2127-03-23", "soon"])
def test_a_day_to_pick_is_asked_for(client, user, on_the_day, day):
    client.force_login(user)
    step = only_step(late_goal(user))
    chosen = {f"step-{step.pk}": "day", f"step-{step.pk}-day": day, "confirmed": "on"}
    response = client.post(reverse(PAGE), {**answers(client), **chosen})
    assert response.context["form"].errors[f"step-{step.pk}-day"]
    assert only_step(step.goal).due_on == step.due_on


@pytest.mark.django_db
def test_what_moved_in_another_tab_stays_and_is_said(client, user, on_the_day):
    client.force_login(user)
    goal = late_goal(user)
    step = only_step(goal)
    chosen = answers(client, **{f"step-{step.pk}": "drop", f"goal-{goal.pk}": "month"})
    ActionStep.objects.update(due_on=TODAY - DAY)
    Goal.objects.update(due_on=TODAY + DAY)
    response = client.post(reverse(PAGE), {**chosen, "confirmed": "on"}, follow=True)
    assert (only_step(goal).state, Goal.objects.get().due_on) == ("to_do", TODAY + DAY)
    assert "2 answers" in "".join(str(message) for message in response.context["messages"])


@pytest.mark.django_db
def test_nothing_is_saved_of_a_plan_that_changed_meanwhile(user):
    goal = late_goal(user)
    step = only_step(goal)
    updates = plan_catch_up({}, {step: Answer(StepAnswer.DONE)}, TODAY)
    ActionStep.objects.update(title="Other words")
    with pytest.raises(StaleObjectError):
        catch_up(plan=goal.plan, updates=updates, today=TODAY, now=NOON)
    assert only_step(goal).is_open


@pytest.mark.django_db
def test_undo_leaves_what_changed_since(client, user, on_the_day):
    client.force_login(user)
    goal = late_goal(user)
    step = only_step(goal)
    other = late_goal(user)
    own = {f"step-{step.pk}": "today", f"goal-{goal.pk}": "month", f"goal-{other.pk}": "month"}
    response = client.post(reverse(PAGE), {**answers(client, **own), "confirmed": "on"}, follow=True)
    ActionStep.objects.filter(pk=step.pk).update(title="Other words")
    undo(client, response)
    assert only_step(goal).due_on == TODAY
    assert Goal.objects.get(pk=goal.pk).due_on > TODAY  # earlier, it would be before its step
    assert Goal.objects.get(pk=other.pk).due_on == other.due_on


@pytest.mark.django_db
def test_undo_is_for_the_own_session_only(client, user, other_user, on_the_day):
    client.force_login(user)
    chosen = answers(client, **{f"goal-{late_goal(user).pk}": "let_go"})
    response = client.post(reverse(PAGE), {**chosen, "confirmed": "on"}, follow=True)
    client.force_login(other_user)
    undo(client, response)
    assert Goal.objects.get().state == "let_go"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_welcomed"), [(6, False), (7, True), (90, True)])
def test_who_was_away_for_a_week_is_welcomed_back_until_not_now(client, user, on_the_day, days, is_welcomed):
    late_goal(user)
    UserActivity.objects.update_or_create(user=user, defaults={"seen_at": NOON - days * DAY})
    client.force_login(user)
    response = client.get(reverse(TODAY_PAGE))
    assert (response.status_code == 302) == is_welcomed
    if is_welcomed:
        away = client.get(response.url).context["away"]
        assert (away.since, away.weeks) == (TODAY - days * DAY, days // 7)
        client.post(reverse("plans:catch-up-later"))
        assert client.get(reverse(TODAY_PAGE)).status_code == 200


@pytest.mark.django_db
def test_a_session_that_has_ended_does_not_take_the_welcome(client, user, on_the_day, settings):
    late_goal(user)
    client.force_login(user)
    session = client.session
    session[SIGNED_IN_AT] -= settings.SESSION_ABSOLUTE_AGE
    session.pop(RECORDED_AT)
    session.save()
    UserActivity.objects.update(seen_at=NOON - 8 * DAY)
    assert client.get(reverse(TODAY_PAGE)).url.startswith(reverse("account_login"))
    client.force_login(user)
    assert client.get(reverse(TODAY_PAGE)).url == reverse("plans:catch-up")


@pytest.mark.django_db
def test_who_was_away_during_a_pause_sees_today(client, user, on_the_day):
    goal = late_goal(user)
    days = {"starts_on": TODAY - DAY, "ends_on": TODAY + DAY}
    Pause.objects.create(plan=goal.plan, reason=Pause.Reason.ILLNESS, made_at=NOON, form_key=uuid4(), **days)
    UserActivity.objects.update_or_create(user=user, defaults={"seen_at": NOON - 90 * DAY})
    client.force_login(user)
    assert client.get(reverse(TODAY_PAGE)).status_code == 200


@pytest.mark.django_db
def test_who_was_away_without_anything_late_sees_today(client, user, on_the_day):
    make_goal(user)
    UserActivity.objects.update_or_create(user=user, defaults={"seen_at": NOON - 90 * DAY})
    client.force_login(user)
    assert client.get(reverse(TODAY_PAGE)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_query_count_does_not_grow(client, user, on_the_day, django_assert_num_queries, count):
    for _ in range(count):
        late_goal(user)
    client.force_login(user)
    client.get(reverse(PAGE))
    # user, plan, late goals, late steps, progress of the goals
    with django_assert_num_queries(5):
        client.get(reverse(PAGE))
