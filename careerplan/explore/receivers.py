"""After signing up or in: keep what the visitor answered, where that replaces nothing."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.core.dates import get_zone
from careerplan.explore import services
from careerplan.explore.queries import occupation_by_key
from careerplan.explore.tryout import load_tryout
from careerplan.skills.models import Assessment


def keep_after_sign_in(request: HttpRequest, user: User, response: HttpResponse, **kwargs: Any) -> None:
    """Keep the answers or the target role of the address that sign-in leads to (signal of allauth).

    Only if there is nothing yet that they could replace; otherwise the page at that address offers it.
    """
    link = urlsplit(getattr(response, "url", ""))
    try:
        match = resolve(link.path)
    except Resolver404:
        return
    occupation = occupation_by_key(match.kwargs["key"]) if match.view_name == "explore:keep" else None
    if occupation is None:
        return
    if not link.query:
        _keep_target(request, user, occupation)
    elif (tryout := load_tryout(occupation)) and (levels := tryout.read_answers(QueryDict(link.query))):
        _keep_answers(request, user, occupation, levels)


def _keep_answers(request: HttpRequest, user: User, occupation: Occupation, levels: dict[int, int | None]) -> None:
    if Assessment.objects.for_user(user).exists():
        return
    services.keep_answers(user=user, occupation=occupation, levels=levels, now=timezone.now())
    words = ngettext(
        "We saved your %(n)s answer. Your assessment starts with it.",
        "We saved your %(n)s answers. Your assessment starts with them.",
        len(levels),
    )
    messages.success(request, words % {"n": len(levels)})


def _keep_target(request: HttpRequest, user: User, occupation: Occupation) -> None:
    today = timezone.localdate(timezone=get_zone(user.time_zone))
    if services.choose_first_target(user=user, occupation=occupation, today=today):
        messages.success(request, _("Your target role is now %(title)s.") % {"title": occupation.title})
