"""Which mentorship a request is in: the one question that every page and post of a mentor asks.

A mentor comes in by an account that accepted the invitation, or by a session on one device, after a code that was
mailed to the invited address. Both are asked anew at each request, so what has ended is closed at the next one.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from secrets import token_urlsafe
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from careerplan.mentoring.mentor.closed_pages import closed_page
from careerplan.mentoring.mentor.visits import record_visit
from careerplan.mentoring.models import MentorSession, Mentorship

P = ParamSpec("P")
MentorView = Callable[Concatenate[HttpRequest, Mentorship, P], HttpResponse]


def find_mentorship(request: HttpRequest, key: UUID, *, now: datetime) -> Mentorship | None:
    """Return the live mentorship with this key that the request may see; None in all other cases. One query.

    The owner of the plan is nobody's mentor here: they look at the page of `people:view`.
    """
    may_see = Q(sessions__token_hash=hash_token(read_cookie(request, key)), sessions__expires_at__gt=now)
    if request.user.is_authenticated:
        may_see |= Q(mentor=request.user.pk)
    return Mentorship.objects.live(now).select_related("owner").filter(may_see, key=key).distinct().first()


def mentor_page(*, place: str = "") -> Callable[[MentorView[P]], Callable[..., HttpResponse]]:
    """Decorate a view of a mentor: `view(request, mentorship, ...)` at an address with `<uuid:key>`.

    It is called only with a live mentorship that the request may see. Otherwise a GET leads to the page of the
    invitation, where a code can be asked for, and a POST gets its words back and changes nothing. An unknown key is not
    found. `place` names the page in the visit that the owner sees ("plan", "goal"); with `pk` in the address it is
    "goal-12".
    """

    def decorate(view: MentorView[P]) -> Callable[..., HttpResponse]:
        @login_not_required
        @wraps(view)
        def wrapped(request: HttpRequest, key: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            mentorship = find_mentorship(request, key, now=now)
            if mentorship is None:
                return _refuse(request, key, now)
            response = view(request, mentorship, *args, **kwargs)
            if place and request.method == "GET" and response.status_code == 200:
                record_visit(
                    mentorship=mentorship, place=f"{place}-{kwargs['pk']}" if "pk" in kwargs else place, now=now
                )
            return response

        return wrapped

    return decorate


def _refuse(request: HttpRequest, key: UUID, now: datetime) -> HttpResponse:
    mentorship = (
        Mentorship.objects.exclude(state=Mentorship.State.DRAFT).select_related("owner").filter(key=key).first()
    )
    if mentorship is None:
        raise Http404
    if request.method == "POST" or not mentorship.is_open:
        return closed_page(request, mentorship, now=now)
    return redirect("mentor:invitation", key=key)


# --- Sessions without an account ----------------------------------------------------------------------------
def open_session(response: HttpResponse, mentorship: Mentorship, *, stays: bool, now: datetime) -> None:
    """Let this device in for 12 hours, or for one on a shared computer (until the browser is closed)."""
    token, lifetime = token_urlsafe(32), MentorSession.LIFETIME if stays else MentorSession.SHORT_LIFETIME
    mentorship.sessions.create(token_hash=hash_token(token), opened_at=now, expires_at=now + lifetime)
    samesite: Any = settings.SESSION_COOKIE_SAMESITE
    response.set_cookie(
        cookie_name(mentorship.key),
        token,
        max_age=int(lifetime.total_seconds()) if stays else None,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=samesite,
    )


def end_session(request: HttpRequest, response: HttpResponse, mentorship: Mentorship) -> None:
    """Close this device for a mentorship."""
    mentorship.sessions.filter(token_hash=hash_token(read_cookie(request, mentorship.key))).delete()
    samesite: Any = settings.SESSION_COOKIE_SAMESITE
    response.delete_cookie(cookie_name(mentorship.key), samesite=samesite)


def cookie_name(key: UUID) -> str:
    """Return the name of the cookie with the token of a mentorship: a device may hold several."""
    return f"{settings.MENTOR_COOKIE_PREFIX}{key.hex}"


def read_cookie(request: HttpRequest, key: UUID) -> str:
    """Return the token of this device for a mentorship; "" without one."""
    return request.COOKIES.get(cookie_name(key), "")


def hash_token(token: str) -> str:
    """Return what is stored of a token. An empty one matches no row: its hash is never stored."""
    return hashlib.sha256(token.encode()).hexdigest() if token else ""
