"""User activity: recorded at sign-in, when they answer an email, and once an hour while they open pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from careerplan.core.absence import note_return
from careerplan.reminders.kinds import UNANSWERED_MOST
from careerplan.reminders.models import UserActivity
from careerplan.reminders.queries.digests import count_unanswered

ACTIVITY_INTERVAL = timedelta(hours=1)
RECORDED_AT = "activity_recorded_at"  # in the session, so that a page costs no query for it; seconds since 1970


@transaction.atomic
def record_activity(*, user: User, now: datetime) -> datetime | None:
    """Record that a person is active: their emails follow their preferences again. Once an hour is enough.

    Where we had sent fewer emails, the app asks whether time of day, number of emails or plan is wrong. Return when
    they were last seen before; None at the first time.
    """
    _activity, is_first = UserActivity.objects.get_or_create(user=user, defaults={"seen_at": user.date_joined})
    activity = UserActivity.objects.select_for_update().get(user=user)
    last_seen = activity.seen_at
    before = None if is_first else last_seen
    if now - last_seen < ACTIVITY_INTERVAL:
        return before
    if activity.feedback_asked_at is None and count_unanswered(user, activity.seen_at) >= UNANSWERED_MOST:
        activity.feedback_asked_at = now
    activity.seen_at = now
    activity.save(update_fields=["seen_at", "feedback_asked_at"])
    return before


def record_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Record a sign-in; connected by RemindersConfig."""
    _record(request, user)


class ActivityMiddleware:
    """Records activity, so that emails follow the preferences again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            recorded_at = request.session.get(RECORDED_AT, 0)
            if timezone.now().timestamp() - recorded_at >= ACTIVITY_INTERVAL.total_seconds():
                _record(request, request.user)
        return self.get_response(request)


def _record(request: HttpRequest, user: User) -> None:
    now = timezone.now()
    note_return(request, last_seen=record_activity(user=user, now=now), now=now)
    request.session[RECORDED_AT] = int(now.timestamp())
