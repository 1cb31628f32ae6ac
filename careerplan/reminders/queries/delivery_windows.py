"""Mail hours: when the hour comes at which somebody's mail goes out, by the clocks of their time zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import structlog
from django.db import connection

from accounts.timezones import known_time_zones
from careerplan.core.dates import get_zone, local_day

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DeliveryWindow:
    """For which hours (first and last included) the mail of `day` may go out now in a zone; under which name
    PostgreSQL knows that zone.
    """

    zone: str
    day: date
    first_hour: int
    last_hour: int
    database_zone: str


def delivery_time(day: date, hour: int, time_zone: str) -> datetime:
    """When it is `hour` on `day` in an IANA zone, in UTC.

    As RFC 5545 3.3.5 has it: a time that is skipped counts by the offset before the gap, one that comes twice is
    the first. That is what Python does with fold=0.
    """
    return datetime.combine(day, time(hour), tzinfo=get_zone(time_zone)).astimezone(UTC)


def next_delivery_time(now: datetime, time_zone: str, hour: int) -> datetime:
    """The first instant after `now` at which that hour comes on some day."""
    today = local_day(now, time_zone)
    coming = (delivery_time(today + timedelta(days=n), hour, time_zone) for n in range(-1, 4))
    return next(at for at in coming if at > now)


def delivery_day(now: datetime, time_zone: str, hour: int) -> date | None:
    """The day whose mail may go out at `now`: from the hour to the end of the local day. None before the hour.

    It is today; only where the clocks jump from the mail's hour over midnight it is yesterday, whose hour comes
    at the first moment of today.
    """
    today = local_day(now, time_zone)
    if delivery_time(today, hour, time_zone) <= now:
        return today
    yesterday = today - timedelta(days=1)
    came = delivery_time(yesterday, hour, time_zone)
    return yesterday if came <= now and local_day(came, time_zone) == today else None


def open_windows(now: datetime, time_zones: Iterable[str] | None = None) -> list[DeliveryWindow]:
    """The mail hours of zones (of all IANA zones) that have come at `now` (aware), from Python's zone data."""
    known = database_zones()
    hours = []
    for zone in sorted(known_time_zones()) if time_zones is None else time_zones:
        database_zone = zone if zone in known else "UTC"
        hours += [DeliveryWindow(zone, *came, database_zone) for came in _open_hours(now, zone)]
    return hours


def _open_hours(now: datetime, zone: str) -> list[tuple[date, int, int]]:
    """Days with their first and last hour that has come: one range, but around a change of the clocks."""
    local = now.astimezone(get_zone(zone))
    noon_before = datetime.combine(local.date() - timedelta(days=1), time(12), tzinfo=local.tzinfo)
    if noon_before.utcoffset() == local.utcoffset():
        return [(local.date(), 0, local.hour)]
    days = ((hour, delivery_day(now, zone, hour)) for hour in range(24))
    return [(day, hour, hour) for hour, day in days if day]


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
