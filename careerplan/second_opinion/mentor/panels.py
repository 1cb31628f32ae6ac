"""What a mentor is asked to rate, on the page of the plan."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from careerplan.mentoring.mentor.queries import mentor_frame
from careerplan.mentoring.models import Mentorship
from careerplan.second_opinion.mentor.queries import find_asked, shown_differences


def asked_panel(request: HttpRequest, mentorship: Mentorship, *, is_preview: bool) -> SafeString:
    """Return the question that is open, or what was sent and can still change; blank without one."""
    asked = find_asked(mentorship) if mentorship.pk else None
    if asked is None:
        return mark_safe("")
    context = {
        "asked": asked,
        "minutes": asked.minutes_left(1),
        "frame": mentor_frame(mentorship, is_preview=is_preview),
        "is_preview": is_preview,
    }
    return render_to_string("second_opinion/_asked.html", context, request)


def differences_panel(request: HttpRequest, mentorship: Mentorship, *, is_preview: bool) -> SafeString:
    """Return the differences that the owner shows, with both levels; blank without one. One query."""
    rows = shown_differences(mentorship) if mentorship.pk else ()
    if not rows:
        return mark_safe("")
    context = {"rows": rows, "frame": mentor_frame(mentorship, is_preview=is_preview)}
    return render_to_string("second_opinion/_shown.html", context, request)
