"""Set, move and cancel the next meeting. Writes of the owner."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from careerplan.meetings.models import Meeting
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.outbox import owe_email

SET, CANCELLED = "meeting_set", "meeting_cancelled"
MENTOR = MentoringEmail.Recipient.MENTOR


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
        recipient=MENTOR,
        kind=SET,
        occasion=f"{meeting.pk} {meeting.revision}",
        now=now,
    )
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, now: datetime) -> bool:
    """Cancel a meeting without notes; return whether the mentor is told, who may know of it. Idempotent.

    The row is deleted, so the email that is owed carries the revision and the time that were cancelled in its
    occasion. The date stays in calendars that loaded its file.
    """
    mentorship = Mentorship.objects.select_for_update(of=("self",)).get(pk=meeting.mentorship_id)
    row = Meeting.objects.coming().filter(pk=meeting.pk).first()
    if row is None:
        return False
    occasion = f"{row.pk} {row.revision} {row.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    row.delete()
    owe_email(mentorship=mentorship, recipient=MENTOR, kind=CANCELLED, occasion=occasion, now=now)
    return meeting.starts_at > now and was_told(mentorship, meeting.pk)


def was_told(mentorship: Mentorship, meeting_id: int, *, before: int | None = None, of: int | None = None) -> bool:
    """Return whether the mentor may know of a meeting: an email about it has left, or may have. One query.

    `before`: about it as it was before this revision. `of`: about exactly this revision.
    """
    about_it = MentoringEmail.objects.filter(mentorship=mentorship, kind=SET, occasion__startswith=f"{meeting_id} ")
    may_be_out = Q(uncertain_attempts__gt=0) | Q(attempt_started_at__isnull=False)
    left = about_it.filter(may_be_out | Q(state=MentoringEmail.State.SENT))
    if of is not None:
        left = left.filter(occasion=f"{meeting_id} {of}")
    return left.exclude(occasion=f"{meeting_id} {before}").exists()
