"""Everyone is checked once a day at their time of day, and when their clock changes."""

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


def test_new_person_is_checked_at_once():
    made = UserFactory()
    assert next_check_at(made) < datetime(1971, 1, 1, tzinfo=UTC)


def test_next_check_is_at_the_hour_of_the_next_day(user):
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
def test_changed_clock_is_checked_by_the_next_run(user, change):
    run_day(AT)
    change(user)
    run_day(AT)
    assert next_check_at(user) > AT
    assert next_check_at(user) != AT + timedelta(days=1) or not User.objects.get(pk=user.pk).is_active


def test_other_changes_do_not_change_the_schedule(user):
    run_day(AT)
    User.objects.filter(pk=user.pk).update(name="Ruth A.")
    save_preferences(user=user, hour=8)
    run_day(AT)
    save_preferences(user=user, weekly_maximum=3)
    assert next_check_at(user) == AT + timedelta(days=1)


def test_check_set_by_a_wrong_clock_is_corrected(user):
    run_day(AT + timedelta(days=400))
    run_day(AT)
    assert next_check_at(user) == AT + timedelta(days=1)


def test_everyone_is_checked_after_new_zone_data(user, monkeypatch):
    run_day(AT)
    monkeypatch.setattr(services, "IANA_VERSION", "2099z")
    ReminderSchedule.objects.update(next_check_at=AT + timedelta(hours=30))
    run_day(AT)
    assert next_check_at(user) == AT + timedelta(days=1)
    assert SchedulerRun.objects.get().zone_data == "2099z"


def test_several_batches_are_all_checked(monkeypatch):
    monkeypatch.setattr(services, "USERS_PER_BATCH", 2)
    made = UserFactory.create_batch(5)
    run_day(AT)
    assert ReminderSchedule.objects.filter(user__in=made, next_check_at__gt=AT).count() == 5


def test_run_that_must_end_leaves_the_rest_to_the_next(monkeypatch):
    monkeypatch.setattr(services, "USERS_PER_BATCH", 2)
    made = UserFactory.create_batch(5)
    create_due_reminders(as_of=AT, now=AT, is_over=lambda: True)
    assert ReminderSchedule.objects.filter(user__in=made, next_check_at__gt=AT).count() == 2
    run_day(AT)
    assert ReminderSchedule.objects.filter(user__in=made, next_check_at__gt=AT).count() == 5


@pytest.mark.django_db(transaction=True)
def test_person_locked_by_another_run_is_skipped(user):
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


def test_everyone_is_checked_after_the_clock_was_set_back(user):
    """A run for a later day, before its hour: the check of the day between is missing."""
    make_goal(user, step_due_on=date(2027, 3, 5))
    an_hour_before = AT - timedelta(hours=1)
    run_day(an_hour_before + timedelta(days=1))
    ReminderSchedule.objects.filter(user=user).update(next_check_at=AT + timedelta(days=1))
    run_day(AT)
    assert Digest.objects.filter(user=user, local_date=AT.date()).exists()


def test_run_for_a_later_day_skips_no_day_between(user):
    create_due_reminders(as_of=AT + timedelta(days=1), now=AT - timedelta(hours=1))
    make_goal(user, step_due_on=date(2027, 3, 5))
    run_day(AT)
    assert Digest.objects.filter(user=user, local_date=AT.date()).exists()


def test_unknown_zone_counts_as_utc(user, other_user):
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    User.objects.filter(pk=user.pk).update(time_zone="Mars/Olympus_Mons")
    assert run_day(AT - timedelta(minutes=1)) == 0
    assert run_day(AT) == 2
    assert next_check_at(user) == AT + timedelta(days=1)


def break_for(monkeypatch, *people):
    """Let the statement fail for one of these people as a database error would."""
    asked = "person.id = ANY (%(users)s)"
    breaks = " + ".join(f"1 / (person.id - {person.pk})" for person in people)
    assert services.CREATE_DUE_REMINDERS.count(asked) == 1
    broken = services.CREATE_DUE_REMINDERS.replace(asked, f"CASE WHEN {asked} THEN ({breaks}) IS NOT NULL END")
    monkeypatch.setattr(services, "CREATE_DUE_REMINDERS", broken)


def test_failure_for_one_person_stops_no_one_and_is_retried(user, monkeypatch):
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


def test_failure_for_everyone_is_raised_and_changes_no_schedule(user, other_user, monkeypatch):
    with monkeypatch.context() as patch:
        break_for(patch, user, other_user)
        with pytest.raises(DatabaseError):
            run_day(AT)
    assert max(next_check_at(user), next_check_at(other_user)) < AT


def test_checking_one_by_one_ends_in_time(user, monkeypatch):
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
def test_no_delivery_time_between_two_checks(zone, hour, naive):
    """The next check is the first moment at which a mail may go out that could not before."""
    now = naive.replace(tzinfo=UTC)
    coming = next_delivery_time(now, zone, hour)
    assert now < coming <= now + LONGEST
    quarter = timedelta(minutes=15)
    between = (now + n * quarter for n in range(LONGEST // quarter))
    seen = {delivery_day(at, zone, hour) for at in between if at < coming}
    assert seen <= {delivery_day(now, zone, hour), None}
