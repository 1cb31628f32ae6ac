"""Forecast of the next emails: the real statements run with the clocks of the coming days, and are rolled back.

So no rule is written twice. The forecast holds as long as nothing changes and the person stays inactive.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.reminders.models import Digest, Reminder, ReminderSchedule
from careerplan.reminders.queries.delivery_windows import delivery_day, delivery_time
from careerplan.reminders.queries.digests import recipient_of, valid_reminders_of
from careerplan.reminders.queries.preferences import next_review_on, preferences_of
from careerplan.reminders.services import create_due_reminders_for, reschedule_unsent_digests
from careerplan.reviews.services import make_due_reviews

DAYS_AHEAD = 30
# What was not sent before today goes out today, or tomorrow where today's mail is out; later there is nothing unsent.
RESCHEDULED_DAYS = 2


@dataclass(frozen=True)
class UpcomingMail:
    """An email that will be sent, with its reminders, most urgent first."""

    at: datetime
    day: date
    reminders: list[Reminder]


def upcoming(user: User, now: datetime, *, limit: int | None = None) -> list[UpcomingMail]:
    """Return the emails of the next 30 days, the first `limit` of them; none where we cannot write to the person."""
    mails: list[UpcomingMail] = []
    with transaction.atomic():
        for mail in simulate_sending(user, now):
            mails.append(mail)
            if len(mails) == limit:
                break
        transaction.set_rollback(True)
    return mails


def simulate_sending(user: User, now: datetime) -> Iterator[UpcomingMail]:
    """Yield the emails of the next 30 days. Writes to the database: run it in a transaction and roll it back."""
    person = recipient_of(user, now)
    if person is None:
        return
    next_review = next_review_on(user)
    for place, at in enumerate(_delivery_times(user, now)):
        day = delivery_day(at, user.time_zone, person.hour)
        recipient = replace(person, today=local_day(at, user.time_zone), delivery_day=day)
        next_review = _make_review(user, at, next_review)
        if place < RESCHEDULED_DAYS:
            reschedule_unsent_digests(as_of=at, now=at, only=user)
        # Today they may have been checked already.
        if at > now or ReminderSchedule.objects.filter(user=user, next_check_at__lte=now).exists():
            create_due_reminders_for(user, as_of=at, now=at)
        digest = Digest.objects.for_user(user).pending().filter(local_date=day).first() if day else None
        if digest is None:
            continue
        reminders = valid_reminders_of(digest, recipient)
        Reminder.objects.filter(digest=digest).exclude(pk__in=[reminder.pk for reminder in reminders]).delete()
        outcome = {"state": Digest.State.SENT, "sent_at": at} if reminders else {"state": Digest.State.DROPPED}
        Digest.objects.filter(pk=digest.pk).update(claim_token=None, attempt_started_at=None, **outcome)
        if reminders:
            yield UpcomingMail(at, recipient.today, reminders)


def _make_review(user: User, at: datetime, next_on: date | None) -> date | None:
    """Create the review that is due at `at`, as a scheduler run does, and return the date of the next one."""
    if next_on is None or next_on > local_day(at, user.time_zone):
        return next_on
    make_due_reviews(now=at, only=user)
    return next_review_on(user)


def _delivery_times(user: User, now: datetime) -> list[datetime]:
    """Return the coming delivery times of a person, and `now` where today's has passed."""
    hour, today = preferences_of(user).hour, local_day(now, user.time_zone)
    days = (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1))
    coming = [at for day in days if (at := delivery_time(day, hour, user.time_zone)) > now]
    return [now, *coming] if delivery_day(now, user.time_zone, hour) else coming
