"""Returning after a week or more away: the session keeps since when, until the person has caught up."""

from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone

AWAY_FOR = timedelta(days=7)
"""How long people are away before we welcome them back."""
AWAY_SINCE = "away_since"  # in the session: the day of the visit before, ISO 8601


def note_return(request: HttpRequest, *, last_seen: datetime | None, now: datetime) -> None:
    """Remember the day of the visit before, if there was one, a week ago or more."""
    if last_seen and now - last_seen >= AWAY_FOR:
        request.session[AWAY_SINCE] = timezone.localdate(last_seen).isoformat()


def away_since(request: HttpRequest) -> date | None:
    """Return the day of the visit before a week or more away; None if the person has caught up since."""
    day = request.session.get(AWAY_SINCE)
    return date.fromisoformat(day) if day else None


def forget_absence(request: HttpRequest) -> None:
    """Forget it: the person has caught up, or does not want to."""
    request.session.pop(AWAY_SINCE, None)
