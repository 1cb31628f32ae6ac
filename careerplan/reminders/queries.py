"""Reads of what is owed and what was sent."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import structlog
from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Exists, OuterRef

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.core.dates import local_day
from careerplan.plans.models import Pause
from careerplan.reminders.models import Digest, Preferences, Reminder

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


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to, as things stand right before it is sent."""

    user: User
    address: str
    time_zone: str
    today: date
    hour: int
    muted_kinds: list[str]


def recipient_of(user: User, as_of: datetime) -> Recipient | None:
    """The person with their confirmed address and their day at `as_of`; None for who cannot be written to."""
    address = EmailAddress.objects.filter(user=user, primary=True, verified=True).first()
    if address is None or not user.is_active:
        return None
    wishes = preferences_of(user)
    today = local_day(as_of, user.time_zone)
    return Recipient(user, address.email, user.time_zone, today, wishes.hour, wishes.muted_kinds)


def still_owed(digest: Digest, recipient: Recipient) -> list[Reminder]:
    """What of a digest is still so, most urgent (longest due) first; each goal or step once.

    Nothing on a day of a pause: it may have been made after the digest.
    """
    pauses = Pause.objects.on(recipient.today).filter(plan=OuterRef("goal__plan"))
    reminders = (
        Reminder.objects.for_user(recipient.user)
        .filter(digest=digest)
        .exclude(kind__in=recipient.muted_kinds)
        .exclude(Exists(pauses))
        .select_related("goal__plan", "step")
        .order_by("due_on", "goal_id", "step_id", "lead_days")
    )
    by_subject: dict[tuple[int, int | None], Reminder] = {}
    for reminder in reminders:
        if reminder.is_still_owed():
            by_subject.setdefault((reminder.goal_id, reminder.step_id), reminder)
    return list(by_subject.values())


def sent_mails(user: User, limit: int = 10) -> list[Digest]:
    """The last mails that went out, newest first."""
    return list(Digest.objects.for_user(user).filter(state=Digest.State.SENT).order_by("-sent_at")[:limit])
