"""Everybody is looked at once a day, as their mail hour comes, and whenever their clock changes: nobody is left out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.reminders import services
from careerplan.reminders.models import SweepRecord, Turn
from careerplan.reminders.queries import mail_day, next_mail_hour
from careerplan.reminders.services import make_owed, save_preferences
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

AT = datetime(2027, 3, 5, 8, tzinfo=UTC)
LONGEST = services.LONGEST_DAY


def sweep(at):
    return make_owed(as_of=at, now=at)


def look_at(user):
    return Turn.objects.get(user=user).look_at


def test_each_new_person_has_a_turn_at_once():
    made = UserFactory()
    assert look_at(made) < datetime(1971, 1, 1, tzinfo=UTC)


def test_after_their_turn_it_comes_again_with_their_hour_of_the_next_day(user):
    sweep(AT)
    assert look_at(user) == AT + timedelta(days=1)
    sweep(AT + timedelta(hours=23))
    assert look_at(user) == AT + timedelta(days=1)
    sweep(AT + timedelta(days=3, hours=5))  # a scheduler that was away
    assert look_at(user) == AT + timedelta(days=4)


@pytest.mark.parametrize(
    "change",
    [
        lambda user: save_preferences(user=user, hour=23),
        lambda user: User.objects.filter(pk=user.pk).update(time_zone="Asia/Tokyo"),
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
)
def test_whose_clock_changes_is_looked_at_by_the_next_sweep(user, change):
    sweep(AT)
    change(user)
    sweep(AT)
    assert look_at(user) > AT
    assert look_at(user) != AT + timedelta(days=1) or not User.objects.get(pk=user.pk).is_active


def test_a_change_of_something_else_gives_no_turn(user):
    sweep(AT)
    User.objects.filter(pk=user.pk).update(name="Ruth A.")
    save_preferences(user=user, hour=8)
    sweep(AT)
    save_preferences(user=user, weekly_maximum=3)
    assert look_at(user) == AT + timedelta(days=1)


def test_a_turn_set_by_a_clock_that_went_wrong_is_taken_back(user):
    sweep(AT + timedelta(days=400))
    sweep(AT)
    assert look_at(user) == AT + timedelta(days=1)


def test_after_new_zone_data_everybody_is_looked_at(user, monkeypatch):
    sweep(AT)
    monkeypatch.setattr(services, "IANA_VERSION", "2099z")
    Turn.objects.update(look_at=AT + timedelta(hours=30))
    sweep(AT)
    assert look_at(user) == AT + timedelta(days=1)
    assert SweepRecord.objects.get().zone_data == "2099z"


def test_more_people_than_are_taken_at_once_are_all_looked_at(monkeypatch):
    monkeypatch.setattr(services, "TURNS_AT_ONCE", 2)
    made = UserFactory.create_batch(5)
    sweep(AT)
    assert Turn.objects.filter(user__in=made, look_at__gt=AT).count() == 5


def test_a_sweep_that_must_end_leaves_the_others_to_the_next(monkeypatch):
    monkeypatch.setattr(services, "TURNS_AT_ONCE", 2)
    made = UserFactory.create_batch(5)
    make_owed(as_of=AT, now=AT, is_over=lambda: True)
    assert Turn.objects.filter(user__in=made, look_at__gt=AT).count() == 2
    sweep(AT)
    assert Turn.objects.filter(user__in=made, look_at__gt=AT).count() == 5


@pytest.mark.django_db(transaction=True)
def test_who_is_held_by_another_sweep_is_left_to_it(user):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN; SELECT 1 FROM reminders_turn FOR UPDATE")
            sweep(AT)
            assert look_at(user) < AT
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    sweep(AT)
    assert look_at(user) > AT


@given(
    st.sampled_from(sorted(known_time_zones())),
    st.integers(0, 23),
    st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31)),
)
def test_between_two_turns_no_mail_hour_comes_unseen(zone, hour, naive):
    """The next turn is the first moment after now from which a mail may go out that could not before."""
    now = naive.replace(tzinfo=UTC)
    coming = next_mail_hour(now, zone, hour)
    assert now < coming <= now + LONGEST
    quarter = timedelta(minutes=15)
    between = (now + n * quarter for n in range(LONGEST // quarter))
    seen = {mail_day(at, zone, hour) for at in between if at < coming}
    assert seen <= {mail_day(now, zone, hour), None}
