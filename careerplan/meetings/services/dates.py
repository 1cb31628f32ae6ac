"""Set, move and cancel the next meeting. Writes of the owner."""

from datetime import datetime

from django.db import transaction

from careerplan.meetings.models import Meeting
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.outbox import owe_email


class MeetingIsPast(Exception):
    """A meeting is set for the future."""


class NobodyToMeet(Exception):
    """The mentorship is not active."""


@transaction.atomic
def set_meeting(*, mentorship: Mentorship, starts_at: datetime, now: datetime) -> Meeting:
    """Set the next meeting, or move it, and owe the mentor the email about it. Idempotent.

    Raises MeetingIsPast, NobodyToMeet.
    """
    if starts_at <= now:
        raise MeetingIsPast
    locked = Mentorship.objects.select_for_update(of=("self",)).get(pk=mentorship.pk)
    if not Mentorship.objects.live(now).filter(pk=locked.pk).exists():
        raise NobodyToMeet
    meeting = locked.meetings.coming().first()
    if meeting is None:
        meeting = Meeting.objects.create(mentorship=locked, starts_at=starts_at, set_at=now)
    elif meeting.starts_at != starts_at:
        meeting.starts_at, meeting.set_at, meeting.revision = starts_at, now, meeting.revision + 1
        meeting.save(update_fields=["starts_at", "set_at", "revision"])
    else:
        return meeting
    owe_email(
        mentorship=locked,
        recipient=MentoringEmail.Recipient.MENTOR,
        kind="meeting_set",
        occasion=f"{meeting.pk} {meeting.revision}",
        now=now,
    )
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting) -> None:
    """Cancel a meeting without notes. It stays in calendars that loaded its file."""
    Mentorship.objects.select_for_update(of=("self",)).get(pk=meeting.mentorship_id)
    Meeting.objects.coming().filter(pk=meeting.pk).delete()
