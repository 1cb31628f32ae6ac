"""The pages that change a goal: they ask before, keep what was typed, and tell what another tab did."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils.formats import date_format

from careerplan.catalogue.models import Skill
from careerplan.goals.forms.changes import EditGoalForm
from careerplan.goals.models import Change, Goal, Resource
from careerplan.goals.services.goals import ChangeReason, move_goal
from careerplan.goals.services.steps import add_step, complete_step
from tests.conflicts import choose, conflicts_in, shown_in, shown_on
from tests.factories.goals import NOW, add_steps, make_goal, only_step
from tests.goals.test_changes import ruled_goal
from tests.goals.test_views import NEW, VALID

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel("2027-01-04T12:00:00Z", tick=False):
        yield


@pytest.fixture
def goal(user):
    return make_goal(user, step_due_on=date(2027, 5, 1), now=NOW - timedelta(days=9))


def post(client, route, goal, **typed):
    return client.post(
        reverse(f"goals:{route}", args=[goal.pk]), {**shown_on(client, f"goals:{route}", goal.pk), **typed}
    )


def edit(client, goal, **typed):
    return post(client, "edit", goal, **{**VALID, "why": "", **typed})


def text(response):
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.parametrize("route", ["edit", "move"])
def test_reason_is_asked_before_a_date_moves(signed_in, goal, route):
    typed = {**(VALID if route == "edit" else {}), "due_on": "2027-07-30", "change_note": "No room."}
    asked = post(signed_in, route, goal, **typed)
    assert "Not saved: answer one question first" in text(asked)
    [(move, is_ticked)] = asked.context["form"].move_rows
    assert (move.step, move.to, is_ticked) == (only_step(goal), date(2027, 5, 31), False)
    assert "No room.</textarea>" in asked.content.decode()
    assert (Change.objects.count(), only_step(goal).due_on) == (0, date(2027, 5, 1))
    shown = asked.context["form"]["shown_due"].value()
    post(signed_in, route, goal, **typed, shown_due=shown, move_steps=move.step.pk, reason="waiting")
    goal.refresh_from_db()
    assert (goal.due_on, only_step(goal).due_on) == (date(2027, 7, 30), date(2027, 5, 31))
    page = text(signed_in.get(goal.get_absolute_url()))
    assert ("Changes saved." if route == "edit" else "The goal is now due on 30 Jul 2027. 1 open step moved") in page
    assert "Due date moved from 30 Jun 2027 to 30 Jul 2027, with 1 open step." in page
    assert f"{Change.Reason.WAITING.label}. No room." in page


@pytest.mark.parametrize(
    ("came_from", "leads_to"),
    [
        ("review", "/reviews/current/"),
        ("review:17", "/reviews/17/"),
        ("", None),
        ("review:", None),
        ("review:0", None),
        ("review:" + "9" * 19, None),
        ("review://evil.example", None),
        ("//evil.example", None),
        ("https://evil.example/reviews/1/", None),
    ],
)
def test_redirect_after_a_change_is_to_a_review_only(signed_in, goal, came_from, leads_to):
    address = f"{reverse('goals:edit', args=[goal.pk])}?{urlencode({'from': came_from})}"
    page = signed_in.get(address).content.decode()
    assert ("Back to your review" in page) == bool(leads_to)
    assert (page.count(f'href="{leads_to}"') if leads_to else page.count("evil.example")) == (2 if leads_to else 0)
    save_with_retry = signed_in.post(
        address, {**shown_on(signed_in, "goals:edit", goal.pk), **VALID, "title": "Adjusted", "why": ""}
    )
    assert save_with_retry.url == (leads_to or goal.get_absolute_url())


def test_unchanged_date_is_not_a_change(signed_in, goal):
    page = post(signed_in, "move", goal, due_on="2027-06-30")
    assert "The date has not changed." in text(signed_in.get(page.url))


def test_due_date_before_the_start_has_its_own_error(signed_in, goal):
    begins = date_format(goal.starts_on, "j M Y")
    refused = text(post(signed_in, "move", goal, due_on="2020-01-01", reason="life"))
    assert f"The goal starts on {begins}. Choose that date or a later one." in refused
    assert "stop rule" not in refused


def test_steps_are_chosen_on_the_page_and_saved_at_once(signed_in, goal):
    first, [course] = only_step(goal), add_steps(goal, "Take the course", due_on=date(2027, 5, 20))
    page = signed_in.get(reverse("goals:move", args=[goal.pk]))
    assert [(move.step, move.moves, is_ticked) for move, is_ticked in page.context["form"].move_rows] == [
        (first, False, False),
        (course, False, False),
    ]
    saved = post(signed_in, "move", goal, due_on="2027-08-30", reason="life", move_steps=course.pk)
    assert saved.url == goal.get_absolute_url()
    days = dict(goal.steps.values_list("pk", "due_on"))
    assert days == {first.pk: date(2027, 5, 1), course.pk: date(2027, 7, 20)}


@pytest.mark.parametrize(
    ("due_on", "rows"),
    [
        ("2027-07-30", [(date(2027, 5, 31), False)]),
        ("2027-04-30", [(date(2027, 3, 1), True)]),
        ("2020-01-01", [(date(2027, 5, 1), False)]),
        ("soon", [(date(2027, 5, 1), False)]),
    ],
)
def test_new_days_of_the_steps_are_shown_while_the_date_is_chosen(signed_in, goal, due_on, rows):
    part = signed_in.get(reverse("goals:move", args=[goal.pk]), {"part": "1", "due_on": due_on})
    assert [(move.to, is_ticked) for move, is_ticked in part.context["form"].move_rows] == rows
    assert "<html" not in part.content.decode()


def test_step_moves_only_where_it_is_ticked(signed_in, goal):
    first = only_step(goal)
    [course] = add_steps(goal, "Take the course", due_on=date(2027, 5, 20))
    typed = {"due_on": "2027-07-30", "shown_due": "2027-07-30", "reason": "life"}
    post(signed_in, "move", goal, **typed, move_steps=first.pk)
    due_days = dict(goal.steps.values_list("pk", "due_on"))
    assert due_days == {first.pk: date(2027, 5, 31), course.pk: date(2027, 5, 20)}


def test_step_that_would_be_due_after_its_goal_is_ticked_at_first(signed_in, goal):
    first = only_step(goal)
    [course] = add_steps(goal, "Take the course", due_on=date(2027, 6, 20))
    asked = post(signed_in, "move", goal, due_on="2027-06-10", reason="life")
    ticked = {move.step: is_ticked for move, is_ticked in asked.context["form"].move_rows}
    assert ticked == {first: False, course: True}
    refused = post(signed_in, "move", goal, due_on="2027-06-10", shown_due="2027-06-10", reason="life")
    assert "due_on" in refused.context["form"].errors


def test_goal_without_open_steps_asks_only_for_a_reason(signed_in, goal):
    complete_step(step=only_step(goal), now=NOW)
    assert post(signed_in, "move", goal, due_on="2027-07-30", reason="life").url == goal.get_absolute_url()
    assert Change.objects.get().reason == "life"


@pytest.mark.parametrize("reason", ["pause", "boredom"])
def test_unknown_reason_is_refused(signed_in, goal, reason):
    response = post(signed_in, "move", goal, due_on="2027-07-30", shown_due="2027-07-30", reason=reason)
    assert "reason" in response.context["form"].errors
    assert Change.objects.count() == 0


@pytest.mark.parametrize("day", ["2027-01-03", "", "2027-02-30"])
def test_invalid_date_has_an_error(signed_in, goal, day):
    response = post(signed_in, "move", goal, due_on=day, reason="life")
    assert "due_on" in response.context["form"].errors
    assert "<title>Error: Move the date" in response.content.decode()


def test_alternatives_are_offered_from_the_second_move(signed_in, goal):
    offer = f"{reverse('goals:new')}?split={goal.pk}"
    assert offer not in signed_in.get(reverse("goals:move", args=[goal.pk])).content.decode()
    why = ChangeReason(reason="life")
    move_goal(goal=goal, due_on=date(2027, 7, 30), reason=why, today=NOW.date(), now=NOW)
    page = signed_in.get(reverse("goals:move", args=[goal.pk]))
    for address in (
        offer,
        "#id_target_value",
        reverse("goals:let-go", args=[goal.pk]),
    ):
        assert address in page.content.decode()


def test_split_goal_form_has_half_of_the_target(signed_in, goal):
    form = signed_in.get(reverse("goals:new"), {"split": goal.pk}).context["form"]
    said = {name: form[name].value() for name in ("title", "start_value", "target_value", "due_on")}
    assert said == {
        "title": "Lead 6 shifts as nurse in charge",
        "start_value": "0",
        "target_value": "6 shifts",
        "due_on": date(2027, 6, 30),
    }


def test_goal_of_another_user_is_not_split(signed_in, other_user):
    theirs = make_goal(other_user)
    assert signed_in.get(reverse("goals:new"), {"split": theirs.pk}).status_code == 404


def test_untouched_fields_take_the_values_of_the_other_tab(signed_in, goal):
    shown = shown_on(signed_in, "goals:edit", goal.pk)
    edit(signed_in, goal, title="Theirs")
    response = edit(signed_in, goal, **shown, why="Mine.")
    goal.refresh_from_db()
    assert (goal.title, goal.why) == ("Theirs", "Mine.")
    label = str(EditGoalForm.base_fields["title"].label)
    assert any(label in str(message) for message in signed_in.get(response.url).context["messages"])


@pytest.mark.parametrize(("which", "title"), [("mine", "Mine"), ("other", "Theirs")])
def test_conflicting_fields_are_listed_to_choose_from(signed_in, goal, which, title):
    shown = shown_on(signed_in, "goals:edit", goal.pk)
    edit(signed_in, goal, title="Theirs")
    told = edit(signed_in, goal, **shown, title="Mine", why="Mine too.")
    assert conflicts_in(told) == {"title": ("Lead 12 shifts as nurse in charge", "Theirs", "Mine")}
    assert 'value="Mine"' in told.content.decode()
    assert Goal.objects.get().title == "Theirs"
    again = {**shown_in(told), "title": "Mine", "why": "Mine too."}
    edit(signed_in, goal, **again, **choose(told.context["form"], which))
    goal.refresh_from_db()
    assert (goal.title, goal.why) == (title, "Mine too.")


def test_date_moved_in_another_tab_needs_no_reason(signed_in, goal):
    shown = shown_on(signed_in, "goals:edit", goal.pk)
    post(signed_in, "move", goal, due_on="2027-07-30", shown_due="2027-07-30", reason="life")
    edit(signed_in, goal, **shown, title="Mine")
    goal.refresh_from_db()
    assert (goal.title, goal.due_on, Change.objects.count()) == ("Mine", date(2027, 7, 30), 1)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"stop_on": "2027-03-01"}, "stop_condition"),
        ({"stop_condition": "A yes"}, "stop_on"),
        ({"stop_on": "2027-07-01", "stop_condition": "A yes"}, "stop_on"),
        ({"stop_on": "2027-01-03", "stop_condition": "A yes"}, "confirm_past"),
    ],
)
def test_invalid_stop_rule_has_an_error(signed_in, goal, rule, field):
    assert list(edit(signed_in, goal, **rule).context["form"].errors) == [field]


def test_stop_rule_is_asked_on_its_date_and_answered(signed_in, user):
    goal = ruled_goal(user, stop_on=date(2027, 1, 4))
    question = "I will stop on 4 Jan 2027 unless: one manager has said yes"
    assert question in text(signed_in.get(goal.get_absolute_url()))
    signed_in.post(reverse("goals:stop-rule-confirm", args=[goal.pk]))
    assert question not in text(signed_in.get(goal.get_absolute_url()))


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"stop_on": "2027-02-01", "reason": "life"}, []),
        ({"stop_on": "2027-02-01"}, ["reason"]),
        ({"stop_on": "2027-01-04", "reason": "life"}, ["stop_on"]),
        ({"stop_on": "2027-07-01", "reason": "life"}, ["stop_on"]),
    ],
)
def test_stop_rule_is_postponed_with_a_date_and_a_reason(signed_in, user, typed, fields):
    goal = ruled_goal(user, stop_on=date(2027, 1, 4))
    response = post(signed_in, "stop-rule-later", goal, **typed)
    assert list(response.context["form"].errors if response.context else []) == fields
    assert Change.objects.count() == (0 if fields else 1)


def new(client, **typed):
    filled = {name: value for name, value in NEW.items() if value is not None}
    return client.post(reverse("goals:new"), {**filled, "form_key": str(uuid4()), **typed})


def test_new_goal_is_saved_with_skills_stop_rule_and_resources(signed_in, user):
    skill = Skill.objects.create(name="Welding", owner=user)
    rule = {"stop_on": "2027-03-01", "stop_condition": "A yes"}
    new(signed_in, skills=[skill.pk], skills_shown="", resource_kind="course", resource="Two evenings", **rule)
    goal = Goal.objects.get()
    assert (list(goal.skills.all()), goal.stop_on, goal.stop_condition) == ([skill], date(2027, 3, 1), "A yes")
    assert list(Resource.objects.values_list("step__goal", "kind", "description", "state")) == [
        (goal.pk, "course", "Two evenings", "needed")
    ]


def test_resource_without_a_description_is_ignored(signed_in):
    new(signed_in, resource_kind="course", resource="")
    assert (Goal.objects.count(), Resource.objects.count()) == (1, 0)


def test_skill_of_another_user_is_refused(signed_in, goal, other_user):
    theirs = Skill.objects.create(name="Welding", owner=other_user)
    for response in (new(signed_in, skills=[theirs.pk], skills_shown=""), edit(signed_in, goal, skills=[theirs.pk])):
        assert list(response.context["form"].errors) == ["skills"]


def test_vague_title_gets_a_hint_and_is_accepted(signed_in):
    response = new(signed_in, title="Get better at leading")
    goal = Goal.objects.get()
    page = signed_in.get(response.url)
    assert "This is a direction." in text(page)
    assert (
        f"{reverse('goals:edit', args=[goal.pk])}?title=Leading%3A%20from%200%20to%2012%20shifts"
        in page.content.decode()
    )
    form = signed_in.get(reverse("goals:edit", args=[goal.pk]), {"title": "Leading: from 0 to 12 shifts"})
    assert 'value="Leading: from 0 to 12 shifts"' in form.content.decode()
    edit(signed_in, goal, title="Leading: from 0 to 12 shifts")
    assert "This is a direction." not in text(signed_in.get(goal.get_absolute_url()))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"title": "Get better at leading"}, "This is a direction."),
        ({"title": "Lead 12 shifts"}, ""),
        ({}, ""),
        ({"title": "Become " + "x" * 5000, "start_value": "many", "due_on": "soon"}, ""),
        ({"title": "Pass it by June 2027", "due_on": "2027-09-01", "measure_kind": "number"}, "do not match"),
    ],
)
def test_hint_is_fetched_on_leaving_the_field(signed_in, django_assert_num_queries, said, words):
    with django_assert_num_queries(1):  # user
        found = text(signed_in.get(reverse("goals:title-advice"), said))
    assert words in found if words else found == ""


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("route", "queries"), [("edit", 6), ("move", 4), ("reached", 4)])
def test_query_counts_are_constant_for_steps(signed_in, user, goal, django_assert_num_queries, count, route, queries):
    for _ in range(count):
        add_step(goal=goal, changes={"title": "More", "due_on": goal.due_on}, form_key=uuid4(), now=NOW)
    with django_assert_num_queries(queries):
        assert signed_in.get(reverse(f"goals:{route}", args=[goal.pk])).status_code == 200
