"""The page of a goal that is reached: from where to where, what was learned, its steps, and what comes next."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.how_it_went import CEILING, FLOOR, load_how_it_went
from careerplan.goals.services.goals import ClosingNotes, close_goal
from tests.factories.goals import NOW, add_steps, make_entry, make_goal, only_step, rate_step

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A contract"}


@pytest.fixture(autouse=True)
def _on_4_january_2027():
    with time_machine.travel("2027-01-04T12:00:00Z", tick=False):
        yield


def page_of(goal):
    return reverse("goals:how-it-went", args=[goal.pk])


def reached(goal, *, outcome=Goal.State.REACHED, now=NOW, **notes):
    return close_goal(goal=goal, outcome=outcome, notes=ClosingNotes(**notes), today=now.date(), now=now)


def test_closing_as_reached_opens_the_page_and_the_list_leads_back_to_it(signed_in, user):
    goal = make_goal(user)
    answer = signed_in.post(reverse("goals:reached", args=[goal.pk]), {"final_value": "12", "learned": "Ask earlier."})
    assert answer.url == page_of(goal)
    shown = signed_in.get(page_of(goal)).content.decode()
    assert "Ask earlier." in shown
    for place in (reverse("goals:list"), goal.get_absolute_url()):
        assert f'href="{page_of(goal)}"' in signed_in.get(place).content.decode()


@pytest.mark.parametrize("state", [Goal.State.ACTIVE, Goal.State.LET_GO])
def test_goals_that_are_open_or_let_go_have_no_such_page(signed_in, user, state):
    goal = make_goal(user)
    if state != Goal.State.ACTIVE:
        reached(goal, outcome=state)
    assert signed_in.get(page_of(goal)).url == goal.get_absolute_url()


def test_open_steps_become_what_was_chosen_and_the_others_stay(signed_in, user):
    goal = make_goal(user)
    first, (second, third) = only_step(goal), add_steps(goal, "Thank Ikram", "Ask for nights")
    answers = {f"step-{first.pk}": "done", f"step-{second.pk}": "drop", f"step-{third.pk}": "leave"}
    signed_in.post(reverse("goals:reached", args=[goal.pk]), answers)
    states = dict(goal.steps.values_list("pk", "state"))
    assert states == {first.pk: "done", second.pk: "dropped", third.pk: "to_do"}
    shown = signed_in.get(page_of(goal)).context["page"]
    assert (shown.done_steps, shown.open_steps, shown.dropped_steps) == ([first], [third], [second])


def test_steps_of_another_goal_do_not_change(signed_in, user):
    goal, other = make_goal(user), make_goal(user)
    reached(goal, steps_done=frozenset([only_step(other).pk]))
    assert only_step(other).state == ActionStep.State.TO_DO


def test_unknown_answer_about_a_step_leaves_the_goal_open(signed_in, user):
    goal = make_goal(user)
    answer = signed_in.post(reverse("goals:reached", args=[goal.pk]), {f"step-{only_step(goal).pk}": "later"})
    assert list(answer.context["form"].errors) == [f"step-{only_step(goal).pk}"]
    assert Goal.objects.get().is_active


def test_the_line_leads_from_the_start_to_the_newest_entry(user):
    goal = make_goal(user)
    for value, days in ((3, 50), (12, 100)):
        make_entry(goal, value, measured_on=TODAY + timedelta(days=days))
    way = load_how_it_went(reached(goal, now=NOW + timedelta(days=100)), user, TODAY).way
    (begin, _), (_, end) = way[0], way[-1]
    assert ((begin.x, begin.y), (end.x, end.y)) == ((0.0, FLOOR), (100.0, CEILING))
    assert all(one.x <= following.x for one, following in way)


def test_goal_reached_on_its_first_day_is_drawn_from_one_end_to_the_other(user):
    goal = make_goal(user)
    [(begin, end)] = load_how_it_went(reached(goal, final_value=Decimal(12)), user, TODAY).way
    assert (begin.x, end.x) == (0.0, 100.0)


def test_goal_without_a_number_shows_its_done_steps_in_time(user):
    goal = make_goal(user, measure=YES_NO)
    closed = reached(goal, now=NOW + timedelta(days=100), steps_done=frozenset([only_step(goal).pk]))
    page = load_how_it_went(closed, user, TODAY)
    assert (page.way, page.done_at) == ([], [100.0])


def test_lessons_come_from_the_ratings_of_steps(signed_in, user):
    goal = make_goal(user)
    rate_step(only_step(goal), learned="Nobody minds if I ask twice.")
    reached(goal)
    assert "Nobody minds if I ask twice." in signed_in.get(page_of(goal)).content.decode()


def test_next_goal_is_the_open_goal_of_the_plan_that_is_due_first(signed_in, user):
    goal = make_goal(user)
    make_goal(user, due_on=date(2027, 12, 1))
    soon = make_goal(user, due_on=date(2027, 3, 1))
    assert load_how_it_went(reached(goal), user, TODAY).next_goal == soon


def test_a_goal_that_builds_on_it_starts_where_it_ended(signed_in, user):
    goal = make_goal(user)
    reached(goal, final_value=Decimal(12))
    address = f"{reverse('goals:new')}?after={goal.pk}"
    form = signed_in.get(address).context["form"]
    assert (form["start_value"].value(), form["target_value"].value()) == ("12", None)
    assert goal.unit in form["target_value"].help_text
    entered = {name: field.value() for name in form.fields if (field := form[name]).value() not in (None, "")}
    saved = signed_in.post(address, {**entered, "title": "Lead 20", "due_on": "2099-12-31", "target_value": "20"})
    assert saved.status_code == 302, saved.context["form"].errors
    assert Goal.objects.filter(unit=goal.unit, target_value=20).count() == 1
    assert form["step_title"].value() == only_step(goal).title


def test_number_of_queries_does_not_depend_on_the_steps(user, django_assert_num_queries):
    goal = make_goal(user)
    add_steps(goal, *(f"Step {n}" for n in range(12)))
    reached(goal, final_value=Decimal(12))
    goal = Goal.objects.select_related("plan").get()
    with django_assert_num_queries(4):
        load_how_it_went(goal, user, TODAY)
