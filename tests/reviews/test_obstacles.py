"""A review asks whether the obstacle came and the plan was used; the page of what was worth it counts both."""

import pytest
from django.urls import reverse
from django.utils import timezone

from careerplan.goals.models import ActionStep, Goal
from careerplan.reviews.models import ReviewGoal
from careerplan.reviews.obstacles import ObstacleCounts, count_obstacles
from careerplan.reviews.services import finish_review, start_review
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db

OBSTACLE, PLAN = "The <room> goes quiet", "I will look at one face."


@pytest.fixture
def review(user):
    make_goal(user)
    return start_review(user=user, now=timezone.now(), today=timezone.localdate())


def page(client):
    return client.get(reverse("reviews:goal", args=[1]))


def test_review_asks_about_the_plan_of_the_goal_or_of_its_next_step(signed_in, review):
    assert "obstacle_came" not in page(signed_in).context["form"].fields
    ActionStep.objects.update(obstacle=OBSTACLE, obstacle_plan=PLAN)
    assert "The &lt;room&gt; goes quiet" in page(signed_in).content.decode()
    Goal.objects.update(obstacle="Goal's own", obstacle_plan="")
    form = page(signed_in).context["form"]
    assert [field.name for field in form.obstacle_fields] == ["obstacle_came"]


def test_answers_are_saved_and_counted_once_the_review_is_finished(signed_in, user, review):
    Goal.objects.update(obstacle=OBSTACLE, obstacle_plan=PLAN)
    answers = {"answer": "on_track", "decision": "keep", "obstacle_came": "yes", "plan_used": "no"}
    signed_in.post(
        reverse("reviews:goal", args=[1]), {**answers, "shown": page(signed_in).context["form"]["shown"].value()}
    )
    row = ReviewGoal.objects.get()
    assert (row.obstacle_came, row.plan_used) == ("yes", "no")
    assert count_obstacles(user) == ObstacleCounts(0, 0, 0)
    ledger = reverse("goals:evaluations")
    assert 'id="obstacles"' not in signed_in.get(ledger).content.decode()
    finish_review(review=review, now=timezone.now(), today=timezone.localdate())
    assert count_obstacles(user) == ObstacleCounts(asked=1, came=1, used=0)
    assert 'id="obstacles"' in signed_in.get(ledger).content.decode()


def test_answers_of_others_are_not_counted(other_user, user, review):
    ReviewGoal.objects.update(obstacle_came="yes", plan_used="yes")
    finish_review(review=review, now=timezone.now(), today=timezone.localdate())
    assert count_obstacles(other_user) == ObstacleCounts(0, 0, 0)
    assert count_obstacles(user).used == 1
