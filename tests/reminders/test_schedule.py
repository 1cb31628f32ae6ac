"""Everybody is looked at once a day, as their mail hour comes, and whenever their clock changes: nobody is left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.reminders import services
from careerplan.reminders.models import Digest, ReminderSchedule, SchedulerRun
from careerplan.reminders.queries.delivery_windows import delivery_day, next_delivery_time
from careerplan.reminders.services import create_due_reminders, save_preferences
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db

AT = datetime(2027, 3, 5, 8, tzinfo=UTC)
LONGEST = services.LONGEST_DAY


def run_day(at):
    return create_due_reminders(as_of=at, now=at)


def next_check_at(user):
    return ReminderSchedule.objects.get(user=user).next_check_at


def test_each_new_person_has_a_turn_at_once():
    made = UserFactory()
    assert next_check_at(made) < datetime(1971, 1, 1, tzinfo=UTC)


def test_after_their_turn_it_comes_again_with_their_hour_of_the_next_day(user):
    run_day(AT)
    assert next_check_at(user) == AT + timedelta(days=1)
    run_day(AT + timedelta(hours=23))
    assert next_check_at(user) == AT + timedelta(days=1)
    run_day(AT + timedelta(days=3, hours=5))  # a scheduler that was away
    assert next_check_at(user) == AT + timedelta(days=4)


@pytest.mark.parametrize(
    "change",
    [
        lambda user: save_preferences(user=user, hour=23),
        lambda user: User.objects.filter(pk=user.pk).update(time_zone="Asia/Tokyo"),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
)
def test_whose_clock_changes_is_looked_at_by_the_next_sweep(user, change):
    run_day(AT)
    change(user)
    run_day(AT)
    assert next_check_at(user) > AT
    assert next_check_at(user) != AT + timedelta(days=1) or not User.objects.get(pk=user.pk).is_active


def test_a_change_of_something_else_gives_no_turn(user):
    run_day(AT)
    User.objects.filter(pk=user.pk).update(name="Ruth A.")
    save_preferences(user=user, hour=8)
    run_day(AT)
    save_preferences(user=user, weekly_maximum=3)
    assert next_check_at(user) == AT + timedelta(days=1)


def test_a_turn_set_by_a_clock_that_went_wrong_is_taken_back(user):
    run_day(AT + timedelta(days=400))
    run_day(AT)
    assert next_check_at(user) == AT + timedelta(days=1)


def test_after_new_zone_data_everybody_is_looked_at(user, monkeypatch):
    run_day(AT)
    monkeypatch.setattr(services, "IANA_VERSION", "2099z")
    ReminderSchedule.objects.update(next_check_at=AT + timedelta(hours=30))
    run_day(AT)
    assert next_check_at(user) == AT + timedelta(days=1)
    assert SchedulerRun.objects.get().zone_data == "2099z"


def test_more_people_than_are_taken_at_once_are_all_looked_at(monkeypatch):
    monkeypatch.setattr(services, "USERS_PER_BATCH", 2)
    made = UserFactory.create_batch(5)
    run_day(AT)
    assert ReminderSchedule.objects.filter(user__in=made, next_check_at__gt=AT).count() == 5


def test_a_sweep_that_must_end_leaves_the_others_to_the_next(monkeypatch):
    monkeypatch.setattr(services, "USERS_PER_BATCH", 2)
    made = UserFactory.create_batch(5)
    create_due_reminders(as_of=AT, now=AT, is_over=lambda: True)
    assert ReminderSchedule.objects.filter(user__in=made, next_check_at__gt=AT).count() == 2
    run_day(AT)
    assert ReminderSchedule.objects.filter(user__in=made, next_check_at__gt=AT).count() == 5


@pytest.mark.django_db(transaction=True)
def test_who_is_held_by_another_sweep_is_left_to_it(user):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; SELECT 1 FROM reminders_reminderschedule FOR UPDATE")
            run_day(AT)
            assert next_check_at(user) < AT
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    run_day(AT)
    assert next_check_at(user) > AT


def test_after_our_clock_was_set_back_everybody_is_looked_at(user):
    """Looked at on a day that has not come, before the hour of that day: the turn of the day between is missing."""
    make_goal(user, step_due_on=date(2027, 3, 5))
    an_hour_before = AT - timedelta(hours=1)
    run_day(an_hour_before + timedelta(days=1))
    ReminderSchedule.objects.filter(user=user).update(next_check_at=AT + timedelta(days=1))
    run_day(AT)
    assert Digest.objects.filter(user=user, local_date=AT.date()).exists()


def test_who_was_looked_at_for_a_later_day_is_looked_at_on_the_days_between(user):
    create_due_reminders(as_of=AT + timedelta(days=1), now=AT - timedelta(hours=1))
    make_goal(user, step_due_on=date(2027, 3, 5))
    run_day(AT)
    assert Digest.objects.filter(user=user, local_date=AT.date()).exists()


def test_who_has_a_zone_that_nobody_knows_is_reminded_by_utc_and_stops_nobody(user, other_user):
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    User.objects.filter(pk=user.pk).update(time_zone="Mars/Olympus_Mons")
    assert run_day(AT - timedelta(minutes=1)) == 0
    assert run_day(AT) == 2
    assert next_check_at(user) == AT + timedelta(days=1)


def break_for(monkeypatch, *people):
    """The statement fails as the database fails: while it looks at one of these people."""
    asked = "person.id = ANY (%(users)s)"
    breaks = " + ".join(f"1 / (person.id - {person.pk})" for person in people)
    assert services.CREATE_DUE_REMINDERS.count(asked) == 1
    broken = services.CREATE_DUE_REMINDERS.replace(asked, f"CASE WHEN {asked} THEN ({breaks}) IS NOT NULL END")
    monkeypatch.setattr(services, "CREATE_DUE_REMINDERS", broken)


def test_one_person_for_whom_it_fails_keeps_nobody_waiting_and_is_tried_again(user, monkeypatch):
    others = UserFactory.create_batch(3)
    for person in (user, *others):
        make_goal(person, step_due_on=date(2027, 3, 12))
    with monkeypatch.context() as patch:
        break_for(patch, user)
        assert run_day(AT) == 3
    assert set(Digest.objects.values_list("user", flat=True)) == {person.pk for person in others}
    assert AT < next_check_at(user) <= AT + timedelta(minutes=15)
    assert {next_check_at(person) for person in others} == {AT + timedelta(days=1)}
    assert run_day(next_check_at(user)) == 1
    assert Digest.objects.filter(user=user).exists()


def test_where_it_fails_for_all_it_is_said_and_nobody_has_had_their_turn(user, other_user, monkeypatch):
    with monkeypatch.context() as patch:
        break_for(patch, user, other_user)
        with pytest.raises(DatabaseError):
            run_day(AT)
    assert max(next_check_at(user), next_check_at(other_user)) < AT


def test_looking_one_by_one_ends_in_time_too(user, monkeypatch):
    UserFactory.create_batch(3)
    with monkeypatch.context() as patch:
        break_for(patch, user)
        create_due_reminders(as_of=AT, now=AT, is_over=lambda: True)
    assert ReminderSchedule.objects.filter(next_check_at__gt=AT).count() == 1
    run_day(AT + timedelta(hours=1))
    assert not ReminderSchedule.objects.filter(next_check_at__lt=AT).exists()


@given(
    st.sampled_from(sorted(known_time_zones())),
    st.integers(0, 23),
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)),
)
def test_between_two_turns_no_mail_hour_comes_unseen(zone, hour, naive):
    """The next turn is the first moment after now from which a mail may go out that could not before."""
    now = naive.replace(tzinfo=UTC)
    coming = next_delivery_time(now, zone, hour)
    assert now < coming <= now + LONGEST
    quarter = timedelta(minutes=15)
    between = (now + n * quarter for n in range(LONGEST // quarter))
    seen = {delivery_day(at, zone, hour) for at in between if at < coming}
    assert seen <= {delivery_day(now, zone, hour), None}
