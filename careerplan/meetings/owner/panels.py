"""The meeting on the owner's page of a person."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from careerplan.meetings.models import Meeting
from careerplan.mentoring.models import Mentorship


def meeting_section(request: HttpRequest, mentorship: Mentorship) -> SafeString:
    """Return the next meeting with the sheet. One query."""
    found = list(Meeting.objects.filter(mentorship=mentorship))
    context = {
        "person": mentorship,
        "coming": next((one for one in found if one.held_at is None), None),
        "has_met": any(one.held_at is not None for one in found),
    }
    return render_to_string("meetings/_panel.html", context, request)
