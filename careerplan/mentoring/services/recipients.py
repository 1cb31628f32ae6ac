"""Who may get an email about a mentorship now, asked right before each one."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.limits import is_stopped
from careerplan.mentoring.services.pauses import paused_until
from careerplan.reminders.models import RefusedAddress

MORNING = time(8)


def address_for(email: MentoringEmail) -> str:
    """Return the address of an email's recipient; "" if they may not get it any more. Two queries at most."""
    mentorship = email.mentorship
    owner = mentorship.owner
    if not owner.is_active or owner.is_deletion_pending:
        return ""
    if email.recipient == MentoringEmail.Recipient.OWNER:
        refused = RefusedAddress.objects.for_user(owner).filter(address=owner.email, stopped_at__isnull=False)
        return "" if refused.exists() else owner.email
    return mentorship.email if reaches_mentor(mentorship) else ""


def reaches_mentor(mentorship: Mentorship) -> bool:
    """Return whether the mentor gets emails: they did not stop them, and the address works. One query at most."""
    is_open = mentorship.emails_stopped_at is None and mentorship.bounced_at is None
    return is_open and not is_stopped(mentorship.email)


def wait_for_pause(email: MentoringEmail, *, now: datetime) -> timedelta | None:
    """Return how long an email to the owner waits for the end of a pause; None if it need not. One query."""
    if email.recipient != MentoringEmail.Recipient.OWNER:
        return None
    owner = email.mentorship.owner
    ends_on = paused_until(email.mentorship, today=timezone.localdate(now, owner.zone))
    if ends_on is None:
        return None
    return datetime.combine(ends_on + timedelta(days=1), MORNING, owner.zone) - now
