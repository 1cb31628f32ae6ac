"""People who travel: at least 18 hours between two emails, and a day that comes twice may bring a second one."""

from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.timezones import known_time_zones
from careerplan.reminders.models import Digest
from careerplan.reminders.queries.delivery_windows import delivery_time
from careerplan.reminders.services import save_preferences
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.faults.oracle import may_be_mailed
from tests.reminders.days import due_daily
from tests.reminders.rounds import send_at

pytestmark = pytest.mark.django_db
START = datetime(2027, 3, 1, tzinfo=UTC)


def fly(user, zone):
    user.time_zone = zone
    user.save()


def mails_at(user, *moments):
    """Run the scheduler at some moments, and whenever an email may be tried again; return when emails went out.

    An email whose day has not begun is tried again each minute, seven hours long on one of these journeys: every half
    an hour will do.
    """
    waiting, sent = sorted(moments), []
    while waiting:
        at = heappop(waiting)
        sent += [at] * len(send_at(at, lambda at=at: at))
        for soonest in Digest.objects.for_user(user).pending().values_list("not_before", flat=True):
            again = at + timedelta(minutes=30) if soonest == at + timedelta(minutes=1) else soonest
            if again > at and again <= max(moments) and again not in waiting:
                heappush(waiting, again)
    return sent


def test_next_morning_beyond_the_date_line_waits_for_18_hours(user, mail_box):
    """From Honolulu to Auckland: the next 8:00 comes after an hour."""
    fly(user, "Pacific/Honolulu")
    due_daily(user)
    first = delivery_time(date(2027, 3, 3), 8, "Pacific/Honolulu")
    assert mails_at(user, first) == [first]
    fly(user, "Pacific/Auckland")
    second = delivery_time(date(2027, 3, 4), 8, "Pacific/Auckland")
    assert second - first == timedelta(hours=1)
    third = delivery_time(date(2027, 3, 5), 8, "Pacific/Auckland")
    assert mails_at(user, second, third) == [third]  # 18 hours after the first it is the next day already
    assert Digest.objects.get(sent_at=third).reminders.count() == 2


def test_earlier_hour_waits_on_the_same_day(user, mail_box):
    due_daily(user)
    save_preferences(user=user, hour=20)
    first = START.replace(hour=20)
    assert mails_at(user, first) == [first]
    save_preferences(user=user, hour=8)
    days = [START + timedelta(days=n, hours=8) for n in (1, 2, 3)]
    assert mails_at(user, *days) == [first + timedelta(hours=18), days[1], days[2]]


@pytest.mark.parametrize("is_due", [True, False])
def test_day_that_comes_twice_may_bring_a_second_mail(user, mail_box, is_due):
    """From Auckland to Honolulu: 8:00 on 5 March comes again after 23 hours."""
    fly(user, "Pacific/Auckland")
    make_goal(user, step_due_on=date(2027, 3, 5))
    first = delivery_time(date(2027, 3, 5), 8, "Pacific/Auckland")
    assert mails_at(user, first) == [first]
    fly(user, "Pacific/Honolulu")
    if is_due:
        make_goal(user, step_due_on=date(2027, 3, 6))
    second = delivery_time(date(2027, 3, 5), 8, "Pacific/Honolulu")
    assert mails_at(user, second, second + timedelta(hours=2)) == [second] * is_due
    assert list(Digest.objects.values_list("local_date", "occurrence").order_by("occurrence")) == [
        (date(2027, 3, 5), number) for number in range(1, 2 + is_due)
    ]


ZONES = sorted(known_time_zones())
FAR_APART = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Auckland", "Pacific/Honolulu", "Etc/GMT+12"]
journeys = st.lists(
    st.tuples(st.one_of(st.sampled_from(FAR_APART), st.sampled_from(ZONES)), st.integers(0, 23), st.integers(1, 40)),
    min_size=2,
    max_size=4,
)


@given(journey=journeys)
@settings(max_examples=max(3, settings().max_examples // 5), suppress_health_check=list(HealthCheck))
def test_18_hours_between_two_mails_on_every_journey(db, mail_box, journey):
    """Also where the time of day changes on the way; and nothing that is due stays unsent."""
    with transaction.atomic():
        user = UserFactory(time_zone=journey[0][0])
        due_daily(user, days=12)
        at, sent = START, []
        for zone, hour, hours in journey:
            fly(user, zone)
            save_preferences(user=user, hour=hour)
            end = at + timedelta(hours=hours)
            days = [at.date() + timedelta(days=n) for n in range(-1, 4)]
            times = [time for day in days if at < (time := delivery_time(day, hour, zone)) < end]
            sent += mails_at(user, at, *times, end)
            at = end
        times = [delivery_time(at.date() + timedelta(days=n), hour, zone) for n in (1, 2, 3)]
        sent += mails_at(user, *times)
        assert all(may_be_mailed(earlier, later) for earlier, later in pairwise(sent))
        digests = Digest.objects.for_user(user)
        assert not digests.pending().filter(local_date__lt=times[-1].date() - timedelta(days=1)).exists()
        assert len(sent) == digests.filter(state="sent").count() >= 2
        transaction.set_rollback(True)
