"""Second opinions on the owner's pages about people."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from careerplan.mentoring.models import Mentorship

SHOWN = 3


def opinion_panel(request: HttpRequest, mentorship: Mentorship) -> SafeString:
    """Return the section of a person: ask, how far it is, what is undecided, and earlier ones. One query."""
    decision = "skills__rating__decision"
    undecided = Count(decision, filter=Q(**{f"{decision}__choice": ""}))
    rows = mentorship.second_opinions.annotate(undecided=undecided)
    found = list(rows.order_by("-asked_at", "-id")[:SHOWN])  # Django drops the usual order of groups
    is_open = any(not one.is_sent for one in found)
    context = {"person": mentorship, "opinions": found, "can_ask": not is_open}
    return render_to_string("second_opinion/_panel.html", context, request)


def opinion_line(request: HttpRequest, mentorship: Mentorship) -> SafeString:
    """Return that answers are here and not opened; blank without. One query."""
    sent = mentorship.second_opinions.sent().filter(opened_at=None).first()
    if sent is None:
        return mark_safe("")
    return render_to_string("second_opinion/_line.html", {"person": mentorship, "opinion": sent}, request)
