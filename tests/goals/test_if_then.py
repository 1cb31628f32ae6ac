"""The conversation about an if-then plan of a goal or a step: two questions, skipped or answered, and its places."""

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import close_goal
from tests.conflicts import shown_on
from tests.factories.goals import NOW, make_goal, only_step

pytestmark = pytest.mark.django_db

OBSTACLE = "The room goes quiet and I lose my place."
PLAN = "I will look at one face and say my first sentence again."


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=["goal", "step"])
def target(request, user):
    goal = make_goal(user)
    return goal if request.param == "goal" else only_step(goal)


def address(target, page):
    of = "goal" if isinstance(target, Goal) else "step"
    return reverse(f"goals:{of}-if-then-{page}", args=[target.pk])


def answer(client, target, question, words, **extra):
    name = {"obstacle": "obstacle", "plan": "obstacle_plan"}[question]
    return client.post(address(target, question), {name: words, **extra})


def stored(target):
    return type(target).objects.values_list("obstacle", "obstacle_plan").get(pk=target.pk)


def test_two_questions_are_answered_and_read_back(signed_in, target):
    assert answer(signed_in, target, "obstacle", OBSTACLE).url == address(target, "plan")
    assert OBSTACLE in signed_in.get(address(target, "plan")).content.decode()
    assert answer(signed_in, target, "plan", PLAN).url == address(target, "ready")
    page = signed_in.get(address(target, "ready")).content.decode()
    assert OBSTACLE in page
    assert PLAN in page
    assert stored(target) == (OBSTACLE, PLAN)
    goal = target if isinstance(target, Goal) else target.goal
    assert PLAN in signed_in.get(goal.get_absolute_url()).content.decode()


def test_question_that_is_skipped_or_left_empty_saves_nothing(signed_in, target):
    page = signed_in.get(address(target, "obstacle"))
    goal = target if isinstance(target, Goal) else target.goal
    assert f'href="{page.context["page_url"]}"' in page.content.decode()
    left = answer(signed_in, target, "obstacle", "")
    assert left.url == page.context["page_url"]
    assert left.url.startswith(goal.get_absolute_url())
    assert stored(target) == ("", "")


def test_plan_is_asked_after_its_obstacle(signed_in, target):
    for page in ("plan", "ready"):
        assert signed_in.get(address(target, page)).url == address(target, "obstacle")


@pytest.mark.parametrize(("question", "words"), [("obstacle", "Time"), ("plan", "I will try harder.")])
def test_hint_is_given_once_and_never_blocks(signed_in, target, question, words):
    if question == "plan":
        type(target).objects.filter(pk=target.pk).update(obstacle=OBSTACLE)
    hinted = answer(signed_in, target, question, words)
    assert hinted.status_code == 200
    assert 'data-testid="if-then-hint"' in hinted.content.decode()
    assert not hinted.context["form"].errors
    assert answer(signed_in, target, question, words, advised=words).status_code == 302
    assert words in stored(target)


def test_save_and_close_gives_no_hint(signed_in, target):
    page = signed_in.get(address(target, "obstacle")).context["page_url"]
    assert answer(signed_in, target, "obstacle", "Time", go="close").url == page
    assert stored(target) == ("Time", "")


def test_obstacle_that_is_emptied_takes_its_plan_along(signed_in, target):
    type(target).objects.filter(pk=target.pk).update(obstacle=OBSTACLE, obstacle_plan=PLAN)
    answer(signed_in, target, "obstacle", "", **shown_of(signed_in, target, "obstacle"))
    assert stored(target) == ("", "")


def shown_of(client, target, page):
    of = "goal" if isinstance(target, Goal) else "step"
    return shown_on(client, f"goals:{of}-if-then-{page}", target.pk)


def test_answer_of_another_tab_is_not_overwritten(signed_in, target):
    shown = shown_of(signed_in, target, "obstacle")
    type(target).objects.filter(pk=target.pk).update(obstacle="My phone buzzes while I write.")
    asked = answer(signed_in, target, "obstacle", OBSTACLE, **shown)
    assert 'data-testid="conflict"' in asked.content.decode()
    assert stored(target)[0] == "My phone buzzes while I write."


def test_own_words_are_text_and_too_long_ones_have_an_error(signed_in, target):
    answer(signed_in, target, "obstacle", "<b>When</b> it rains & I am tired")
    assert (
        "&lt;b&gt;When&lt;/b&gt; it rains &amp; I am tired" in signed_in.get(address(target, "plan")).content.decode()
    )
    assert "obstacle" in answer(signed_in, target, "obstacle", "When " * 100).context["form"].errors


def test_goals_of_others_and_closed_goals_have_no_conversation(signed_in, other_user, user):
    assert signed_in.get(address(make_goal(other_user), "obstacle")).status_code == 404
    goal = make_goal(user)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW.date(), now=NOW)
    assert answer(signed_in, goal, "obstacle", OBSTACLE).context["form"].is_closed_meanwhile
    assert Goal.objects.get(pk=goal.pk).obstacle == ""


def test_goal_page_offers_a_plan_and_says_when_the_goal_is_behind(signed_in, user):
    goal = make_goal(user)
    offer = f'href="{address(goal, "obstacle")}"'
    page = signed_in.get(goal.get_absolute_url())
    assert offer in page.content.decode()
    assert not page.context["page"].is_behind
    with time_machine.travel("2027-06-20T12:00:00Z", tick=False):
        signed_in.force_login(user)
        page = signed_in.get(goal.get_absolute_url())
        assert page.context["page"].is_behind
        assert offer in page.content.decode()


def test_step_keeps_its_plan_when_it_is_edited(signed_in, user):
    step = only_step(make_goal(user))
    ActionStep.objects.update(obstacle=OBSTACLE, obstacle_plan=PLAN)
    typed = {"step_title": "Ask again", "step_due_on": "2027-03-01", "form_key": step.form_key}
    signed_in.post(
        reverse("goals:step-edit", args=[step.pk]), {**shown_on(signed_in, "goals:step-edit", step.pk), **typed}
    )
    assert ActionStep.objects.values_list("title", "obstacle", "obstacle_plan").get() == ("Ask again", OBSTACLE, PLAN)
