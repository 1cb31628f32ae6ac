"""The daily email about comments, to whichever of the two it is for (settings.MENTORING_EMAILS)."""

from datetime import datetime

from careerplan.conversation.mentor import emails as to_mentor
from careerplan.conversation.owner import emails as to_owner
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.models import MentoringEmail


def digest_email(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return what the email says now; None where there is nothing to say any more."""
    if email.recipient == MentoringEmail.Recipient.OWNER:
        return to_owner.digest_email(email, now)
    return to_mentor.digest_email(email, now)
