"""The meeting for a mentor: the sheet, and its date for a calendar."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careerplan.core.mail import absolute_url
from careerplan.meetings.ics import render_meeting
from careerplan.meetings.mentor.sheet import find_meeting, load_sheet
from careerplan.mentoring.mentor.access import mentor_page
from careerplan.mentoring.mentor.pages import render_mentor
from careerplan.mentoring.models import Mentorship


@mentor_page(place="meeting")
@require_safe
def sheet(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Show the sheet of the coming meeting, or of the last one."""
    meeting, now = find_meeting(mentorship), timezone.now()
    if meeting is None:
        raise Http404
    context = {"sheet": load_sheet(mentorship, meeting, now=now), "is_coming": meeting.held_at is None}
    return render_mentor(request, mentorship, "meetings/mentor_sheet.html", context)


@mentor_page()
@require_safe
def calendar(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    """Download the date of the coming meeting."""
    meeting = find_meeting(mentorship)
    if meeting is None or meeting.held_at is not None:
        raise Http404
    owner = mentorship.owner
    made = render_meeting(
        key=meeting.key,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        changed_at=meeting.set_at,
        revision=meeting.revision,
        title=_("15 minutes with %(name)s") % {"name": owner.first_name or owner.name},
        url=absolute_url(reverse("mentor-meeting:sheet", args=[mentorship.key])),
    )
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="text/calendar; charset=utf-8", headers=headers)
