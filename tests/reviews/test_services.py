"""Services of reviews."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Goal, ProgressEntry
from careerplan.goals.services.goals import close_goal, delete_goal
from careerplan.goals.services.steps import complete_step
from careerplan.plans.models import Plan
from careerplan.plans.services import ensure_active_plan
from careerplan.reviews import services
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import Review, ReviewGoal, ReviewSchedule
from careerplan.reviews.services import GoalAnswers
from tests.factories.goals import NOW, NOW_ON, make_entry, make_goal, only_step
from tests.factories.reviews import finish, make_finished_review, start

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A signed contract"}


@pytest.fixture
def plan(goal):
    """A plan from 4 January 2027, so reviews are due on 4 April, July, October and January."""
    return goal.plan


def current_schedule(plan) -> ReviewSchedule:
    return ReviewSchedule.objects.get(plan=plan)


def answer(row, now: datetime = NOW, **answers) -> ReviewGoal:
    row = ReviewGoal.objects.get(pk=row.pk)
    return services.answer_goal(row=row, answers=GoalAnswers(**answers), now=now, today=now.date())


def test_every_plan_has_a_schedule(plan):
    schedule = current_schedule(plan)
    assert (schedule.cadence, schedule.anchor_on, schedule.next_on) == ("quarterly", date(2027, 1, 4), date(2027, 4, 4))


@pytest.mark.parametrize(
    ("cadence", "next_on"),
    [
        ("weekly", date(2027, 2, 7)),
        ("monthly", date(2027, 2, 28)),
        ("quarterly", date(2027, 4, 30)),
        ("half_yearly", date(2027, 7, 31)),
        ("yearly", date(2028, 1, 31)),
        ("none", None),
    ],
)
def test_new_plan_keeps_the_cadence(user, plan, cadence, next_on):
    services.set_schedule(plan=plan, cadence=Cadence(cadence), next_on=next_on)
    Plan.objects.filter(pk=plan.pk).update(state="archived", archived_at=NOW)
    second = current_schedule(ensure_active_plan(user=user, today=date(2027, 1, 31)))
    assert (second.cadence, second.anchor_on, second.next_on) == (cadence, date(2027, 1, 31), next_on)


def test_start_takes_open_goals_with_their_progress(user, goal):
    sooner = make_goal(user, title="Be appointed", measure=YES_NO, due_on=date(2027, 5, 31))
    make_entry(goal, 3)
    closed = make_goal(user, title="Closed")
    close_goal(goal=closed, outcome=Goal.State.LET_GO, today=NOW_ON, now=NOW)
    review = start(user)
    rows = list(review.goals.all())
    assert [(row.position, row.goal, row.state) for row in rows] == [(1, sooner, "active"), (2, goal, "active")]
    assert (rows[1].title, rows[1].words, rows[1].share_done) == (goal.title, "3 of 12 shifts", 25)
    assert (rows[1].pace, rows[1].value, rows[0].value) == ("ok", Decimal(3), None)
    assert rows[0].words == "0 of 1 step done"


def test_start_is_idempotent(user, goal):
    assert start(user) == start(user, NOW + DAY)
    assert (Review.objects.count(), ReviewGoal.objects.count()) == (1, 1)


def test_start_needs_an_open_goal(user):
    with pytest.raises(services.NothingToReview):
        start(user)
    ensure_active_plan(user=user, today=NOW_ON)
    with pytest.raises(services.NothingToReview):
        start(user)
    assert Review.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "due_on", "next_on"),
    [
        (date(2027, 2, 10), date(2027, 2, 10), date(2027, 4, 4)),  # in between
        (date(2027, 3, 1), date(2027, 4, 4), date(2027, 7, 4)),  # early: less than half of the time is left
        (date(2027, 4, 4), date(2027, 4, 4), date(2027, 7, 4)),
        (date(2027, 5, 1), date(2027, 4, 4), date(2027, 7, 4)),  # late
        (date(2027, 12, 1), date(2027, 10, 4), date(2028, 1, 4)),  # three dates late: one review
    ],
)
def test_review_takes_the_nearest_date(user, plan, day, due_on, next_on):
    review = start(user, datetime.combine(day, NOW.timetz()))
    assert (review.due_on, current_schedule(plan).next_on) == (due_on, next_on)


def test_one_review_per_day(user, goal):
    first = make_finished_review(user)
    with pytest.raises(services.AlreadyReviewed) as found:
        start(user, NOW + timedelta(hours=1))
    assert found.value.review == first


def test_review_on_the_day_of_an_early_review(user, plan):
    make_finished_review(user, NOW + 60 * DAY)  # 5 March, for 4 April
    second = make_finished_review(user, NOW + 90 * DAY)  # 4 April
    assert (second.due_on, current_schedule(plan).next_on) == (date(2027, 4, 5), date(2027, 7, 4))


def test_review_finished_late_takes_the_later_date(user, plan):
    review = start(user, NOW + 100 * DAY)  # 14 April
    finish(review, NOW + 190 * DAY)  # 13 July
    review.refresh_from_db()
    assert (review.due_on, current_schedule(plan).next_on) == (date(2027, 7, 4), date(2027, 10, 4))


def test_answers_do_not_change_the_goal(user, goal):
    row = start(user).goals.get()
    saved = answer(row, answer="behind", decision="let_go", note="Too much at once")
    assert (saved.answer, saved.decision, saved.note, saved.answered_at) == (
        "behind",
        "let_go",
        "Too much at once",
        NOW,
    )
    finish(Review.objects.get())
    goal.refresh_from_db()
    assert (goal.state, goal.version) == ("active", 1)


def test_new_number_becomes_a_progress_entry(user, goal):
    make_entry(goal, 3)
    row = start(user).goals.get()
    answer(row, value=Decimal(3))
    assert goal.progress_entries.count() == 1
    saved = answer(row, value=Decimal(5))
    assert (saved.progress_entry.value, saved.progress_entry.measured_on, saved.progress_entry.goal) == (
        Decimal(5),
        NOW_ON,
        goal,
    )
    answer(row, value=Decimal(5))
    assert goal.progress_entries.count() == 2


def test_corrected_number_replaces_only_its_own_entry(user, goal):
    make_entry(goal, 3)
    row = start(user).goals.get()
    answer(row, value=Decimal(50))
    answer(row, value=Decimal(5))
    assert list(goal.progress_entries.counted().order_by("pk").values_list("value", flat=True)) == [
        Decimal(3),
        Decimal(5),
    ]
    assert ProgressEntry.objects.get(value=50).removed_at == NOW


def test_answers_of_another_tab_are_not_overwritten(user, goal):
    row = start(user).goals.get()
    stale = {"row": row, "now": NOW, "today": NOW.date()}
    answer(row, answer="behind")
    with pytest.raises(StaleObjectError):
        services.answer_goal(**stale, answers=GoalAnswers(answer="on_track"))
    services.answer_goal(**stale, answers=GoalAnswers(answer="behind"))  # the same answer is no conflict
    assert answer(row, answer="on_track").answer == "on_track"


def test_overall_answers_are_saved_and_conflicts_raised(user, goal):
    review = start(user)
    answers = {"went_well": "The talk", "obstacles": "Winter", "next": "Abstract"}
    saved = services.answer_questions(review=review, answers=answers, now=NOW)
    assert (saved.went_well, saved.obstacles, saved.next, saved.saved_at) == (
        "The talk",
        "Winter",
        "Abstract",
        NOW,
    )
    with pytest.raises(StaleObjectError):
        services.answer_questions(review=review, answers={**answers, "next": ""}, now=NOW)


def test_finish_saves_the_progress_of_the_day(user, goal):
    make_entry(goal, 3)
    second = make_goal(user, title="Be appointed", measure=YES_NO)
    review = start(user)
    answer(review.goals.get(goal=second), answer="behind", decision="keep")
    make_entry(goal, 12, measured_on=NOW_ON)
    complete_step(step=only_step(second), now=NOW + timedelta(minutes=1))
    finish(review)
    make_entry(goal, 1, measured_on=NOW_ON)
    first, other = review.goals.order_by("position")
    assert (first.words, first.share_done, first.effective_pace) == ("12 of 12 shifts", 100, "reached")
    assert (other.words, other.effective_pace, other.steps_done) == ("1 of 1 step done", "behind", 1)
    review.refresh_from_db()
    assert (review.goals_open, review.goals_on_track, review.steps_done, review.worth) == (2, 1, 1, None)


def test_finish_includes_closed_and_new_goals(user, goal):
    make_finished_review(user, NOW - DAY)
    review = start(user)
    close_goal(goal=goal, outcome=Goal.State.REACHED, today=NOW_ON, now=NOW + timedelta(minutes=1))
    made = make_goal(user, title="Made meanwhile")
    finish(review, NOW + timedelta(minutes=2))
    found = [(row.goal, row.state, row.closed_on, row.pace) for row in review.goals.all()]
    assert found == [(goal, "reached", NOW_ON, ""), (made, "active", None, "ok")]
    review.refresh_from_db()
    assert (review.goals_open, review.goals_reached, review.goals_reached_so_far) == (1, 1, 1)
    third = make_finished_review(user, NOW + 60 * DAY)
    assert list(third.goals.values_list("title", flat=True)) == ["Made meanwhile"]
    assert (third.goals_reached, third.goals_reached_so_far) == (0, 1)


def test_finish_is_idempotent_and_final(user, goal):
    review = make_finished_review(user)
    again = finish(review, NOW + DAY)
    assert again.finished_at == review.finished_at
    for write in (
        lambda: answer(review.goals.get(), answer="behind"),
        lambda: services.answer_questions(review=review, answers=dict.fromkeys(Review.QUESTIONS, "x"), now=NOW),
    ):
        with pytest.raises(services.ReviewFinished):
            write()


def test_deleted_goal_stays_in_finished_reviews_only(user, goal):
    other = make_goal(user, title="Another one", due_on=date(2027, 7, 31))
    first = make_finished_review(user)
    second = start(user, NOW + DAY)
    delete_goal(goal=goal)
    finish(second, NOW + DAY)
    assert list(first.goals.values_list("goal", "title")) == [(None, goal.title), (other.pk, other.title)]
    assert list(second.goals.values_list("goal", "title")) == [(None, goal.title), (other.pk, other.title)]
    second.refresh_from_db()
    assert (first.goals_open, second.goals_open) == (2, 1)


def test_new_schedule_deletes_a_review_not_started(plan):
    services.make_due_reviews(now=NOW + 95 * DAY)
    assert Review.objects.get().due_on == date(2027, 4, 4)
    services.set_schedule(plan=plan, cadence=Cadence.MONTHLY, next_on=date(2027, 5, 10))
    schedule = current_schedule(plan)
    assert (schedule.anchor_on, schedule.next_on, Review.objects.count()) == (date(2027, 5, 10), date(2027, 5, 10), 0)


def test_unchanged_schedule_changes_nothing(plan):
    services.make_due_reviews(now=NOW + 95 * DAY)
    services.set_schedule(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 7, 4))
    assert (current_schedule(plan).anchor_on, Review.objects.count()) == (date(2027, 1, 4), 1)


def test_new_cadence_keeps_the_anchor(plan):
    services.set_schedule(plan=plan, cadence=Cadence.MONTHLY, next_on=date(2027, 1, 31))
    services.make_due_reviews(now=NOW + 30 * DAY)  # 3 February
    assert current_schedule(plan).next_on == date(2027, 2, 28)
    services.set_schedule(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 4, 30))
    assert current_schedule(plan).anchor_on == date(2027, 1, 31)


@pytest.mark.django_db(transaction=True)
def test_two_parallel_starts_make_one_review(user, goal):
    barrier, found = Barrier(4), []

    def go() -> None:
        barrier.wait()
        try:
            found.append(start(user).pk)
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), len(set(found)), ReviewGoal.objects.count()) == (4, 1, 1)
