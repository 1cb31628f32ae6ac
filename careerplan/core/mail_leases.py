"""When an email that was claimed, or not taken, may be tried again: one rule for reminders and mentorships."""

from datetime import timedelta

from django.conf import settings

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)


def lease() -> timedelta:
    """Return how long a claim lasts from the start of an email: longer than sending it may take (settings.py)."""
    return timedelta(seconds=settings.REMINDER_LEASE_SECONDS)


def pause_after(attempts: int) -> timedelta:
    """Return the pause after failed attempts: a minute after the first, then twice as long each time, up to an hour."""
    doublings: int = min(max(attempts - 1, 0), 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
