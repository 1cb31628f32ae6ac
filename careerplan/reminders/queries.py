"""Reads of what is owed and what was sent."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import structlog
from django.db import connection

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.reminders.models import Digest, Preferences

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WallClock:
    """What day and hour it is in a zone, and under which name PostgreSQL knows that zone."""

    zone: str
    day: date
    hour: int
    database_zone: str


def wall_clocks(now: datetime) -> list[WallClock]:
    """The wall clocks of every IANA zone at `now` (aware), from Python's zone data."""
    known = database_zones()
    clocks = []
    for zone in sorted(known_time_zones()):
        local = now.astimezone(ZoneInfo(zone))
        clocks.append(WallClock(zone, local.date(), local.hour, zone if zone in known else "UTC"))
    return clocks


@cache
def database_zones() -> frozenset[str]:
    """The zones PostgreSQL knows. A server's own data may be older than ours: a zone it lacks is taken as UTC
    where a past instant is turned into local time, which is hours off at worst; it never stops a round.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names")
        known = frozenset(row[0] for row in cursor.fetchall())
    if missing := known_time_zones() - known:
        log.warning("zones the database does not know", count=len(missing))
    return known


def preferences_of(user: User) -> Preferences:
    """What somebody wished; the defaults (not saved) where they have wished nothing yet."""
    return Preferences.objects.for_user(user).first() or Preferences(user=user)


def sent_mails(user: User, limit: int = 10) -> list[Digest]:
    """The last mails that went out, newest first."""
    return list(Digest.objects.for_user(user).filter(state=Digest.State.SENT).order_by("-sent_at")[:limit])
