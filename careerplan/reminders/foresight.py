"""What will be sent next: the rule itself, run with the clocks of the days to come, and undone again.

Nothing is worked out twice: the statements that make reminders run in a transaction that is rolled back. So what
is shown is what will be sent, if nothing changes until then and nobody comes by.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.reminders.models import Digest, Reminder, Turn
from careerplan.reminders.queries import (
    mail_day,
    mail_instant,
    next_review_on,
    preferences_of,
    recipient_of,
    still_owed,
)
from careerplan.reminders.services import bring_forward, make_owed_to
from careerplan.reviews.services import make_due_reviews

DAYS_AHEAD = 30
# What was not sent before today goes out today, or tomorrow where today's mail is out; afterwards nothing waits.
MAY_WAIT = 2


@dataclass(frozen=True)
class ComingMail:
    """One mail that is going to be sent: when, and what it tells, most urgent first."""

    at: datetime
    day: date
    reminders: list[Reminder]


def upcoming(user: User, now: datetime, *, limit: int | None = None) -> list[ComingMail]:
    """The mails of the next 30 days, the first `limit` of them; none for who cannot be written to."""
    mails: list[ComingMail] = []
    with transaction.atomic():
        for mail in _send_in_thought(user, now):
            mails.append(mail)
            if len(mails) == limit:
                break
        transaction.set_rollback(True)
    return mails


def _send_in_thought(user: User, now: datetime) -> Iterator[ComingMail]:
    person = recipient_of(user, now)
    if person is None:
        return
    next_review = next_review_on(user)
    for place, at in enumerate(_moments(user, now)):
        day = mail_day(at, user.time_zone, person.hour)
        recipient = replace(person, today=local_day(at, user.time_zone), mail_day=day)
        next_review = _make_review(user, at, next_review)
        if place < MAY_WAIT:
            bring_forward(as_of=at, now=at, only=user)
        if at > now or Turn.objects.filter(user=user, look_at__lte=now).exists():  # else they were looked at today
            make_owed_to(user, as_of=at, now=at)
        digest = Digest.objects.for_user(user).owed().filter(local_date=day).first() if day else None
        if digest is None:
            continue
        told = still_owed(digest, recipient)
        Reminder.objects.filter(digest=digest).exclude(pk__in=[reminder.pk for reminder in told]).delete()
        outcome = {"state": Digest.State.SENT, "sent_at": at} if told else {"state": Digest.State.DROPPED}
        Digest.objects.filter(pk=digest.pk).update(claim=None, begun_at=None, **outcome)
        if told:
            yield ComingMail(at, recipient.today, told)


def _make_review(user: User, at: datetime, next_on: date | None) -> date | None:
    """Make the review that is due at `at`, as a round does; the date of the next one."""
    if next_on is None or next_on > local_day(at, user.time_zone):
        return next_on
    make_due_reviews(now=at, only=user)
    return next_review_on(user)


def _moments(user: User, now: datetime) -> list[datetime]:
    """The instants at which the person's mail hour comes; now, where it has come today."""
    hour, today = preferences_of(user).hour, local_day(now, user.time_zone)
    days = (today + timedelta(days=n) for n in range(DAYS_AHEAD + 1))
    coming = [at for day in days if (at := mail_instant(day, hour, user.time_zone)) > now]
    return [now, *coming] if mail_day(now, user.time_zone, hour) else coming
