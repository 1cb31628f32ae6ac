"""The forecast equals what is sent on the coming days, and writes nothing."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from careerplan.goals.services.steps import complete_step, reopen_step
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.forecast import upcoming
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.delivery_windows import delivery_time
from careerplan.reminders.queries.digests import recipient_of, valid_reminders_of
from careerplan.reminders.services import (
    create_due_reminders,
    reschedule_unsent_digests,
    save_goal_reminders,
    save_preferences,
)
from tests.factories.goals import make_goal, only_step

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2027-03-05T12:00:00+00:00")  # after that day's hour; the clocks change on the 28th


def contents(mails):
    return [
        (mail.at, [(r.kind, r.goal_id, r.step_id, r.due_on, r.lead_days) for r in mail.reminders]) for mail in mails
    ]


def send_as_the_days_come(user, hour):
    """Run the scheduler an hour before each delivery time, at it and an hour after it."""
    sent = []
    first = START.astimezone(user.zone).date()
    hours = [delivery_time(first + timedelta(days=n), hour, user.time_zone) for n in range(31)]
    around = [at + timedelta(hours=n) for at in hours for n in (-1, 0, 1)]
    for at in [START, *(at for at in around if at > START)]:
        reschedule_unsent_digests(as_of=at, now=at)
        create_due_reminders(as_of=at, now=at)
        recipient = recipient_of(user, at)
        for digest in Digest.objects.for_user(user).pending().filter(local_date=recipient.delivery_day):
            reminders = valid_reminders_of(digest, recipient)
            obsolete_ids = Reminder.objects.filter(digest=digest).exclude(pk__in=[r.pk for r in reminders])
            obsolete_ids.delete()
            if reminders:
                Digest.objects.filter(pk=digest.pk).update(state="sent", sent_at=at)
                sent.append((at, [(r.kind, r.goal_id, r.step_id, r.due_on, r.lead_days) for r in reminders]))
            else:
                Digest.objects.filter(pk=digest.pk).update(state="dropped")
    return sent


@pytest.fixture
def busy(user):
    """Dates on most days, an unrated step, a muted goal, a pause, a goal with its own lead times."""
    made = datetime.fromisoformat("2027-03-01T12:00:00+00:00")
    start = date(2027, 3, 1)
    for days in (2, 7, 9, 13, 20, 33):
        make_goal(user, due_on=start + timedelta(days=days + 3), step_due_on=start + timedelta(days=days), now=made)
    muted, own, done = (make_goal(user, due_on=start + timedelta(days=40), now=made) for _ in range(3))
    save_goal_reminders(goal=muted, leads=[30, 7, 1, 0], is_muted=True)
    save_goal_reminders(goal=own, leads=[14], is_muted=False)
    complete_step(step=only_step(done), now=datetime.fromisoformat("2027-03-04T12:00:00+00:00"))
    Pause.objects.create(
        plan=Plan.objects.get(user=user),
        starts_on=date(2027, 3, 17),
        ends_on=date(2027, 3, 19),
        reason="leave",
        made_at=made,
        form_key="7c9e6679-7425-40de-944b-e07fc1f90ae7",
    )
    return user


@pytest.mark.parametrize(
    ("zone", "hour", "weekly_maximum"), [("Europe/London", 1, 7), ("Pacific/Auckland", 8, 3), ("America/Nuuk", 23, 1)]
)
def test_forecast_equals_what_is_sent(busy, zone, hour, weekly_maximum):
    busy.time_zone = zone
    busy.save()
    save_preferences(user=busy, hour=hour, weekly_maximum=weekly_maximum)
    forecast = contents(upcoming(busy, START))
    sent = send_as_the_days_come(busy, hour)
    until = delivery_time(START.astimezone(busy.zone).date() + timedelta(days=30), hour, zone)
    assert forecast == [mail for mail in sent if mail[0] <= until]
    assert len(forecast) >= 4


def test_step_reopened_after_the_hour_is_in_the_forecast_of_the_next_day(user):
    """A person checked today is checked again tomorrow: the forecast promises nothing for today."""
    goal = make_goal(user, due_on=date(2027, 4, 30), step_due_on=date(2027, 3, 12))
    step = only_step(goal)
    complete_step(step=step, now=START - timedelta(hours=5))
    create_due_reminders(as_of=START, now=START)
    reopen_step(step=step)
    forecast = contents(upcoming(user, START + timedelta(minutes=1)))
    assert forecast[0][0] == START.replace(hour=8) + timedelta(days=1)
    create_due_reminders(as_of=START + timedelta(minutes=2), now=START + timedelta(minutes=2))
    assert not Digest.objects.exists()
    create_due_reminders(as_of=forecast[0][0], now=forecast[0][0])
    assert Digest.objects.get().local_date == date(2027, 3, 6)


def test_forecast_writes_nothing(busy):
    upcoming(busy, START)
    assert not Digest.objects.exists()
    assert not Reminder.objects.exists()


def test_forecast_is_empty_without_a_confirmed_address(busy):
    busy.emailaddress_set.update(verified=False)
    assert upcoming(busy, START) == []


def test_upcoming_page_lists_days_and_reminders(busy, signed_in, time_machine):
    time_machine.move_to(START, tick=False)
    signed_in.force_login(busy)
    page = signed_in.get(reverse("reminders:upcoming")).content.decode()
    assert "Sat 6 Mar, 8:00" in page
    assert re.search(r"Ask for two late shifts\s*<span[^>]*>2 days late", page)
