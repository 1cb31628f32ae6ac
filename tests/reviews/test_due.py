"""Making due reviews by one SQL statement, compared with the rule in Python."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from careerplan.goals.models import Goal
from careerplan.goals.services.goals import close_goal
from careerplan.plans.models import Plan
from careerplan.reminders.delivery import run_scheduler
from careerplan.reviews import services
from careerplan.reviews.cadence import SPANS, Cadence, CadenceRule
from careerplan.reviews.models import Review, ReviewSchedule
from careerplan.reviews.queries.schedule import next_review
from tests.factories.accounts import UserFactory
from tests.factories.goals import NOW, NOW_ON, make_goal
from tests.factories.reviews import finish, make_finished_review, start

DAY = timedelta(days=1)


def at(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def due_days(user) -> list[date]:
    return list(Review.objects.for_user(user).order_by("due_on").values_list("due_on", flat=True))


@pytest.fixture
def plan(user):
    """Due on 4 April, July, October and January."""
    return make_goal(user).plan


@pytest.mark.django_db
def test_review_is_made_once_on_its_day(user, plan):
    assert services.make_due_reviews(now=at(date(2027, 4, 3))) == 0
    assert services.make_due_reviews(now=at(date(2027, 4, 4))) == 1
    assert services.make_due_reviews(now=at(date(2027, 4, 5))) == 0
    assert due_days(user) == [date(2027, 4, 4)]
    assert ReviewSchedule.objects.get(plan=plan).next_on == date(2027, 7, 4)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "moment", "made"),
    [
        ("Pacific/Kiritimati", datetime(2027, 4, 3, 10, 0, tzinfo=UTC), 1),  # 14 hours ahead: midnight of the 4th
        ("Pacific/Kiritimati", datetime(2027, 4, 3, 9, 59, tzinfo=UTC), 0),
        ("Pacific/Pago_Pago", datetime(2027, 4, 4, 10, 59, tzinfo=UTC), 0),  # 11 hours behind
        ("Pacific/Pago_Pago", datetime(2027, 4, 4, 11, 0, tzinfo=UTC), 1),
        ("Mars/Olympus_Mons", datetime(2027, 4, 3, 23, 59, tzinfo=UTC), 0),  # unknown to the zone data: UTC
        ("Mars/Olympus_Mons", datetime(2027, 4, 4, 0, 0, tzinfo=UTC), 1),
    ],
)
def test_day_is_in_the_time_zone_of_the_person(plan, user, zone, moment, made):
    type(user).objects.filter(pk=user.pk).update(time_zone=zone)
    assert services.make_due_reviews(now=moment) == made


@pytest.mark.django_db
def test_three_missed_dates_make_one_review(user, plan):
    assert services.make_due_reviews(now=at(date(2027, 12, 1))) == 1
    assert due_days(user) == [date(2027, 10, 4)]


@pytest.mark.django_db
@pytest.mark.parametrize("started", [False, True])
def test_open_review_moves_to_the_next_date(user, plan, *, started):
    services.make_due_reviews(now=at(date(2027, 4, 4)))
    if started:
        start(user, at(date(2027, 4, 5)))
    services.make_due_reviews(now=at(date(2027, 7, 4)))
    assert due_days(user) == [date(2027, 7, 4)]


@pytest.mark.django_db
def test_early_review_is_not_due_again(user, plan):
    make_finished_review(user, at(date(2027, 3, 30)))
    assert services.make_due_reviews(now=at(date(2027, 4, 4))) == 0
    assert services.make_due_reviews(now=at(date(2027, 7, 4))) == 1


@pytest.mark.django_db
def test_review_in_between_does_not_replace_the_next(user, plan):
    make_finished_review(user, at(date(2027, 2, 1)))
    assert services.make_due_reviews(now=at(date(2027, 4, 4))) == 1


@pytest.mark.django_db
def test_no_review_without_open_goal_in_archived_plan_or_without_cadence(user, plan):
    alone = make_goal(UserFactory()).plan
    services.set_schedule(plan=alone, cadence=Cadence.NONE, next_on=None)
    archived = make_goal(UserFactory()).plan
    Plan.objects.filter(pk=archived.pk).update(state="archived", archived_at=NOW)
    close_goal(goal=Goal.objects.get(plan=plan), outcome=Goal.State.LET_GO, today=NOW_ON, now=NOW)
    assert services.make_due_reviews(now=at(date(2027, 4, 4))) == 0
    # Their dates have passed all the same: no round looks at them again.
    assert not ReviewSchedule.objects.filter(next_on__lte=date(2027, 4, 4)).exists()


@pytest.mark.django_db
def test_several_batches_in_one_call(monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    for _ in range(5):
        make_goal(UserFactory())
    assert services.make_due_reviews(now=at(date(2027, 4, 4))) == 5


@pytest.mark.django_db(transaction=True)
def test_scheduled_reminder_task_makes_reviews(plan, mail_box):
    day = at(date(2027, 4, 4))
    run_scheduler(as_of=day, clock=lambda: day)
    assert Review.objects.get().due_on == day.date()


@pytest.mark.django_db(transaction=True)
def test_parallel_calls_make_one_review_per_plan(transactional_db):
    users = [UserFactory() for _ in range(3)]
    for user in users:
        make_goal(user)
    barrier, made = Barrier(6), []

    def go() -> None:
        barrier.wait()
        try:
            made.append(services.make_due_reviews(now=at(date(2027, 4, 4))))
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), sum(made), [len(due_days(user)) for user in users]) == (6, 3, [1, 1, 1])


@pytest.mark.django_db
def test_due_plans_are_found_through_the_index(plan):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM reviews_reviewschedule WHERE next_on <= '2027-04-04' ORDER BY next_on, id LIMIT 99"
        )
        assert "reviews_schedule_next" in "\n".join(row[0] for row in cursor.fetchall())


class TheStatementAgreesWithTheRule(TestCase):
    """make_due.sql computes the same dates as cadence.py, for any anchor and any delay."""

    @given(
        st.sampled_from(sorted(SPANS)),
        st.dates(date(2020, 1, 1), date(2030, 12, 31)),
        st.integers(0, 30),
        st.integers(0, 1500),
    )
    def test_last_date_and_the_one_after_it(self, cadence, anchor_on, number, late):
        user = UserFactory()
        plan = make_goal(user).plan
        schedule = CadenceRule(Cadence(cadence), anchor_on)
        next_on = schedule.date_of(number)
        ReviewSchedule.objects.filter(plan=plan).update(cadence=cadence, anchor_on=anchor_on, next_on=next_on)
        day = next_on + timedelta(days=late)
        expected = next_review(user, day)
        services.make_due_reviews(now=at(day))
        after = ReviewSchedule.objects.get(plan=plan).next_on
        assert (due_days(user), after) == ([schedule.last_on_or_before(day)], schedule.first_after(day))
        # What is said before the round ran is what the round makes.
        assert (expected.due_on, expected.is_due) == (due_days(user)[0], True)
        finish(start(user, at(day)), at(day))
        assert services.make_due_reviews(now=at(after - DAY)) == 0
        assert services.make_due_reviews(now=at(after)) == 1
