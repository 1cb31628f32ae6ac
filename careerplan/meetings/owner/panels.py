"""The meeting on the owner's page of a person, and earlier ones on the page of all people."""

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from careerplan.meetings.models import Meeting
from careerplan.mentoring.models import Mentorship

EARLIER_SHOWN = 10


def meeting_section(request: HttpRequest, mentorship: Mentorship) -> SafeString:
    """Return the next meeting with the sheet. One query."""
    found = list(Meeting.objects.filter(mentorship=mentorship))
    context = {
        "person": mentorship,
        "coming": next((one for one in found if one.held_at is None), None),
        "has_met": any(one.held_at is not None for one in found),
    }
    return render_to_string("meetings/_panel.html", context, request)


def earlier_meetings(request: HttpRequest) -> SafeString:
    """Return links to the last meetings with people who see the plan no more; blank without. One query."""
    ended = Mentorship.objects.filter(owner=request.user.pk, state=Mentorship.State.ENDED)
    has_met = Exists(Meeting.objects.held().filter(mentorship=OuterRef("pk")))
    people = list(ended.filter(has_met).order_by("-ended_at", "-id")[:EARLIER_SHOWN])
    if not people:
        return mark_safe("")
    return render_to_string("meetings/_earlier.html", {"people": people}, request)
