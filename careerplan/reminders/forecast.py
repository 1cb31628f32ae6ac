"""Forecast of the next emails: the real statements run for future times and are rolled back.

So the forecast is what will be sent, if nothing changes and the user does not sign in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.reminders.models import Digest, Reminder, ReminderSchedule
from careerplan.reminders.queries import (
    delivery_day,
    delivery_time,
    next_review_on,
    preferences_of,
    recipient_of,
    valid_reminders_of,
)
from careerplan.reminders.services import create_due_reminders_for, reschedule_unsent_digests
from careerplan.reviews.services import make_due_reviews

DAYS_AHEAD = 30
# What was not sent before today is sent today, or tomorrow if today's email was sent; nothing is held back after that.
MAY_WAIT = 2


@dataclass(frozen=True)
class UpcomingMail:
    """An email that will be sent: when, and its reminders, most urgent first."""

    at: datetime
    day: date
    reminders: list[Reminder]


def upcoming(user: User, now: datetime, *, limit: int | None = None) -> list[UpcomingMail]:
    """Return the emails of the next 30 days, the first `limit`; none for people who cannot get emails."""
    mails: list[UpcomingMail] = []
    with transaction.atomic():
        for mail in simulate_sending(user, now):
            mails.append(mail)
            if len(mails) == limit:
                break
        transaction.set_rollback(True)
    return mails


def simulate_sending(user: User, now: datetime) -> Iterator[UpcomingMail]:
    person = recipient_of(user, now)
    if person is None:
        return
    next_review = next_review_on(user)
    for place, at in enumerate(_delivery_times(user, now)):
        day = delivery_day(at, user.time_zone, person.hour)
        recipient = replace(person, today=local_day(at, user.time_zone), delivery_day=day)
        next_review = _make_review(user, at, next_review)
        if place < MAY_WAIT:
            reschedule_unsent_digests(as_of=at, now=at, only=user)
        if (
            at > now or ReminderSchedule.objects.filter(user=user, next_check_at__lte=now).exists()
        ):  # otherwise they were checked today
            create_due_reminders_for(user, as_of=at, now=at)
        digest = Digest.objects.for_user(user).owed().filter(local_date=day).first() if day else None
        if digest is None:
            continue
        told = valid_reminders_of(digest, recipient)
        Reminder.objects.filter(digest=digest).exclude(pk__in=[reminder.pk for reminder in told]).delete()
        outcome = {"state": Digest.State.SENT, "sent_at": at} if told else {"state": Digest.State.DROPPED}
        Digest.objects.filter(pk=digest.pk).update(claim_token=None, attempt_started_at=None, **outcome)
        if told:
            yield UpcomingMail(at, recipient.today, told)


def _make_review(user: User, at: datetime, next_on: date | None) -> date | None:
    """Create the review that is due at `at`, like the scheduler; return the date of the next one."""
    if next_on is None or next_on > local_day(at, user.time_zone):
        return next_on
    make_due_reviews(now=at, only=user)
    return next_review_on(user)


def _delivery_times(user: User, now: datetime) -> list[datetime]:
    """Return the delivery times of the next days, and now if today's has passed."""
    hour, today = preferences_of(user).hour, local_day(now, user.time_zone)
    days = (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1))
    coming = [at for day in days if (at := delivery_time(day, hour, user.time_zone)) > now]
    return [now, *coming] if delivery_day(now, user.time_zone, hour) else coming
