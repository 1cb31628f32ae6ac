"""The time zone data in use: the tzdata package (docs/adr/0033), and the changes of the clocks in it."""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured
from tzdata import IANA_VERSION

from careerplan.core.dates import get_zone

YEARS_BEFORE, YEARS_AFTER = 5, 2
"""Changes are listed for so many years around a year. Older moments count by the first offset of the list."""
STEP = timedelta(days=14)
"""No two changes of a zone are nearer: a summer time that is interrupted for Ramadan pauses for weeks."""


def zone_data_version() -> str:
    """Return the release of the IANA data in use. Raises ImproperlyConfigured where the system's files would decide."""
    if zoneinfo.TZPATH:
        raise ImproperlyConfigured(f"Time zones come from {', '.join(zoneinfo.TZPATH)} instead of the tzdata package.")
    return str(IANA_VERSION)


class ClockChanges(NamedTuple):
    """When the offset from UTC changes in a zone, and to what: arrays of PostgreSQL, as text. The first: -infinity."""

    changed_at: str
    utc_offsets: str


@lru_cache(maxsize=2048)  # all zones for a few years
def clock_changes(name: str, year: int) -> ClockChanges:
    """Return the changes of the clocks in a zone around a year."""
    zone = get_zone(name)
    at, end = datetime(year - YEARS_BEFORE, 1, 1, tzinfo=UTC), datetime(year + YEARS_AFTER, 1, 1, tzinfo=UTC)
    moments, offset = ["-infinity"], _offset(zone, at)
    offsets = [f"{offset} seconds"]
    while at < end:
        following = at + STEP
        if (changed := _offset(zone, following)) != offset:
            moments.append(f'"{_first_with(zone, changed, at, following).isoformat()}"')
            offsets.append(f"{changed} seconds")
            offset = changed
        at = following
    return ClockChanges("{" + ",".join(moments) + "}", "{" + ",".join(offsets) + "}")


def _offset(zone: zoneinfo.ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _first_with(zone: zoneinfo.ZoneInfo, offset: int, before: datetime, after: datetime) -> datetime:
    """Return the second at which the offset begins, between a moment without and a moment with it."""
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after
