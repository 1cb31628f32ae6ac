"""Queries of reviews: the next one, and the days of all."""

import re
from datetime import date, timedelta

import pytest

from careerplan.plans.services import ensure_active_plan
from careerplan.reviews import services
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import Review
from careerplan.reviews.queries.schedule import NextReview, load_plan_reviews, next_review
from careerplan.reviews.texts import open_goals_text
from tests.factories.goals import NOW, make_goal
from tests.factories.reviews import make_finished_review, start

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def plan(user):
    """Due on 4 April, July, October and January."""
    return make_goal(user).plan


def test_next_review_before_and_when_it_is_due(user, plan, django_assert_num_queries):
    with django_assert_num_queries(2):
        coming = next_review(user, date(2027, 4, 3))
    assert coming == NextReview(date(2027, 4, 4), False, False, 1, 5, "/reviews/", date(2027, 7, 4))
    assert next_review(user, date(2027, 4, 4)) == NextReview(
        date(2027, 4, 4), True, False, 1, 5, "/reviews/", date(2027, 7, 4)
    )
    services.make_due_reviews(now=NOW + 91 * DAY)
    assert next_review(user, date(2027, 4, 5)) == NextReview(
        date(2027, 4, 4), True, False, 1, 5, "/reviews/", date(2027, 7, 4)
    )


def test_started_review_can_be_continued(user, plan):
    start(user)
    found = next_review(user, NOW.date())
    assert (found.is_due, found.is_started, found.url) == (True, True, "/reviews/current/")


def test_open_review_is_due_on_the_last_date(user, plan):
    services.make_due_reviews(now=NOW + 91 * DAY)
    assert next_review(user, date(2027, 12, 1)).due_on == date(2027, 10, 4)


def test_no_next_review_without_plan_goal_or_schedule(user, other_user):
    assert next_review(user, NOW.date()) is None
    ensure_active_plan(user=user, today=date(2026, 1, 1))
    assert next_review(user, NOW.date()) is None
    plan = make_goal(other_user).plan
    services.set_schedule(plan=plan, cadence=Cadence.NONE, next_on=None)
    assert next_review(other_user, NOW.date()) is None
    assert load_plan_reviews(other_user).between(NOW.date(), date(2030, 1, 1)) == []


def test_days_of_past_and_planned_reviews(user, plan, other_user, django_assert_num_queries):
    assert load_plan_reviews(other_user).between(date(2027, 1, 1), date(2028, 1, 1)) == []
    make_finished_review(user, NOW + 88 * DAY)  # early, for 4 April
    with django_assert_num_queries(1):
        found = load_plan_reviews(user).between(date(2027, 1, 1), date(2027, 10, 4))
    assert found == [date(2027, 4, 2), date(2027, 7, 4), date(2027, 10, 4)]
    assert load_plan_reviews(user).between(date(2027, 4, 3), date(2027, 7, 3)) == []


def test_reviews_of_other_people_are_not_found(user, other_user, plan):
    make_goal(other_user)
    start(other_user)
    assert not next_review(user, NOW.date()).is_started
    assert Review.objects.for_user(user).count() == 0


@pytest.mark.parametrize(
    ("still_open", "on_track", "numbers"),
    [
        (0, 0, []),
        (1, 1, ["1"]),
        (1, 0, ["1"]),
        (3, 3, ["3"]),
        (3, 0, ["3"]),
        (5, 3, ["3", "5"]),
        (2, 1, ["1", "2"]),
    ],
)
def test_open_goals_text_names_the_numbers(still_open, on_track, numbers):
    assert re.findall(r"\d+", open_goals_text(still_open, on_track)) == numbers
