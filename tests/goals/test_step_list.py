"""The list of all steps: tabs, search, filters, order, pages, several at once, and rows that change alone."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.step_list import SHOW, SORTS, STEPS_A_PAGE
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.steps import complete_step, drop_step
from tests.factories.goals import NOW, add_steps, make_goal, only_step

pytestmark = pytest.mark.django_db

TODAY = date(2027, 3, 9)  # a Tuesday
NOON = datetime(2027, 3, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LIST, UNDO = "goals:steps", "goals:undo"


@pytest.fixture
def client(client, user):
    with time_machine.travel(NOON, tick=False):
        client.force_login(user)
        yield client


def steps_on(user, *days):
    return [only_step(make_goal(user, step_due_on=TODAY + number * DAY)) for number in days]


def listed(client, **query):
    found = client.get(reverse(LIST), query).context["list"]
    return [row.id for group in found.groups for row in group.rows]


def counts(client, **query):
    return {tab.key: tab.count for tab in client.get(reverse(LIST), query).context["list"].tabs}


def test_tabs_count_what_they_list_in_the_periods_of_today(client, user, other_user):
    steps_on(other_user, 0)
    late, week, weeks, later = steps_on(user, -4, 5, 28, 29)
    [undated] = add_steps(late.goal, "Find out who decides", due_on=None)
    done, dropped = steps_on(user, 1, 2)
    complete_step(step=done, now=NOON)
    drop_step(step=dropped, now=NOW)
    closed = make_goal(user, step_due_on=TODAY)
    close_goal(goal=closed, outcome=Goal.State.LET_GO, today=TODAY, now=NOW)
    assert counts(client) == {"open": 5, "late": 1, "week": 1, "undated": 1, "done": 1}
    assert "?show=open&amp;several=1" in client.get(reverse(LIST)).content.decode()
    found = {show: listed(client, show=show) for show in SHOW}
    assert found == {
        "open": [late.pk, week.pk, weeks.pk, later.pk, undated.pk],
        "late": [late.pk],
        "week": [week.pk],
        "weeks": [weeks.pk],
        "later": [later.pk],
        "undated": [undated.pk],
        "done": [done.pk],
        "unrated": [done.pk],
    }


def test_every_word_of_a_search_must_occur_in_the_step_or_its_goal(client, user):
    goal = make_goal(user, title="Speak to 100 people")
    first, second = add_steps(goal, "Book the lecture theatre", "Rehearse")
    ActionStep.objects.filter(pk=second.pk).update(details="in the LECTURE theatre")
    assert set(listed(client, q="lecture theatre")) == {first.pk, second.pk}
    assert listed(client, q="book speak") == [first.pk]
    assert listed(client, q="100%") == []
    assert counts(client, q="lecture") == {"open": 2, "late": 0, "week": 0, "undated": 0, "done": 0}


def test_filters_by_goal_and_kind(client, user, other_user):
    mine, other = make_goal(user), make_goal(user)
    call, read = add_steps(mine, "Call", "Read", kind="people")
    ActionStep.objects.filter(pk=read.pk).update(kind="study")
    assert set(listed(client, goal=mine.pk)) == set(mine.steps.values_list("pk", flat=True))
    assert listed(client, goal=other.pk) == [only_step(other).pk]
    assert listed(client, goal=mine.pk, kind="people") == [call.pk]
    assert listed(client, goal=make_goal(other_user).pk) == []


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_lists_every_step_once(client, user, sort):
    steps = steps_on(user, 3, 1, 2)
    for step, hours in zip(steps, (None, 5, 2), strict=True):
        ActionStep.objects.filter(pk=step.pk).update(effort_hours=hours)
    first, second, third = (step.pk for step in steps)
    orders = {"due": [second, third, first], "hours": [third, second, first]}
    found = listed(client, sort=sort)
    assert sorted(found) == sorted([first, second, third])
    assert found == orders.get(sort, found)


@pytest.mark.parametrize(
    "query",
    [
        {"show": "x"},
        {"goal": "0"},
        {"goal": "9" * 30},
        {"goal": "x"},
        {"kind": "x"},
        {"sort": "x"},
        {"page": "-1"},
        {"q": "x" * 500},
    ],
)
def test_wrong_values_in_the_address_are_left_out(client, user, query):
    steps_on(user, 1)
    assert len(listed(client, **query)) == 1


def test_every_count_on_today_leads_to_exactly_that_many_steps(client, user):
    steps_on(user, *range(-9, 0), *[1] * 5, *range(6, 22), 30)
    client.post(reverse("plans:catch-up-later"))
    groups = [
        group for group in client.get(reverse("dashboard:today")).context["page"].groups if group.more and group.steps
    ]
    assert groups
    for group in groups:
        query = {name: values[0] for name, values in parse_qs(urlsplit(group.all_url).query).items()}
        assert client.get(reverse(LIST), query).context["list"].count == group.steps


@pytest.mark.parametrize("count", [1, 120])
def test_query_count_does_not_grow_and_pages_are_cut(client, user, django_assert_num_queries, count):
    add_steps(make_goal(user), *["Read"] * count)
    for _ in range(5):
        make_goal(user)
    client.get(reverse(LIST))
    # user, counts, rows, goals to choose from
    with django_assert_num_queries(4):
        assert len(listed(client)) == min(count + 6, STEPS_A_PAGE)


def several(client, do, *steps, **more):
    answers = {"do": do, "step": [step.pk for step in steps], **more}
    return client.post(f"{reverse(LIST)}?show=open&q=shifts", answers, follow=True)


def undo(client, response):
    (key,) = [message.extra_tags.split()[1] for message in response.context["messages"] if message.extra_tags]
    client.post(reverse(UNDO), {"key": key, "from": "steps"})


@pytest.mark.parametrize(
    ("do", "more", "after"),
    [
        ("done", {}, ("done", 1)),
        ("drop", {}, ("dropped", 1)),
        ("move", {"day": "2027-03-12"}, ("to_do", 3)),
    ],
)
def test_several_steps_change_at_once_and_are_undone_as_a_whole(client, user, other_user, do, more, after):
    steps, untouched = steps_on(user, 1, 1), steps_on(user, 1)
    (foreign,) = steps_on(other_user, 1)
    before = list(ActionStep.objects.order_by("pk").values("pk", "state", "due_on", "done_at", "due_set_at"))
    response = several(client, do, *steps, foreign, **more)
    assert response.request["QUERY_STRING"] == "show=open&q=shifts"
    found = {step.pk: (step.state, (step.due_on - TODAY).days) for step in ActionStep.objects.all()}
    assert [found[step.pk] for step in steps] == [after] * 2
    assert found[untouched[0].pk] == found[foreign.pk] == ("to_do", 1)
    undo(client, response)
    assert list(ActionStep.objects.order_by("pk").values("pk", "state", "due_on", "done_at", "due_set_at")) == before


@pytest.mark.parametrize("answers", [{"do": "move"}, {"do": "move", "day": "2027-03-08"}, {"do": "x"}, {}])
def test_incomplete_answers_change_nothing(client, user, answers):
    (step,) = steps_on(user, 1)
    page = client.post(reverse(LIST), {**answers, "step": step.pk})
    assert [(page.status_code, page.context["chosen"], page.context["several"])] == [(200, {step.pk}, True)]
    assert b"checked" in page.content
    client.post(reverse(LIST), {"do": "done", "step": "x"})
    client.post(reverse(LIST), {"do": "done"})
    assert ActionStep.objects.get() == step
    assert (ActionStep.objects.get().state, ActionStep.objects.get().due_on) == ("to_do", step.due_on)


@pytest.mark.parametrize(("to", "days"), [("today", 0), ("tomorrow", 1), ("week", 6)])
def test_date_is_moved_from_a_row_and_back(client, user, to, days):
    (step,) = steps_on(user, -3)
    response = client.post(reverse("goals:step-due", args=[step.pk]), {"to": to, "from": "steps"}, follow=True)
    assert response.request["PATH_INFO"] == reverse(LIST)
    moved = ActionStep.objects.get()
    assert (moved.due_on, moved.due_set_at) == (TODAY + days * DAY, NOON)
    undo(client, response)
    assert ActionStep.objects.get().due_on == step.due_on


@pytest.mark.parametrize("answers", [{}, {"to": "x"}, {"day": "x"}, {"day": "2027-03-08"}])
def test_wrong_date_is_said_and_changes_nothing(client, user, answers):
    (step,) = steps_on(user, 1)
    response = client.post(reverse("goals:step-due", args=[step.pk]), answers, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert ActionStep.objects.get().due_on == step.due_on


def test_words_of_a_row_are_text_and_stand_in_their_own_row(client, user):
    """Rows are rendered once with places for what belongs to a step; words that look like a place are words."""
    one, other = steps_on(user, 3, 3)
    ActionStep.objects.filter(pk=one.pk).update(title="\ue000csrf\ue000 <b>9007199254740991</b>")
    page = client.get(reverse("goals:steps")).content.decode()
    first, second = (page[page.index(f'id="step-{step.pk}"') :].split("</li>")[0] for step in (one, other))
    assert "\ue000csrf\ue000 &lt;b&gt;9007199254740991&lt;/b&gt;" in first
    assert (other.title in first, other.title in second, "\ue000" in second) == (False, True, False)
    assert reverse("goals:step-due", args=[other.pk]) in second


def test_rows_lead_back_to_their_tab_and_page(client, user):
    step, *_others = steps_on(user, -1, 2)
    query = {"show": "late", "page": "1", "sort": "hours"}
    origin = client.get(reverse(LIST), {**query, "several": ""}).context["origin"]
    response = client.post(reverse("goals:step-complete", args=[step.pk]), {"from": "steps", "query": origin})
    assert parse_qs(urlsplit(response.url).query) == {name: [text] for name, text in query.items()} | {
        "done": [str(step.pk)]
    }


@pytest.mark.parametrize(
    ("place", "leads_to"),
    [(LIST, LIST), ("goals:list", "goals:list"), ("x", "dashboard:today"), ("", "dashboard:today")],
)
def test_undo_leads_back_to_the_page_of_the_message(client, place, leads_to):
    assert client.post(reverse(UNDO), {"key": "x", "from": place}).url == reverse(leads_to)


def test_undo_leaves_no_step_after_its_goal(client, user):
    goal = make_goal(user, due_on=TODAY + 9 * DAY, step_due_on=TODAY + 8 * DAY)
    response = several(client, "done", only_step(goal))
    Goal.objects.update(due_on=TODAY + 2 * DAY)
    undo(client, response)
    assert only_step(goal).state == "done"


def test_step_does_not_move_past_its_goal(client, user):
    goal = make_goal(user, due_on=TODAY + 2 * DAY, step_due_on=TODAY)
    step = only_step(goal)
    response = client.post(reverse("goals:step-due", args=[step.pk]), {"day": "2027-03-12"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    several(client, "move", step, day="2027-03-12")
    assert only_step(goal).due_on == TODAY


def test_changed_row_says_what_changed_and_keeps_the_last_undo_for_the_next_page(client, user):
    first, second = steps_on(user, 1, 2)
    for step in (first, second):
        client.post(reverse("goals:step-complete", args=[step.pk]), {"from": "today"})
        row = client.get(reverse("goals:step-row", args=[step.pk]), {"from": "today", "done": step.pk})
        assert row.context["said"]
        assert row.context["done_row"].id == step.pk
    response = client.get(reverse(LIST))
    assert len(response.context["messages"]) == 1
    undo(client, response)
    assert (ActionStep.objects.get(pk=first.pk).state, ActionStep.objects.get(pk=second.pk).state) == ("done", "to_do")


def test_row_that_was_undone_leaves_no_message(client, user):
    (step,) = steps_on(user, 1)
    client.post(reverse("goals:step-complete", args=[step.pk]), {"from": "today"})
    client.get(reverse("goals:step-row", args=[step.pk]), {"done": step.pk})
    client.post(reverse("goals:step-reopen", args=[step.pk]), {"from": "today"})
    assert client.get(reverse("goals:step-row", args=[step.pk])).context["row"].is_open
    assert len(client.get(reverse(LIST)).context["messages"]) == 0
