"""Whatever writes below a plan locks the plan first: two real connections, one waits for the other. Without
that lock it is a deadlock, an error page or a silent overwrite.
"""

from datetime import date
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import ActionStep
from careerplan.goals.services.goals import delete_goal
from careerplan.goals.services.locks import lock_plan_and_goals
from careerplan.opportunities.services import add_opportunity, decline_opportunity, set_needed_skills
from careerplan.planning.services.new_plan import start_new_plan
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived, ensure_active_plan, lock_plan, set_target, update_plan
from careerplan.reminders.email_actions.services import complete
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import ReviewSchedule
from careerplan.reviews.services import start_review
from careerplan.skills.services.finish import finish_assessment
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal, only_step
from tests.factories.opportunities import make_opportunity
from tests.factories.skills import make_answered_draft, make_occupation
from tests.goals.test_views import VALID
from tests.reminders.email_actions.asking import NOW, action_request
from tests.two_connections import first_and_then

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def user(db):
    return UserFactory(time_zone="Europe/London")


def archive(user, *carried):
    plan = Plan.objects.get(user=user, state="active")
    return start_new_plan(plan=plan, title="Next", closing_notes="", carried=carried, now=timezone.now())


def test_link_of_an_email_waits_for_a_pause_without_a_deadlock(user):
    goal = make_goal(user)
    step = only_step(goal)
    with time_machine.travel(NOW, tick=True):
        request = action_request(step)
    first_and_then(lambda: lock_plan(goal.plan), lambda: complete(request), lambda: lock_plan_and_goals(goal.plan))
    assert ActionStep.objects.get(pk=step.pk).state == "done"


def test_opportunity_added_during_archiving_belongs_to_the_new_plan(user):
    old = make_goal(user).plan
    added = first_and_then(
        lambda: archive(user),
        lambda: add_opportunity(user=user, form_key=uuid4(), changes={"title": "Sister"}, now=timezone.now()),
    )
    assert added.plan_id == Plan.objects.get(user=user, state="active").pk != old.pk


@pytest.mark.parametrize(
    "write",
    [
        lambda one: decline_opportunity(opportunity=one, reason="Too far.", now=timezone.now()),
        lambda one: set_needed_skills(opportunity=one, levels={}, now=timezone.now()),
    ],
    ids=["decline", "skills"],
)
def test_opportunity_of_a_plan_that_is_being_archived_is_refused(user, write):
    opportunity = make_opportunity(user)
    with pytest.raises(PlanIsArchived):
        first_and_then(lambda: archive(user), lambda: write(opportunity))


def test_finishing_an_assessment_keeps_a_vision_that_was_saved_at_that_moment(user):
    plan = ensure_active_plan(user=user, today=date(2027, 1, 4))
    update_plan(plan=plan, changes={"vision": "I run a ward where nurses want to stay."})
    draft = make_answered_draft(user, now=timezone.now())  # with the same words
    first_and_then(
        lambda: update_plan(plan=Plan.objects.get(), changes={"vision": "A ward of my own."}),
        lambda: finish_assessment(assessment=draft, now=timezone.now(), today=plan.started_on),
    )
    assert Plan.objects.get().vision == "A ward of my own."


def test_target_chosen_during_archiving_is_that_of_the_new_plan(user):
    ward, old = make_occupation(), make_goal(user).plan
    plan = first_and_then(lambda: archive(user), lambda: set_target(user=user, occupation=ward, today=date(2027, 1, 4)))
    assert (plan.target_occupation, plan.pk == old.pk) == (ward, False)


def test_review_started_during_archiving_is_that_of_the_new_plan(user):
    goal = make_goal(user, due_on=date(2099, 6, 30))
    review = first_and_then(
        lambda: archive(user, goal.pk), lambda: start_review(user=user, now=timezone.now(), today=timezone.localdate())
    )
    assert review.plan == Plan.objects.get(user=user, state="active") != goal.plan


def test_dates_of_reviews_of_a_plan_that_is_being_archived_are_not_set(user):
    plan = make_goal(user).plan
    client = Client()
    client.force_login(user)
    typed = {"cadence": Cadence.YEARLY, "next_on": str(ReviewSchedule.objects.get(plan=plan).next_on)}
    answer = first_and_then(lambda: archive(user), lambda: client.post(reverse("reviews:schedule"), typed))
    assert answer.url == reverse("reviews:list")
    assert ReviewSchedule.objects.get(plan=plan).cadence != Cadence.YEARLY


ROUTES = {
    "goals:edit": {**VALID, "due_on": "2099-06-30"},
    "goals:delete": {},
    "goals:step-complete": {},
    "goals:steps": {"do": "done"},
    "goals:record": {"value": "3", "form_key": str(uuid4())},
    "reminders:goal": {"leads": ["7"]},
}


def test_what_is_sent_for_a_goal_that_is_being_deleted_is_not_found(user):
    client = Client()
    client.force_login(user)
    for route, typed in ROUTES.items():
        goal = make_goal(user, due_on=date(2099, 6, 30))
        step = only_step(goal)
        about = [] if route == "goals:steps" else [step.pk if route == "goals:step-complete" else goal.pk]
        sent = {**typed, **({} if about else {"step": str(step.pk)})}
        answer = first_and_then(
            lambda goal=goal: delete_goal(goal=goal),
            lambda route=route, about=about, sent=sent: client.post(reverse(route, args=about), sent),
        )
        assert answer.status_code == (302 if route in ("goals:delete", "goals:steps") else 404), route
