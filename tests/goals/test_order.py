"""The order of a goal's open steps."""

import re
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from careerplan.goals.models import ActionStep
from careerplan.goals.queries.steps import load_steps
from careerplan.goals.services.goals import close_goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.steps import complete_step, move_step, order_steps
from tests.factories.goals import NOW, add_steps, make_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(user):
    """A goal with the open steps Ask, Book, Come, Dare and, between them, a done one."""
    goal = make_goal(user, first_step={"title": "Ask", "due_on": date(2027, 6, 30)})
    _book, rest, _come, _dare = add_steps(goal, "Book", "Rest", "Come", "Dare")
    complete_step(step=rest, now=NOW)
    return goal


def titles(goal):
    return [step.title for step in goal.steps.order_by("position") if step.is_open]


def ids(goal, *wanted):
    found = dict(goal.steps.values_list("title", "pk"))
    return [found[title] for title in wanted]


def test_steps_are_reordered_and_done_steps_keep_their_place(goal):
    place = goal.steps.get(title="Rest").position
    order_steps(goal=goal, order=ids(goal, "Dare", "Ask", "Come", "Book"))
    assert titles(goal) == ["Dare", "Ask", "Come", "Book"]
    assert goal.steps.get(title="Rest").position == place


def test_only_moved_steps_are_saved(goal):
    order_steps(goal=goal, order=ids(goal, "Ask", "Book", "Dare", "Come"))
    moved = [step.title for step in goal.steps.all() if step.events.filter(pgh_label="update").exists()]
    assert set(moved) - {"Rest"} == {"Dare", "Come"}


@pytest.mark.parametrize("way", ["missing", "foreign", "twice", "done", "nothing", "nonsense"])
def test_invalid_order_changes_nothing(signed_in, goal, other_user, way):
    whole = ids(goal, "Dare", "Come", "Book", "Ask")
    sent = {
        "missing": whole[1:],
        "foreign": [*whole[1:], make_goal(other_user).steps.get().pk],
        "twice": [whole[0], *whole],
        "done": [*whole, *ids(goal, "Rest")],
        "nothing": [],
        "nonsense": [*whole[1:], "x"],
    }[way]
    before = list(ActionStep.objects.order_by("pk").values())
    assert signed_in.post(reverse("goals:steps-order", args=[goal.pk]), {"step": sent}).status_code == 409
    assert list(ActionStep.objects.order_by("pk").values()) == before


def test_dragged_order_is_saved(signed_in, goal):
    order = {"step": ids(goal, "Come", "Ask", "Book", "Dare")}
    assert signed_in.post(reverse("goals:steps-order", args=[goal.pk]), order).status_code == 204
    assert titles(goal) == ["Come", "Ask", "Book", "Dare"]


@pytest.mark.parametrize(
    ("route", "title", "order", "focus"),
    [
        ("step-earlier", "Come", ["Ask", "Come", "Book", "Dare"], "earlier"),  # over the done step between them
        ("step-later", "Ask", ["Book", "Ask", "Come", "Dare"], "later"),
        ("step-earlier", "Ask", ["Ask", "Book", "Come", "Dare"], "later"),
        ("step-later", "Come", ["Ask", "Book", "Dare", "Come"], "earlier"),  # at the end the other button has it
    ],
)
def test_move_button_moves_a_step_one_place_and_keeps_focus(signed_in, goal, route, title, order, focus):
    (key,) = ids(goal, title)
    response = signed_in.post(reverse(f"goals:{route}", args=[key]), follow=True)
    assert titles(goal) == order
    assert response.context["focus"] == f"{focus}-{key}"
    assert len(re.findall(r"\sautofocus\b", response.content.decode())) == 1


def test_done_step_is_not_moved(goal):
    step = goal.steps.get(title="Rest")
    before = list(goal.steps.values_list("pk", "position"))
    move_step(step=step, by=-1)
    assert list(goal.steps.values_list("pk", "position")) == before


def test_steps_of_a_closed_goal_are_not_reordered(signed_in, goal):
    close_goal(goal=goal, outcome=goal.State.LET_GO, today=NOW.date(), now=NOW)
    response = signed_in.get(reverse("goals:steps-order", args=[goal.pk]), follow=True)
    assert "This goal is closed. You can read it but not change it." in response.content.decode()
    with pytest.raises(GoalIsClosed):
        order_steps(goal=goal, order=ids(goal, "Dare", "Come", "Book", "Ask"))


def test_step_position_is_unique(goal):
    taken = goal.steps.get(title="Book").position
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="goals_actionstep_position_once"), transaction.atomic():
        goal.steps.filter(title="Ask").update(position=taken)


@pytest.mark.parametrize("count", [2, 30])
def test_page_query_count_is_constant_for_steps(signed_in, user, django_assert_num_queries, count):
    goal = make_goal(user)
    add_steps(goal, *("More" for _ in range(count)))
    with django_assert_num_queries(3):  # user, goal, steps
        signed_in.get(reverse("goals:steps-order", args=[goal.pk]))


def test_page_of_a_goal_lists_its_steps_in_their_order(goal):
    """Django leaves the order of a model out where it counts something for each row."""
    add_steps(goal, *(f"Step {number}" for number in range(12)))
    last = goal.steps.count()
    for position, pk in enumerate(goal.steps.order_by("-pk").values_list("pk", flat=True), start=last + 1):
        goal.steps.filter(pk=pk).update(position=position)
    assert [step.title for step in load_steps(goal).open] == titles(goal)
    assert titles(goal)[0] == "Step 11"
