"""What the services promise: together or not at all, once however often, never on a closed goal."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.locks import GoalIsClosed
from careerplan.goals.services.steps import add_step, complete_step, reopen_step
from careerplan.plans.models import Plan
from tests.factories.goals import NOW, NOW_ON, make_goal, only_step

pytestmark = pytest.mark.django_db


def test_goal_is_saved_with_its_first_step_in_the_active_plan(user):
    goal = make_goal(user)
    assert goal.plan == Plan.objects.get(user=user, state="active")
    assert only_step(goal).title == "Ask for two late shifts"
    assert only_step(goal).due_set_at == goal.due_set_at == NOW


def values_of(row):
    """What a row holds, but for what says which row it is."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if field.name not in {"id", "form_key", "goal"}
    }


@pytest.mark.parametrize(
    "first_step", [{}, {"first_step": {"title": "Ask", "due_on": NOW_ON, "repeats": "weekly:1:1"}}]
)
def test_the_factory_writes_what_the_service_writes(user, first_step):
    """A goal with nothing but its fields is written without the service (tests/factories/goals.py)."""
    written, made = make_goal(user, **first_step), make_goal(user, skills=[], **first_step)
    for model, rows in ((Goal, (written, made)), (ActionStep, (only_step(written), only_step(made)))):
        one, other = (values_of(model.objects.get(pk=row.pk)) for row in rows)
        assert one == other


def test_form_sent_twice_makes_one_goal(user):
    key = uuid4()
    first, second = (make_goal(user, form_key=key) for _ in range(2))
    assert first == second
    assert (Goal.objects.count(), ActionStep.objects.count()) == (1, 1)


def test_form_sent_again_with_other_answers_makes_another_goal(user):
    key = uuid4()
    first, second = (make_goal(user, form_key=key, **other) for other in ({}, {"title": "Something else"}))
    assert (first.title, second.title) == ("Lead 12 shifts as nurse in charge", "Something else")
    assert [goal.steps.count() for goal in (first, second)] == [1, 1]


@pytest.mark.parametrize(("title", "count"), [("Book the room", 2), ("Book another room", 3)])
def test_step_form_sent_twice_makes_one_step_unless_changed(user, title, count):
    goal, key = make_goal(user), uuid4()
    for words in ("Book the room", title):
        add_step(goal=goal, changes={"title": words, "due_on": goal.due_on}, form_key=key, now=NOW)
    assert goal.steps.count() == count


def test_form_key_is_unique_per_plan(user, other_user):
    key = uuid4()
    assert make_goal(user, form_key=key) != make_goal(other_user, form_key=key)


def test_goal_with_an_invalid_step_is_not_saved(user):
    with pytest.raises(Exception, match="goals_actionstep_title_given"):
        make_goal(user, first_step={"title": " ", "due_on": date(2027, 2, 1)})


def test_completing_twice_keeps_the_first_date(user):
    step = only_step(make_goal(user))
    complete_step(step=step, now=NOW)
    again = complete_step(step=step, now=NOW + timedelta(days=1))
    assert (again.state, again.done_at) == (ActionStep.State.DONE, NOW)


def test_reopened_step_is_open(user):
    step = complete_step(step=only_step(make_goal(user)), now=NOW)
    reopened = reopen_step(step=step)
    assert (reopened.state, reopened.done_at) == (ActionStep.State.TO_DO, None)


def test_reopening_an_open_step_changes_nothing(user):
    step = only_step(make_goal(user))
    ActionStep.objects.filter(pk=step.pk).update(state=ActionStep.State.IN_PROGRESS)
    assert reopen_step(step=step).state == ActionStep.State.IN_PROGRESS


@pytest.mark.parametrize("change", ["complete", "reopen", "add"])
def test_closed_goal_is_read_only(user, change):
    goal = make_goal(user)
    Goal.objects.filter(pk=goal.pk).update(state=Goal.State.LET_GO, closed_at=NOW)
    goal.refresh_from_db()
    step = only_step(goal)
    with pytest.raises(GoalIsClosed):
        {
            "complete": lambda: complete_step(step=step, now=NOW),
            "reopen": lambda: reopen_step(step=step),
            "add": lambda: add_step(
                goal=goal, changes={"title": "More", "due_on": goal.due_on}, form_key=uuid4(), now=NOW
            ),
        }[change]()
    assert ActionStep.objects.get().state == ActionStep.State.TO_DO
