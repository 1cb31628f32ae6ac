"""Record activity at sign-in, and once an hour while someone opens pages."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from careerplan.reminders.services import ACTIVITY_INTERVAL, record_activity

RECORDED_AT = "activity_recorded_at"  # in the session, so that a page needs no query for it; seconds since 1970


def record_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record a sign-in; connected by RemindersConfig."""
    _note(request, user)


class ActivityMiddleware:
    """Record activity, so that emails follow the preferences again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            noted = request.session.get(RECORDED_AT, 0)
            if timezone.now().timestamp() - noted >= ACTIVITY_INTERVAL.total_seconds():
                _note(request, request.user)
        return self.get_response(request)


def _note(request: HttpRequest, user: User) -> None:
    now = timezone.now()
    record_activity(user=user, now=now)
    request.session[RECORDED_AT] = int(now.timestamp())
