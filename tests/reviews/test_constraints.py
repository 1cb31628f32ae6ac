"""Each named constraint of reviews rejects the write that breaks it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from careerplan.goals.services.goals import delete_goal
from careerplan.reviews.models import Review, ReviewGoal, ReviewSchedule
from tests.factories.goals import NOW, make_goal
from tests.factories.reviews import make_finished_review, start

pytestmark = pytest.mark.django_db


def refuses(constraint, queryset, **changes):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        queryset.update(**changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("reviews_schedule_cadence_known", {"cadence": "daily"}),
        ("reviews_schedule_next_on", {"cadence": "none"}),
        ("reviews_schedule_next_on", {"next_on": None}),
        ("reviews_schedule_next_from_anchor", {"next_on": date(2027, 1, 3)}),
    ],
)
def test_schedule_constraints(goal, constraint, changes):
    refuses(constraint, ReviewSchedule.objects.filter(plan=goal.plan), **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("reviews_review_finished_after_start", {"finished_at": NOW - timedelta(days=1)}),
        ("reviews_review_finished_after_start", {"finished_at": NOW, "started_at": None}),
        ("reviews_review_finished_with_totals", {"finished_at": NOW}),
        ("reviews_review_worth_1_to_5", {"worth": Decimal("5.1")}),
    ],
)
def test_review_constraints(user, goal, constraint, changes):
    refuses(constraint, Review.objects.filter(pk=start(user).pk), **changes)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("reviews_reviewgoal_answer_known", {"answer": "fine"}),
        ("reviews_reviewgoal_decision_known", {"decision": "wait"}),
        ("reviews_reviewgoal_progress", {"share_done": 101}),
        ("reviews_reviewgoal_progress", {"pace": "fast"}),
        ("reviews_reviewgoal_progress", {"state": "reached"}),
        ("reviews_reviewgoal_progress", {"closed_on": NOW.date()}),
    ],
)
def test_reviewed_goal_constraints(user, goal, constraint, changes):
    refuses(constraint, start(user).goals.all(), **changes)


def test_one_open_review_per_plan_and_one_per_date(user, goal):
    review = start(user)
    for constraint, due_on in (("reviews_review_one_open", date(2027, 9, 9)), ("reviews_review_once", review.due_on)):
        done = {"started_at": NOW} if constraint == "reviews_review_one_open" else finished_figures()
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Review.objects.create(plan=goal.plan, due_on=due_on, made_at=NOW, **done)


def finished_figures():
    counts = ("goals_open", "goals_on_track", "goals_reached", "goals_reached_so_far", "steps_done")
    return {"started_at": NOW, "finished_at": NOW, **dict.fromkeys(counts, 0)}


@pytest.mark.parametrize("changes", [{"went_well": "Better"}, {"finished_at": None}, {"due_on": date(2027, 9, 9)}])
def test_finished_review_is_readonly(user, goal, changes):
    review = make_finished_review(user)
    refuses("reviews_review_readonly", Review.objects.filter(pk=review.pk), **changes)


@pytest.mark.parametrize("changes", [{"answer": "behind"}, {"words": "12 of 12"}, {"note": "x", "goal": None}])
def test_goal_of_a_finished_review_is_readonly(user, goal, changes):
    refuses("reviews_reviewgoal_readonly", make_finished_review(user).goals.all(), **changes)


def test_goal_of_a_finished_review_cannot_be_replaced(user, goal):
    review = make_finished_review(user)
    refuses("reviews_reviewgoal_readonly", review.goals.all(), goal=make_goal(user))


def test_no_goal_is_added_to_a_finished_review(user, goal):
    row = make_finished_review(user).goals.get()
    row.pk, row.position, row.goal = None, 2, None
    with pytest.raises(IntegrityError, match="reviews_reviewgoal_readonly"), transaction.atomic():
        row.save()


def test_goal_of_a_finished_review_cannot_be_removed(user, goal):
    review = make_finished_review(user)

    def remove() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            review.goals.all().delete()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="reviews_reviewgoal_readonly"):
        remove()
    assert review.goals.count() == 1


@pytest.mark.django_db(transaction=True)
def test_goal_and_account_with_reviews_can_be_deleted(user):
    goal = make_goal(user)
    make_finished_review(user)
    delete_goal(goal=goal)
    assert ReviewGoal.objects.get().goal is None
    user.delete()
    assert (Review.objects.count(), ReviewGoal.objects.count(), ReviewSchedule.objects.count()) == (0, 0, 0)
