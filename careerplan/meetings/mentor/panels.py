"""The coming meeting on the mentor's page of the plan."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from careerplan.meetings.mentor.sheet import find_meeting
from careerplan.mentoring.models import Mentorship


def meeting_panel(request: HttpRequest, mentorship: Mentorship, *, is_preview: bool) -> SafeString:
    """Return the date of the coming meeting with the sheet; blank without one. One query."""
    meeting = find_meeting(mentorship) if mentorship.pk else None
    if meeting is None:
        return mark_safe("")
    context = {
        "starts_at": timezone.localtime(meeting.starts_at, mentorship.owner.zone),
        "is_coming": meeting.held_at is None,
        "key": mentorship.key,
        "is_preview": is_preview,
    }
    return render_to_string("meetings/_mentor_panel.html", context, request)
