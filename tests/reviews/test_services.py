"""Starting, answering and finishing a review; its schedule."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Goal, Progress
from careerplan.goals.services.closing import close_goal
from careerplan.goals.services.goals import delete_goal
from careerplan.goals.services.steps import complete_step
from careerplan.plans.models import Plan
from careerplan.plans.services import ensure_active_plan
from careerplan.reviews import services
from careerplan.reviews.cadence import Cadence
from careerplan.reviews.models import Review, ReviewGoal, ReviewSchedule
from careerplan.reviews.services import GoalAnswers
from tests.factories.goals import NOW, NOW_ON, make_goal, make_reading, only_step
from tests.factories.reviews import finish, make_finished_review, start

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YES_NO = {"measure_kind": Goal.MeasureKind.YES_NO, "done_when": "A signed contract"}


@pytest.fixture
def goal(user):
    return make_goal(user)


@pytest.fixture
def plan(goal):
    """Started on 4 January 2027: due on 4 April, July, October and January."""
    return goal.plan


def current_schedule(plan) -> ReviewSchedule:
    return ReviewSchedule.objects.get(plan=plan)


def answer(row, now: datetime = NOW, **answers) -> ReviewGoal:
    row = ReviewGoal.objects.get(pk=row.pk)
    return services.answer_goal(row=row, answers=GoalAnswers(**answers), now=now, today=now.date())


def test_every_plan_has_a_rhythm_from_its_start(plan):
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
def test_a_new_chapter_keeps_how_often_from_its_own_start(user, plan, cadence, next_on):
    services.set_schedule(plan=plan, cadence=Cadence(cadence), next_on=next_on)
    Plan.objects.filter(pk=plan.pk).update(state="archived", archived_at=NOW)
    second = current_schedule(ensure_active_plan(user=user, today=date(2027, 1, 31)))
    assert (second.cadence, second.anchor_on, second.next_on) == (cadence, date(2027, 1, 31), next_on)


def test_starting_takes_the_open_goals_first_due_first_with_their_facts(user, goal):
    sooner = make_goal(user, title="Be appointed", measure=YES_NO, due_on=date(2027, 5, 31))
    make_reading(goal, 3)
    closed = make_goal(user, title="Closed")
    close_goal(goal=closed, outcome=Goal.State.LET_GO, today=NOW_ON, now=NOW)
    review = start(user)
    rows = list(review.goals.all())
    assert [(row.position, row.goal, row.state) for row in rows] == [(1, sooner, "active"), (2, goal, "active")]
    assert (rows[1].title, rows[1].words, rows[1].share_done) == (goal.title, "3 of 12 shifts", 25)
    assert (rows[1].pace, rows[1].value, rows[0].value) == ("ok", Decimal(3), None)
    assert rows[0].words == "0 of 1 step done"


def test_starting_twice_is_once(user, goal):
    assert start(user) == start(user, NOW + DAY)
    assert (Review.objects.count(), ReviewGoal.objects.count()) == (1, 1)


def test_without_an_open_goal_there_is_nothing_to_review(user):
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
def test_a_review_is_for_the_date_it_is_nearest_to(user, plan, day, due_on, next_on):
    review = start(user, datetime.combine(day, NOW.timetz()))
    assert (review.due_on, current_schedule(plan).next_on) == (due_on, next_on)


def test_a_second_review_of_one_day_is_the_first(user, goal):
    first = make_finished_review(user)
    with pytest.raises(services.AlreadyReviewed) as found:
        start(user, NOW + timedelta(hours=1))
    assert found.value.review == first


def test_another_one_can_be_done_on_the_day_of_one_that_was_done_early(user, plan):
    make_finished_review(user, NOW + 60 * DAY)  # 5 March, for 4 April
    second = make_finished_review(user, NOW + 90 * DAY)  # 4 April
    assert (second.due_on, current_schedule(plan).next_on) == (date(2027, 4, 5), date(2027, 7, 4))


def test_a_review_finished_after_the_next_date_counts_for_that_one(user, plan):
    review = start(user, NOW + 100 * DAY)  # 14 April
    finish(review, NOW + 190 * DAY)  # 13 July
    review.refresh_from_db()
    assert (review.due_on, current_schedule(plan).next_on) == (date(2027, 7, 4), date(2027, 10, 4))


def test_answers_are_kept_and_nothing_is_done_to_the_goal(user, goal):
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


def test_a_figure_is_the_same_reading_as_on_the_goals_page_and_only_if_it_is_new(user, goal):
    make_reading(goal, 3)
    row = start(user).goals.get()
    answer(row, value=Decimal(3))
    assert goal.readings.count() == 1
    saved = answer(row, value=Decimal(5))
    assert (saved.reading.value, saved.reading.read_on, saved.reading.goal) == (Decimal(5), NOW_ON, goal)
    answer(row, value=Decimal(5))
    assert goal.readings.count() == 2


def test_a_figure_that_is_put_right_in_the_review_replaces_its_own_reading_and_no_other(user, goal):
    make_reading(goal, 3)
    row = start(user).goals.get()
    answer(row, value=Decimal(50))
    answer(row, value=Decimal(5))
    assert list(goal.readings.counted().order_by("pk").values_list("value", flat=True)) == [Decimal(3), Decimal(5)]
    assert Progress.objects.get(value=50).withdrawn_at == NOW


def test_what_another_tab_saved_is_not_overwritten_silently(user, goal):
    row = start(user).goals.get()
    stale = {"row": row, "now": NOW, "today": NOW.date()}
    answer(row, answer="behind")
    with pytest.raises(StaleObjectError):
        services.answer_goal(**stale, answers=GoalAnswers(answer="on_track"))
    services.answer_goal(**stale, answers=GoalAnswers(answer="behind"))  # the same answer is no conflict
    assert answer(row, answer="on_track").answer == "on_track"


def test_the_three_answers_are_kept_and_another_tab_is_noticed(user, goal):
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


def test_finishing_freezes_the_facts_of_that_day(user, goal):
    make_reading(goal, 3)
    second = make_goal(user, title="Be appointed", measure=YES_NO)
    review = start(user)
    answer(review.goals.get(goal=second), answer="behind", decision="keep")
    make_reading(goal, 12, read_on=NOW_ON)
    complete_step(step=only_step(second), now=NOW + timedelta(minutes=1))
    finish(review)
    make_reading(goal, 1, read_on=NOW_ON)
    first, other = review.goals.order_by("position")
    assert (first.words, first.share_done, first.effective_pace) == ("12 of 12 shifts", 100, "reached")
    assert (other.words, other.effective_pace, other.steps_done) == ("1 of 1 step done", "behind", 1)
    review.refresh_from_db()
    assert (review.goals_open, review.goals_on_track, review.steps_done, review.worth) == (2, 1, 1, None)


def test_goals_closed_since_are_in_the_summary_and_new_ones_too(user, goal):
    make_finished_review(user, NOW - DAY)
    review = start(user)
    close_goal(goal=goal, outcome=Goal.State.ACHIEVED, today=NOW_ON, now=NOW + timedelta(minutes=1))
    made = make_goal(user, title="Made meanwhile")
    finish(review, NOW + timedelta(minutes=2))
    found = [(row.goal, row.state, row.closed_on, row.pace) for row in review.goals.all()]
    assert found == [(goal, "achieved", NOW_ON, ""), (made, "active", None, "ok")]
    review.refresh_from_db()
    assert (review.goals_open, review.goals_reached, review.goals_reached_so_far) == (1, 1, 1)
    third = make_finished_review(user, NOW + 60 * DAY)
    assert list(third.goals.values_list("title", flat=True)) == ["Made meanwhile"]
    assert (third.goals_reached, third.goals_reached_so_far) == (0, 1)


def test_finishing_twice_is_once_and_then_nothing_changes(user, goal):
    review = make_finished_review(user)
    again = finish(review, NOW + DAY)
    assert again.finished_at == review.finished_at
    for write in (
        lambda: answer(review.goals.get(), answer="behind"),
        lambda: services.answer_questions(review=review, answers=dict.fromkeys(Review.QUESTIONS, "x"), now=NOW),
    ):
        with pytest.raises(services.ReviewFinished):
            write()


def test_a_goal_that_is_deleted_leaves_its_words_in_finished_reviews_only(user, goal):
    other = make_goal(user, title="Another one", due_on=date(2027, 7, 31))
    first = make_finished_review(user)
    second = start(user, NOW + DAY)
    delete_goal(goal=goal)
    finish(second, NOW + DAY)
    assert list(first.goals.values_list("goal", "title")) == [(None, goal.title), (other.pk, other.title)]
    assert list(second.goals.values_list("goal", "title")) == [(None, goal.title), (other.pk, other.title)]
    second.refresh_from_db()
    assert (first.goals_open, second.goals_open) == (2, 1)


def test_the_rhythm_is_changed_and_a_review_that_only_waits_is_taken_back(plan):
    services.make_due_reviews(now=NOW + 95 * DAY)
    assert Review.objects.get().due_on == date(2027, 4, 4)
    services.set_schedule(plan=plan, cadence=Cadence.MONTHLY, next_on=date(2027, 5, 10))
    schedule = current_schedule(plan)
    assert (schedule.anchor_on, schedule.next_on, Review.objects.count()) == (date(2027, 5, 10), date(2027, 5, 10), 0)


def test_saving_the_rhythm_as_it_is_changes_nothing(plan):
    services.make_due_reviews(now=NOW + 95 * DAY)
    services.set_schedule(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 7, 4))
    assert (current_schedule(plan).anchor_on, Review.objects.count()) == (date(2027, 1, 4), 1)


def test_a_new_cadence_from_the_same_day_keeps_the_anchor_and_its_month_end(plan):
    services.set_schedule(plan=plan, cadence=Cadence.MONTHLY, next_on=date(2027, 1, 31))
    services.make_due_reviews(now=NOW + 30 * DAY)  # 3 February
    assert current_schedule(plan).next_on == date(2027, 2, 28)
    services.set_schedule(plan=plan, cadence=Cadence.QUARTERLY, next_on=date(2027, 4, 30))
    assert current_schedule(plan).anchor_on == date(2027, 1, 31)


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_make_one_review(user, goal):
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
