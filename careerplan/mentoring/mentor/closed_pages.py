"""The page of a mentor who may not see, or no longer: it gives back what was typed, which was not sent."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from careerplan.core.expired_session import typed_texts
from careerplan.mentoring.models import Mentorship

MOST_TEXTS = 10


def invitation_path(mentorship: Mentorship) -> str:
    """Return the address of the invitation, where a mentor comes in."""
    return f"/with/{mentorship.key}/"


def closed_page(request: HttpRequest, mentorship: Mentorship, *, now: datetime) -> HttpResponse:
    """Return the page that says that a plan is closed to this browser. Nothing of the plan is in it."""
    is_over = not Mentorship.objects.live(now).filter(pk=mentorship.pk).exists()
    texts = [text for text in typed_texts(request.POST) if text.strip()][:MOST_TEXTS]
    owner = mentorship.owner.first_name or _("The owner")
    context = {
        "invitation_url": invitation_path(mentorship),
        "owner_first_name": owner,
        "is_over": is_over,
        "has_left": mentorship.end_reason == Mentorship.EndReason.LEFT,
        "typed": texts,
    }
    return render(request, "mentor/closed.html", context, status=410 if is_over else 403)
