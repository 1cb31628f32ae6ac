"""Archiving a plan or deleting a goal against what changes it: two real connections, one waits for the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.goals import close_goal, delete_goal
from careerplan.goals.services.steps import complete_step
from careerplan.opportunities.models import Criterion
from careerplan.opportunities.services import WeighingAnswers, set_criteria, weigh_opportunity
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.plans.models import Pause, Plan
from tests.conflicts import shown_on
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal, only_step
from tests.factories.opportunities import make_opportunity
from tests.goals.test_views import VALID
from tests.two_connections import elsewhere, first_and_then, somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
CLOSED = "Not saved: this plan was archived in another tab."
KEY = str(uuid4())


@pytest.fixture
def user(db):
    return UserFactory(time_zone="Europe/London")


def archive(user, carried=()):
    plan = Plan.objects.get(user=user, state="active")
    return start_new_plan(plan=plan, title="Next", closing_notes="", carried=carried, now=timezone.now())


ACTIONS = {
    "close": ("goals:let-go", {"closing_note": "Enough."}),
    "reopen": ("goals:reopen", {}),
    "record": ("goals:record", {"value": "3", "form_key": KEY}),
    "edit": ("goals:edit", {**VALID, "title": "Other words", "due_on": "2099-06-30"}),
    "move": ("goals:move", {"due_on": "2099-07-30", "shown_due": "2099-07-30", "reason": "life"}),
    "delete": ("goals:delete", {}),
    "add": (
        "goals:step-new",
        {"step_title": "Ask", "step_due_on": "2027-03-01", "form_key": KEY, "confirm_past": "on"},
    ),
    "complete": ("goals:step-complete", {}),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_write_during_archiving_is_refused_completely(user, action):
    goal = make_goal(user, due_on=date(2099, 6, 30), step_due_on=date(2099, 5, 1))
    if action == "reopen":
        close_goal(goal=goal, outcome=Goal.State.LET_GO, today=date(2027, 1, 4), now=timezone.now())
    route, typed = ACTIONS[action]
    about = only_step(goal) if action == "complete" else goal
    goal.refresh_from_db()
    client = Client()
    client.force_login(user)
    sent = {**shown_on(client, route, about.pk), **typed}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            archive(user)
            told = pool.submit(elsewhere, lambda: client.post(reverse(route, args=[about.pk]), sent, follow=True))
            assert somebody_waits()
        page = told.result(timeout=20)
    assert page.redirect_chain[-1][0] == reverse("plans:plan")
    assert CLOSED in page.content.decode()
    after = Goal.objects.get(pk=goal.pk)
    assert (after.state, after.title, after.version) == (goal.state, goal.title, goal.version)
    assert ActionStep.objects.get().state == ActionStep.State.TO_DO


def test_goal_created_during_archiving_belongs_to_the_new_plan(user):
    old = make_goal(user).plan
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            new = archive(user)
            made = pool.submit(elsewhere, lambda: make_goal(user, form_key=uuid4()))
            assert somebody_waits()
        goal = made.result(timeout=20)
    assert (goal.plan_id, old.goals.count()) == (new.pk, 1)


def test_archiving_waits_for_running_writes(user):
    goal = make_goal(user)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            close_goal(goal=goal, outcome=Goal.State.LET_GO, today=date(2027, 1, 4), now=timezone.now())
            made = pool.submit(elsewhere, lambda: archive(user, carried={goal.pk}))
            assert somebody_waits()
        new = made.result(timeout=20)
    assert new.goals.count() == 0, "it was closed before the plan was"
    assert Goal.objects.get().state == Goal.State.LET_GO


def test_pause_during_archiving_is_refused(user):
    plan = make_goal(user).plan
    days = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 7), "reason": "leave"}

    def raw():
        try:
            Pause.objects.create(plan=plan, made_at=timezone.now(), form_key=uuid4(), **days)
        except IntegrityError as refusal:
            return str(refusal)
        return "made"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Plan.objects.filter(pk=plan.pk).update(state="archived", archived_at=timezone.now())
            said = pool.submit(elsewhere, raw)
            assert somebody_waits()
        assert "plans_pause_readonly" in said.result(timeout=20)


def test_writes_to_two_goals_of_a_plan_do_not_block_each_other(user):
    one, two = make_goal(user), make_goal(user)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        complete_step(step=only_step(one), now=timezone.now())
        done = pool.submit(elsewhere, lambda: complete_step(step=only_step(two), now=timezone.now()))
        assert done.result(timeout=20).state == ActionStep.State.DONE


def test_what_is_weighed_up_may_be_deleted_at_this_moment(user, subtests):
    """An answer about a goal or a criterion that is gone is about nothing: the others are saved."""
    goal, plan = make_goal(user), user.plans.get()
    set_criteria(plan=plan, criteria=[Criterion(name="Pay", weight=3)], seen=[])
    criterion = Criterion.objects.get()
    said = WeighingAnswers(pros="Nearer to home", effects={goal.pk: "helps"}, criteria={criterion.pk: 4})
    for name, delete in {
        "goal": lambda: delete_goal(goal=goal),
        "criterion": lambda: set_criteria(plan=plan, criteria=[], seen=[criterion]),
    }.items():
        with subtests.test(name):
            made = make_opportunity(user, name)
            weigh = partial(weigh_opportunity, opportunity=made, answers=said, now=timezone.now())
            assert first_and_then(delete, weigh).pros == "Nearer to home"
            assert made.effects.count() + made.criterion_scores.count() == (1 if name == "goal" else 0)
