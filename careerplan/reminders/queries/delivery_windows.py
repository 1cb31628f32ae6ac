"""Delivery windows: when the time of day of an email comes, by the clocks of each time zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from careerplan.core.dates import get_zone, local_day

# One email a day is never two within this, whatever the clocks of the places are that someone travels between.
SHORTEST_GAP = timedelta(hours=18)
# Clocks of two machines may differ by this.
CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class DeliveryWindow:
    """The hours (first and last included) for which the mail of `day` may go out now in a zone."""

    zone: str
    day: date
    first_hour: int
    last_hour: int

    @property
    def day_began_at(self) -> datetime:
        """Return the first moment of the day."""
        return delivery_time(self.day, 0, self.zone)


def delivery_time(day: date, hour: int, time_zone: str) -> datetime:
    """Return, in UTC, the moment of `hour` on `day` in an IANA zone.

    By RFC 5545 3.3.5: a time that is skipped counts by the offset before the gap, of a time that comes twice the first
    counts. That is what Python does with fold=0.
    """
    return datetime.combine(day, time(hour), tzinfo=get_zone(time_zone)).astimezone(UTC)


def wait_after(last_sent_at: datetime | None, as_of: datetime) -> timedelta:
    """Return how long to wait at `as_of` so that two emails are SHORTEST_GAP apart; nothing if they are.

    Ignores an email that lies in the future: an operator asks about an earlier time.
    """
    if last_sent_at is None or last_sent_at > as_of + CLOCKS_DIFFER:
        return timedelta()
    return max(last_sent_at + SHORTEST_GAP - as_of, timedelta())


def next_delivery_time(now: datetime, time_zone: str, hour: int) -> datetime:
    """Return the first moment after `now` at which that hour comes on some day."""
    today = local_day(now, time_zone)
    coming = (delivery_time(today + timedelta(days=n), hour, time_zone) for n in range(-1, 4))
    return next(at for at in coming if at > now)


def delivery_day(now: datetime, time_zone: str, hour: int) -> date | None:
    """Return the day whose mail may go out at `now`: from the hour to the end of the local day. None before the hour.

    It is today, or yesterday where the clocks jump from the hour over midnight: then yesterday's hour comes at the
    first moment of today.
    """
    today = local_day(now, time_zone)
    if delivery_time(today, hour, time_zone) <= now:
        return today
    yesterday = today - timedelta(days=1)
    came = delivery_time(yesterday, hour, time_zone)
    return yesterday if came <= now and local_day(came, time_zone) == today else None


def open_windows(now: datetime, time_zones: Iterable[str]) -> list[DeliveryWindow]:
    """Return the delivery windows of time zones that are open at `now` (aware)."""
    return [DeliveryWindow(zone, *hours) for zone in time_zones for hours in _open_hours(now, zone)]


def windows_of_days(time_zone: str, days: Iterable[date]) -> list[DeliveryWindow]:
    """Return a window for each of some days in a zone, for any hour: when it comes is known to the caller."""
    return [DeliveryWindow(time_zone, day, 0, 23) for day in days]


def _open_hours(now: datetime, zone: str) -> list[tuple[date, int, int]]:
    """Return days with their first and last hour that has come: one range, more around a change of the clocks."""
    local = now.astimezone(get_zone(zone))
    noon_before = datetime.combine(local.date() - timedelta(days=1), time(12), tzinfo=local.tzinfo)
    if noon_before.utcoffset() == local.utcoffset():
        return [(local.date(), 0, local.hour)]
    days = ((hour, delivery_day(now, zone, hour)) for hour in range(24))
    return [(day, hour, hour) for hour, day in days if day]
