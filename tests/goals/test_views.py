"""The goal pages: what is entered is kept or explained, and belongs to its owner alone."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.services.steps import add_step
from tests.conflicts import shown_on
from tests.factories.goals import NOW, make_goal, only_step

pytestmark = pytest.mark.django_db

VALID = {
    "area": "professional",
    "title": "Lead 12 shifts as nurse in charge",
    "measure_kind": "number",
    "unit": "shifts",
    "start_value": "0",
    "target_value": "12",
    "starts_on": "2027-01-04",
    "due_on": "2027-06-30",
    "why": "Because I want to.\r\nReally.",
    "step_title": "Ask for two late shifts",
    "step_due_on": "2027-01-31",
    "effort_hours": "1,5",
}


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel("2027-01-04T12:00:00Z", tick=False):
        yield


NEW = {**VALID, "unit": None, "target_value": "12 shifts"}  # one field in the form of a new goal


def send(client, **changes):
    data = {**NEW, "form_key": str(uuid4()), **changes}
    return client.post(reverse("goals:new"), {key: value for key, value in data.items() if value is not None})


def test_number_with_groups_is_read_as_our_pages_write_it_or_asked_about(signed_in):
    asked = send(signed_in, target_value="1.250 shifts").context["form"]
    assert asked.errors.as_data()["target_value"][0].code == "ambiguous"
    send(signed_in, target_value="1,250 shifts")
    assert Goal.objects.get().target_value == 1250


def test_date_that_nobody_plans_for_is_asked_about(signed_in):
    assert send(signed_in, due_on="2199-12-31").context["form"].only_asks
    assert send(signed_in, due_on="2199-12-31", confirm_past="on").status_code == 302
    assert "due_on" in send(signed_in, due_on="9999-12-31", confirm_past="on").context["form"].errors


def test_goal_is_saved_and_shown(signed_in):
    response = send(signed_in)
    goal = Goal.objects.get()
    assert response.url == goal.get_absolute_url()
    assert goal.why == "Because I want to.\nReally."
    assert str(only_step(goal).effort_hours) == "1.50"
    page = signed_in.get(response.url).content.decode()
    assert "Lead 12 shifts as nurse in charge" in page
    obstacle = reverse("goals:goal-if-then-obstacle", args=[goal.pk])
    assert page.count(f'href="{obstacle}"') == 2  # in the message, too
    assert "0 <small>of 12 shifts</small>" in page


def test_double_click_makes_one_goal(signed_in):
    key = str(uuid4())
    assert send(signed_in, form_key=key).url == send(signed_in, form_key=key).url
    assert Goal.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"title": ""}, "title", "Describe what will be different when you reach this goal."),
        ({"title": "   "}, "title", "Describe what will be different when you reach this goal."),
        ({"title": "x" * 100_000}, "title", "at most 200 characters"),
        ({"title": "bell \x07"}, "title", "a character"),
        ({"title": "nul \x00"}, "title", "a character"),
        ({"why": "x" * 5000}, "why", "at most 4,000 characters. You entered 5,000."),
        ({"target_value": "12"}, "target_value", "and what you count."),
        ({"target_value": ""}, "target_value", "Enter the number you want to reach and what"),
        ({"target_value": "0 shifts"}, "target_value", "The target is the same as today"),
        ({"target_value": "many"}, "target_value", "Enter a number and what you count"),
        ({"target_value": "NaN"}, "target_value", "Enter a number and what you count"),
        ({"target_value": "1e400"}, "target_value", "Enter a number"),
        ({"measure_kind": "yes_no"}, "done_when", "Describe what you will have"),
        ({"due_on": ""}, "due_on", "Choose the date by which you want to reach this goal."),
        (
            {"due_on": "2027-01-03", "step_due_on": "2027-01-03"},
            "due_on",
            "3 Jan 2027, is before the start, 4 Jan 2027",
        ),
        ({"due_on": "2027-02-30"}, "due_on", "Enter a date, such as"),
        ({"step_title": ""}, "step_title", "Enter what you will do, however small."),
        ({"step_due_on": "2027-07-01"}, "step_due_on", "1 Jul 2027 is after the goal&#x27;s due date, 30 Jun 2027."),
        ({"effort_hours": "0"}, "effort_hours", "Enter more than 0 hours"),
        ({"area": "secret"}, "area", "Choose one of the answers"),
        ({"form_key": "x"}, "form_key", "Enter a valid UUID."),
    ],
)
def test_invalid_form_has_errors_and_saves_nothing(signed_in, changes, field, message):
    response = send(signed_in, **changes)
    page = response.content.decode()
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert message in page
    assert "<title>Error: New goal" in page
    assert Goal.objects.count() == 0
    # What was typed is still there.
    assert 'value="Ask for two late shifts"' in page or changes.get("step_title") == ""


def test_past_date_is_confirmed_and_accepted(signed_in):
    past = {"starts_on": "2026-01-01", "due_on": "2026-03-01", "step_due_on": "2026-02-01"}
    asked = send(signed_in, **past)
    assert "This date is in the past. Is that right?" in asked.content.decode()
    assert Goal.objects.count() == 0
    send(signed_in, **past, confirm_past="on")
    assert Goal.objects.get().due_on == date(2026, 3, 1)


def test_leftover_value_of_the_other_measure_is_ignored(signed_in):
    send(signed_in, measure_kind="yes_no", target_value="many", done_when="A signed contract")
    goal = Goal.objects.get()
    assert (goal.done_when, goal.unit, goal.target_value) == ("A signed contract", "", None)


def test_emoji_and_markup_are_text(signed_in):
    send(signed_in, title="Speak up 🎤 <script>alert(1)</script>")
    page = signed_in.get(Goal.objects.get().get_absolute_url()).content.decode()
    assert "Speak up 🎤 &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_step_is_ticked_off_rated_below_its_row_and_reopened(signed_in, user):
    goal = make_goal(user)
    step = only_step(goal)
    back = signed_in.post(reverse("goals:step-complete", args=[step.pk])).url
    assert back == f"{goal.get_absolute_url()}?done={step.pk}#step-{step.pk}"
    assert only_step(goal).state == ActionStep.State.DONE
    page = signed_in.get(back)
    assert page.context["done_row"].id == step.pk
    assert f'action="{reverse("goals:step-evaluate", args=[step.pk])}"' in page.content.decode()
    signed_in.post(reverse("goals:step-reopen", args=[step.pk]))
    assert only_step(goal).is_open
    assert signed_in.get(back).context["done_row"] is None


@pytest.mark.parametrize(
    ("place", "address"), [("today", "dashboard:today"), ("steps", "goals:steps"), ("goals", "goals:list")]
)
def test_ticking_off_and_rating_lead_back_to_the_page_of_the_row(signed_in, user, place, address):
    goal = make_goal(user)
    step = only_step(goal)
    add_step(goal=goal, changes={"title": "More", "due_on": goal.due_on}, form_key=uuid4(), now=NOW)
    origin = {"from": place, "query": "show=open"}
    back = signed_in.post(reverse("goals:step-complete", args=[step.pk]), origin).url
    assert back == f"{reverse(address)}?show=open&done={step.pk}#step-{step.pk}"
    rate = reverse("goals:step-evaluate", args=[step.pk])
    assert signed_in.post(rate, {**origin, "later": "1"}).url == f"{reverse(address)}?show=open"


def test_step_is_added(signed_in, user):
    goal = make_goal(user)
    data = {"step_title": "Book the room", "step_due_on": "2027-02-01", "form_key": str(uuid4())}
    assert signed_in.post(reverse("goals:step-new", args=[goal.pk]), data).url == goal.get_absolute_url()
    assert list(goal.steps.values_list("title", flat=True)) == ["Book the room", "Ask for two late shifts"]


def test_step_due_after_its_goal_is_refused(signed_in, user):
    goal = make_goal(user)
    data = {"step_title": "Book the room", "step_due_on": "2027-07-01", "form_key": str(uuid4())}
    response = signed_in.post(reverse("goals:step-new", args=[goal.pk]), data)
    assert "after the goal" in response.content.decode()
    assert goal.steps.count() == 1


def test_completing_a_step_of_a_closed_goal_shows_a_message(signed_in, user):
    goal = make_goal(user)
    Goal.objects.update(state=Goal.State.REACHED, closed_at="2027-01-03T00:00Z")
    response = signed_in.post(reverse("goals:step-complete", args=[only_step(goal).pk]), follow=True)
    assert "This goal is closed. You can read it but not change it." in response.content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_list_query_count_is_constant(signed_in, user, django_assert_num_queries, count):
    for _ in range(count):
        make_goal(user)
    with django_assert_num_queries(5):  # user, how many goals, a page of them, closed goals, newest assessment
        page = signed_in.get(reverse("goals:list")).content.decode()
    assert len(re.findall("<h3><a [^>]*>Lead 12 shifts", page)) == min(count, 15)


@pytest.mark.parametrize("count", [1, 30])
def test_goal_page_query_count_is_constant_for_steps(signed_in, user, django_assert_num_queries, count):
    goal = make_goal(user)
    ActionStep.objects.bulk_create(
        ActionStep(goal=goal, title="More", position=place, due_on=goal.due_on, due_set_at=NOW, created_at=NOW)
        for place in range(2, count + 2)
    )
    # user, goal, steps, resources, entries, skills; people who see it; reminders
    with django_assert_num_queries(8):
        signed_in.get(goal.get_absolute_url())
    Change.objects.create(goal=goal, what=Change.What.STOP_DATE, day_from=goal.due_on, day_to=goal.due_on, made_at=NOW)
    with django_assert_num_queries(9):  # its changes too
        signed_in.get(goal.get_absolute_url())


def edit(client, goal, **changes):
    shown = shown_on(client, "goals:edit", goal.pk)
    return client.post(reverse("goals:edit", args=[goal.pk]), {**VALID, **shown, **changes})


def test_edited_due_date_is_reminded_of_again(signed_in, user):
    goal = make_goal(user, now=NOW - timedelta(days=3))
    shown = signed_in.get(reverse("goals:edit", args=[goal.pk])).content.decode()
    assert 'value="2027-06-30"' in shown
    assert 'value="12"' in shown
    moved = {"due_on": "2027-07-31", "shown_due": "2027-07-31", "reason": "longer"}
    edit(signed_in, goal, title="Lead 14 shifts", target_value="14", **moved)
    goal.refresh_from_db()
    assert (goal.title, goal.target_value, goal.due_on) == ("Lead 14 shifts", 14, date(2027, 7, 31))
    assert goal.due_set_at == NOW


def test_edit_without_a_new_date_keeps_reminders(signed_in, user):
    goal = make_goal(user, now=NOW - timedelta(days=3))
    edit(signed_in, goal, title="Other words")
    goal.refresh_from_db()
    assert (goal.title, goal.due_set_at) == ("Other words", NOW - timedelta(days=3))


def test_goal_is_not_due_before_its_open_steps(signed_in, user):
    goal = make_goal(user, step_due_on=date(2027, 5, 1))
    response = edit(signed_in, goal, due_on="2027-04-30", shown_due="2027-04-30", reason="faster")
    assert "An open step is due on 1 May 2027." in response.content.decode()
    goal.refresh_from_db()
    assert goal.due_on == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("route", "state"), [("reached", "reached"), ("partly-reached", "partly"), ("let-go", "let_go")]
)
def test_goal_is_closed_once_and_reopened(signed_in, user, route, state):
    goal = make_goal(user)
    for _ in range(2):
        signed_in.post(reverse(f"goals:{route}", args=[goal.pk]))
    goal.refresh_from_db()
    assert (goal.state, goal.closed_at) == (state, NOW)
    assert goal.get_state_display() in signed_in.get(reverse("goals:list")).content.decode()
    assert "This goal was closed in another tab" in edit(signed_in, goal, title="Other words").content.decode()
    signed_in.post(reverse("goals:reopen", args=[goal.pk]))
    goal.refresh_from_db()
    assert (goal.state, goal.closed_at) == ("active", None)


def test_goal_deletion_is_confirmed(signed_in, user):
    goal = make_goal(user)
    address = reverse("goals:delete", args=[goal.pk])
    assert signed_in.get(address).status_code == 200
    assert Goal.objects.count() == 1
    signed_in.post(address)
    assert (Goal.objects.count(), ActionStep.objects.count()) == (0, 0)


def test_step_is_edited_and_dropped(signed_in, user):
    goal = make_goal(user, now=NOW - timedelta(days=3))
    step = only_step(goal)
    data = {"step_title": "Ask twice", "step_due_on": "2027-03-03", "form_key": str(uuid4())}
    data |= shown_on(signed_in, "goals:step-edit", step.pk)
    signed_in.post(reverse("goals:step-edit", args=[step.pk]), data)
    step.refresh_from_db()
    assert (step.title, step.due_on, step.due_set_at) == ("Ask twice", date(2027, 3, 3), NOW)
    signed_in.post(reverse("goals:step-drop", args=[step.pk]))
    assert only_step(goal).state == ActionStep.State.DROPPED
    assert "Dropped steps" in signed_in.get(goal.get_absolute_url()).content.decode()


def test_past_step_date_is_confirmed(signed_in, user):
    goal = make_goal(user)
    data = {"step_title": "Book the room", "step_due_on": "2026-12-01", "form_key": str(uuid4())}
    asked = signed_in.post(reverse("goals:step-new", args=[goal.pk]), data)
    assert "confirm_past" in asked.context["form"].errors
    signed_in.post(reverse("goals:step-new", args=[goal.pk]), {**data, "confirm_past": "on"})
    assert goal.steps.count() == 2


def test_error_summary_is_in_page_order(signed_in):
    page = signed_in.post(reverse("goals:new"), {}).content.decode()
    found = [page.index(f'href="#id_{name}"') for name in ("title", "due_on", "step_title")]
    assert found == sorted(found)
