"""The email that tells a mentor the date of the next meeting, built right before it is sent."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url
from careerplan.meetings.mentor.sheet import find_meeting
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.email_words import shown_name
from careerplan.mentoring.models import MentoringEmail, Mentorship


def meeting_set(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return the date; None where it was moved again, cancelled or is over."""
    mentorship = Mentorship.objects.live(now).select_related("owner").filter(pk=email.mentorship_id).first()
    meeting = find_meeting(mentorship) if mentorship else None
    if mentorship is None or meeting is None or meeting.held_at is not None or meeting.starts_at <= now:
        return None
    if email.occasion != f"{meeting.pk} {meeting.revision}":
        return None
    at = timezone.localtime(meeting.starts_at, mentorship.owner.zone)
    values = {
        "name": shown_name(mentorship.owner.name),
        "day": date_format(at, "D j M"),
        "time": date_format(at, "G:i"),
    }
    zone = str(mentorship.owner.zone).replace("_", " ")
    context = {
        "heading": _("15 minutes with %(name)s on %(day)s, %(time)s") % values,
        "paragraphs": [
            _("The time is that of %(zone)s.") % {"zone": zone},
            _("One page has what moved, what is behind, and 3 questions. It has the date for your calendar, too."),
        ],
        "action_label": _("Open the meeting sheet"),
        "action_url": absolute_url(reverse("mentor-meeting:sheet", args=[mentorship.key])),
        "why": _("You get this email because you can see parts of this plan."),
        "stop_url": absolute_url(reverse("mentor:stop-emails", args=[mentorship.key])),
    }
    return EmailText("mentoring_opinion", context)
