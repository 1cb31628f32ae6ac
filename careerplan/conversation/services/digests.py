"""Owe the daily email about comments and suggestions: one a day each way, at the recipient's time of day.

It lists what is unread when it is sent (`digest_email` of the packages owner and mentor), or is dropped.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from careerplan.conversation.models import Side, StoppedDigest
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.models.emails import MentoringEmailQuerySet
from careerplan.mentoring.services.outbox import owe_email

KIND = "conversation"
MARGIN = timedelta(minutes=2)  # of what may have been written while an email was being sent
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
    # By its name: what mentors import must not lead to the models of reminders, which know opportunities.
    preferences = getattr(mentorship.owner, "reminder_preferences", None)
    return preferences.hour if preferences else MENTORS_HOUR


def stop_digests(*, user: User, now: datetime) -> None:
    """Stop the daily email of an owner. Idempotent."""
    StoppedDigest.objects.get_or_create(user=user, defaults={"stopped_at": now})


def resume_digests(*, user: User) -> None:
    """Turn the daily email of an owner on again. Idempotent."""
    StoppedDigest.objects.for_user(user).delete()


# --- Right before one is sent --------------------------------------------------------------------------------
def is_newest(email: MentoringEmail, *, now: datetime) -> bool:
    """Return whether no later email of the same kind to the same person is due by today: that one says all of it.

    After an outage or a pause several may be due. An owner gets one for all people together.
    """
    today = timezone.localdate(now, email.mentorship.owner.zone).isoformat()
    others = _to_the_same(email).pending().filter(occasion__lte=today)
    return not others.filter(Q(occasion__gt=email.occasion) | Q(occasion=email.occasion, pk__gt=email.pk)).exists()


def sent_today(email: MentoringEmail, *, now: datetime) -> datetime | None:
    """Return when an email of this kind has left for the same person on this local day; None if none has."""
    since = start_of_day(email.mentorship, now)
    sent = _to_the_same(email).filter(state=MentoringEmail.State.SENT, sent_at__gte=since)
    return sent.order_by("-sent_at").values_list("sent_at", flat=True).first()


def _to_the_same(email: MentoringEmail) -> MentoringEmailQuerySet:
    rows = MentoringEmail.objects.filter(kind=KIND, recipient=email.recipient)
    if email.recipient == MentoringEmail.Recipient.OWNER:
        return rows.filter(mentorship__owner=email.mentorship.owner_id)
    return rows.filter(mentorship=email.mentorship_id)


def start_of_day(mentorship: Mentorship, now: datetime) -> datetime:
    """Return the midnight before an instant, in the owner's time zone: limits of a day count from it."""
    zone = mentorship.owner.zone
    return timezone.make_aware(datetime.combine(timezone.localdate(now, zone), time()), zone)
