"""Owe the daily email about comments and suggestions: one a day each way, at the recipient's time of day.

It lists what is unread when it is sent (`digest_email` of the packages owner and mentor), or is dropped.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from careerplan.conversation.models import Side
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.outbox import owe_email
from careerplan.reminders.models import Preferences

KIND = "conversation"
MENTORS_HOUR = 8  # of the owner's zone: we know no other of a mentor


def owe_digest(*, mentorship: Mentorship, recipient: Side, now: datetime) -> None:
    """Owe the next daily email to one of the two. Idempotent: what is owed already will say this, too.

    Call it in the transaction of what it is about. Where the email of that day has left (the time of day was changed
    since), the next one is owed.
    """
    hour = _hour_of(mentorship, recipient)
    local = now.astimezone(mentorship.owner.zone)
    day = local.date() if local.hour < hour else local.date() + timedelta(days=1)
    for on in (day, day + timedelta(days=1)):
        if _owe_on(mentorship, recipient, on, hour, now):
            return


def owe_tomorrow(*, mentorship: Mentorship, recipient: Side, now: datetime) -> None:
    """Owe the email of the next local day, where one has been sent today."""
    today = timezone.localdate(now, mentorship.owner.zone)
    _owe_on(mentorship, recipient, today + timedelta(days=1), _hour_of(mentorship, recipient), now)


def _owe_on(mentorship: Mentorship, recipient: Side, day: date, hour: int, now: datetime) -> bool:
    """Owe the email of a day; return whether it is still to be sent."""
    to, occasion = MentoringEmail.Recipient(recipient.value), day.isoformat()
    not_before = timezone.make_aware(datetime.combine(day, time(hour)), mentorship.owner.zone)
    if owe_email(mentorship=mentorship, recipient=to, kind=KIND, occasion=occasion, now=now, not_before=not_before):
        return True
    same = MentoringEmail.objects.filter(mentorship=mentorship, recipient=to, kind=KIND, occasion=occasion)
    return same.pending().exists()


def _hour_of(mentorship: Mentorship, recipient: Side) -> int:
    """Return the time of day: for the owner that of their reminders. One query at most."""
    if recipient == Side.MENTOR:
        return MENTORS_HOUR
    hours = Preferences.objects.for_user(mentorship.owner).values_list("hour", flat=True)
    return next(iter(hours), MENTORS_HOUR)
