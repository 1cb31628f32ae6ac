"""Noticing that somebody is there: at sign-in, and once an hour while they look at pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from careerplan.reminders.services import SEEN_AGAIN, note_presence

NOTED_AT = "presence_noted_at"  # in the session, so that a page costs no query for it; seconds since 1970


def note_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A sign-in is a sign of life; connected by RemindersConfig."""
    _note(request, user)


class PresenceMiddleware:
    """Notes signs of life; mails that had become rarer come again as wished."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            noted = request.session.get(NOTED_AT, 0)
            if timezone.now().timestamp() - noted >= SEEN_AGAIN.total_seconds():
                _note(request, request.user)
        return self.get_response(request)


def _note(request: HttpRequest, user: User) -> None:
    now = timezone.now()
    note_presence(user=user, now=now)
    request.session[NOTED_AT] = int(now.timestamp())
