"""Reads of what is owed and what was sent."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.reminders.models import Digest, Preferences, Reminder


def wall_clocks(now: datetime) -> list[tuple[str, date, int]]:
    """The day and hour it is at `now` (aware) in every IANA zone: [(zone, day, hour), ...]."""
    clocks = []
    for zone in sorted(known_time_zones()):
        local = now.astimezone(ZoneInfo(zone))
        clocks.append((zone, local.date(), local.hour))
    return clocks


def preferences_of(user: User) -> Preferences:
    """What somebody wished; the defaults (not saved) where they have wished nothing yet."""
    return Preferences.objects.for_user(user).first() or Preferences(user=user)


def still_owed(digest: Digest) -> list[Reminder]:
    """What of a digest is still so, most urgent (longest due) first. Two queries."""
    muted = preferences_of(digest.user).muted_kinds
    reminders = (
        Reminder.objects.for_user(digest.user)
        .filter(digest=digest)
        .exclude(kind__in=muted)
        .select_related("goal__plan", "step")
        .order_by("due_on", "id")
    )
    return [reminder for reminder in reminders if reminder.is_still_owed()]


def sent_mails(user: User, limit: int = 10) -> list[Digest]:
    """The last mails that went out, newest first."""
    return list(Digest.objects.for_user(user).filter(state=Digest.State.SENT).order_by("-sent_at")[:limit])
