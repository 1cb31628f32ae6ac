"""Reads of what is owed and what was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple, Protocol, TypeVar

import structlog
from allauth.account.models import EmailAddress
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Min, OuterRef, QuerySet

from accounts.models import User
from accounts.timezones import known_time_zones
from careerplan.core.database import run_prepared
from careerplan.core.dates import local_day, zone_of
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.reminders.kinds import DEFAULT_HOUR, DUE_SERIES
from careerplan.reminders.models import (
    LEAD_DAYS,
    Digest,
    GoalReminders,
    Preferences,
    Reminder,
    ReminderKind,
    SweepRecord,
)
from careerplan.reminders.statements import ATTENTION, STILL_OWED, STILL_SO
from careerplan.reviews.models import ReviewRhythm

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class MailHours:
    """For which hours (first and last included) the mail of `day` may go out now in a zone; under which name
    PostgreSQL knows that zone.
    """

    zone: str
    day: date
    first_hour: int
    last_hour: int
    database_zone: str


def mail_instant(day: date, hour: int, time_zone: str) -> datetime:
    """When it is `hour` on `day` in an IANA zone, in UTC.

    As RFC 5545 3.3.5 has it: a time that is skipped counts by the offset before the gap, one that comes twice is
    the first. That is what Python does with fold=0.
    """
    return datetime.combine(day, time(hour), tzinfo=zone_of(time_zone)).astimezone(UTC)


def next_mail_hour(now: datetime, time_zone: str, hour: int) -> datetime:
    """The first instant after `now` at which that hour comes on some day."""
    today = local_day(now, time_zone)
    coming = (mail_instant(today + timedelta(days=n), hour, time_zone) for n in range(-1, 4))
    return next(at for at in coming if at > now)


def mail_day(now: datetime, time_zone: str, hour: int) -> date | None:
    """The day whose mail may go out at `now`: from the hour to the end of the local day. None before the hour.

    It is today; only where the clocks jump from the mail's hour over midnight it is yesterday, whose hour comes
    at the first moment of today.
    """
    today = local_day(now, time_zone)
    if mail_instant(today, hour, time_zone) <= now:
        return today
    yesterday = today - timedelta(days=1)
    came = mail_instant(yesterday, hour, time_zone)
    return yesterday if came <= now and local_day(came, time_zone) == today else None


def mail_hours(now: datetime, time_zones: Iterable[str] | None = None) -> list[MailHours]:
    """The mail hours of zones (of all IANA zones) that have come at `now` (aware), from Python's zone data."""
    known = database_zones()
    hours = []
    for zone in sorted(known_time_zones()) if time_zones is None else time_zones:
        database_zone = zone if zone in known else "UTC"
        hours += [MailHours(zone, *came, database_zone) for came in _hours_come(now, zone)]
    return hours


def _hours_come(now: datetime, zone: str) -> list[tuple[date, int, int]]:
    """Days with their first and last hour that has come: one range, but around a change of the clocks."""
    local = now.astimezone(zone_of(zone))
    noon_before = datetime.combine(local.date() - timedelta(days=1), time(12), tzinfo=local.tzinfo)
    if noon_before.utcoffset() == local.utcoffset():
        return [(local.date(), 0, local.hour)]
    days = ((hour, mail_day(now, zone, hour)) for hour in range(24))
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


def preferences_of(user: User) -> Preferences:
    """What somebody wished; the defaults (not saved) where they have wished nothing yet."""
    return Preferences.objects.for_user(user).first() or Preferences(user=user)


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to, as things stand right before it is sent.

    `mail_day` is the day whose mail may go out now, None outside of the person's hours.
    """

    user: User
    address: str
    time_zone: str
    today: date
    mail_day: date | None
    hour: int
    muted_kinds: list[str]


def recipient_of(user: User, as_of: datetime) -> Recipient | None:
    """The person with their confirmed address and their day at `as_of`; None for who cannot be written to."""
    address = EmailAddress.objects.filter(user=user, primary=True, verified=True).first()
    if address is None or not user.is_active:
        return None
    wishes = preferences_of(user)
    today = local_day(as_of, user.time_zone)
    day = mail_day(as_of, user.time_zone, wishes.hour)
    return Recipient(user, address.email, user.time_zone, today, day, wishes.hour, wishes.muted_kinds)


class OwedRow(NamedTuple):
    """A row of still_owed.sql: a digest, whom it may go to, and one reminder in it (none: `reminder_id` is None)."""

    digest_id: int
    address: str
    time_zone: str
    hour: int
    was_refused: bool
    plan_title: str | None
    reminder_id: int | None
    kind: str
    goal_id: int | None
    step_id: int | None
    assessment_id: int | None
    review_id: int | None
    opportunity_id: int | None
    due_on: date
    lead_days: int
    step_title: str
    goal_title: str
    stop_unless: str
    opportunity_title: str
    organisation: str
    is_told: bool
    is_asking: bool = False  # of the digest: whether it asks about the e-mails


def owed_rows(digests: list[int]) -> list[OwedRow]:
    """What some digests hold and what of it may be told now, in one query."""
    return [OwedRow(*row) for row in run_prepared(STILL_OWED, {"digests": digests, "default_hour": DEFAULT_HOUR})]


def still_owed(digest: Digest, recipient: Recipient) -> list[Reminder]:
    """What of a digest is still so and still wanted (still_owed.sql), most urgent first; each goal or step once."""
    told = [row.reminder_id for row in owed_rows([digest.pk]) if row.is_told and row.reminder_id is not None]
    reminders = Reminder.objects.for_user(recipient.user).filter(pk__in=told)
    return once_each(reminders.select_related("goal__plan", "step", "assessment", "review", "opportunity"))


def still_so(reminders: QuerySet[Reminder]) -> list[Reminder]:
    """Those of `reminders` of which what they say is still so (is_so.sql), with what they are about. Two queries."""
    rows = list(reminders.select_related("goal__plan", "step", "assessment", "review", "opportunity"))
    with connection.cursor() as cursor:
        cursor.execute(STILL_SO, {"ids": [reminder.pk for reminder in rows]})
        so = {row[0] for row in cursor.fetchall()}
    return [reminder for reminder in rows if reminder.pk in so]


# What is about a date comes first, by that date; then what waits for an answer without one.
AT_LEISURE = (
    ReminderKind.GOAL_WITHOUT_STEP,
    ReminderKind.STEP_UNRATED,
    ReminderKind.ASSESSMENT_LEFT,
    ReminderKind.OPPORTUNITY_JUDGED,
)


class Subject(Protocol):
    """What a reminder is about, as a row of the model or of still_owed.sql has it."""

    @property
    def kind(self) -> str: ...
    @property
    def goal_id(self) -> int | None: ...
    @property
    def step_id(self) -> int | None: ...
    @property
    def assessment_id(self) -> int | None: ...
    @property
    def review_id(self) -> int | None: ...
    @property
    def opportunity_id(self) -> int | None: ...
    @property
    def due_on(self) -> date: ...
    @property
    def lead_days(self) -> int: ...


S = TypeVar("S", bound=Subject)


def urgency(reminder: Subject) -> tuple[bool, date, int, int]:
    """A key to sort by: what is longest due first, what has no date last."""
    return reminder.kind in AT_LEISURE, reminder.due_on, reminder.goal_id or 0, reminder.step_id or 0


def once_each(reminders: Iterable[S]) -> list[S]:
    """Reminders by urgency; of several of one series about one thing the last that came."""
    last: dict[tuple[str | int | None, ...], S] = {}
    for reminder in sorted(reminders, key=lambda reminder: -reminder.lead_days):
        series = "due" if reminder.kind in DUE_SERIES else reminder.kind
        about = reminder.assessment_id, reminder.review_id, reminder.opportunity_id
        last[series, reminder.goal_id, reminder.step_id, *about] = reminder
    return sorted(last.values(), key=urgency)


def sent_mails(user: User, limit: int = 10) -> list[Digest]:
    """The last mails that went out, newest first."""
    return list(Digest.objects.for_user(user).filter(state=Digest.State.SENT).order_by("-sent_at")[:limit])


@dataclass(frozen=True)
class Told:
    """One daily mail and what it told."""

    digest: Digest
    reminders: list[Reminder]


def mails_of(user: User, limit: int = 30) -> list[Told]:
    """The last daily mails, newest first, each with its state and what it tells; not the dropped ones. Two queries."""
    digests = list(
        Digest.objects.for_user(user).exclude(state=Digest.State.DROPPED).order_by("-local_date", "-id")[:limit]
    )
    told: dict[int, list[Reminder]] = {digest.pk: [] for digest in digests}
    for reminder in Reminder.objects.filter(digest__in=digests).select_related(
        "goal", "step", "assessment", "opportunity"
    ):
        told[reminder.digest_id].append(reminder)  # type: ignore[index]  # of a digest, as they were found by one
    return [Told(digest, once_each(told[digest.pk])) for digest in digests]


def unanswered(user: User, since: datetime) -> int:
    """How many mails went out since somebody was last seen."""
    return Digest.objects.for_user(user).filter(state=Digest.State.SENT, sent_at__gt=since).count()


@dataclass(frozen=True)
class Notices:
    """What was told in the app: what is new and still so, and what was seen; newest first."""

    new: list[Reminder]
    seen: list[Reminder]

    @property
    def last_id(self) -> int:
        """The newest of them, 0 where there is none: what comes up later is not put away with them."""
        return max((reminder.pk for reminder in self.new), default=0)


NOTICES_SHOWN = 50


def notices_of(user: User) -> Notices:
    """The last notices that are still so, each thing once. Two queries."""
    last = Reminder.objects.for_user(user).in_app().order_by("-local_date", "-id")[:NOTICES_SHOWN]
    rows = once_each(still_so(last))
    return Notices([row for row in rows if row.seen_at is None], [row for row in rows if row.seen_at is not None])


@dataclass(frozen=True)
class Attention:
    """What the product wants to say on Today: how many notices are new, whether it asks about the e-mails, and the
    address to which none are sent any more because mail servers refuse it.
    """

    new: int
    is_asking: bool
    stopped_address: str | None


def attention_for(user: User) -> Attention:
    """The new notices, and the question after mails that were not answered. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ATTENTION, {"user": user.pk})
        return Attention(*cursor.fetchone())


def muted_goals(user: User) -> list[Goal]:
    """Active goals somebody muted, by title."""
    goals = Goal.objects.for_user(user).active().filter(reminders__is_muted=True, plan__state=Plan.State.ACTIVE)
    return list(goals.order_by("title"))


def next_review_on(user: User) -> date | None:
    """When the next review of somebody's active plan is going to be due; None where they start them themselves."""
    rhythms = ReviewRhythm.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    return rhythms.values_list("next_on", flat=True).first()


@dataclass(frozen=True)
class GoalWishes:
    """What holds for the reminders of one goal, and what comes next."""

    leads: list[int]
    is_muted: bool
    next: "NextMention | None"


@dataclass(frozen=True)
class NextMention:
    """The next mail in which a goal or a step of it is due to be mentioned, if nothing changes until then."""

    day: date
    hour: int
    title: str
    days: int  # before its date; below zero: after

    @property
    def days_late(self) -> int:
        """How many days after its date."""
        return -self.days


def goal_wishes(goal: Goal, open_steps: Iterable[ActionStep], now: datetime) -> GoalWishes:
    """The wishes for an active goal of the reader. One query."""
    pauses = Pause.objects.filter(plan=OuterRef("plan")).order_by("starts_on", "pk")
    found = (
        Goal.objects.select_related("reminders", "plan__user__reminder_preferences")
        .annotate(begin=ArraySubquery(pauses.values("starts_on")), end=ArraySubquery(pauses.values("ends_on")))
        .get(pk=goal.pk)
    )
    paused = list(zip(found.begin, found.end, strict=True))  # type: ignore[attr-defined]  # annotated above
    own = getattr(found, "reminders", None) or GoalReminders(goal=goal)
    usual = getattr(found.plan.user, "reminder_preferences", None) or Preferences()
    leads = usual.goal_leads if own.leads is None else own.leads
    if own.is_muted:
        return GoalWishes(leads, is_muted=True, next=None)
    late = list(LEAD_DAYS[ReminderKind.OVERDUE]) if ReminderKind.OVERDUE not in usual.muted_kinds else []
    goal_days = [] if ReminderKind.GOAL_DUE in usual.muted_kinds else leads
    step_days = [] if ReminderKind.STEP_DUE in usual.muted_kinds else usual.step_leads
    dates = [(goal.title, goal.due_on, [*goal_days, *late])]
    dates += [(step.title, step.due_on, [*step_days, *late]) for step in open_steps]
    zone, today = found.plan.user.time_zone, local_day(now, found.plan.user.time_zone)
    first = today if mail_instant(today, usual.hour, zone) > now else today + timedelta(days=1)
    mentions = [
        NextMention(_after(paused, due_on - timedelta(days=days)), usual.hour, title, days)
        for title, due_on, all_days in dates
        for days in all_days
        if due_on - timedelta(days=days) >= first
    ]
    first_mention = min(mentions, key=lambda mention: mention.day, default=None)
    return GoalWishes(leads, is_muted=False, next=first_mention)


def _after(pauses: Iterable[tuple[date, date]], day: date) -> date:
    """The day, or the first one after the pause (from, to) it lies in."""
    for starts_on, ends_on in pauses:
        if starts_on <= day <= ends_on:
            day = ends_on + timedelta(days=1)
    return day


@dataclass(frozen=True)
class Standing:
    """How the reminders stand, for who operates the product."""

    states: dict[str, int]  # digests by stage
    oldest: datetime | None  # when the oldest owed digest was made
    swept_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the last sweep is too long ago, or there never was one."""
        return self.swept_at is None or now - self.swept_at > SWEEP_LATE


SWEEP_LATE = timedelta(minutes=3)


def standing() -> Standing:
    """Counts by state, the oldest that is owed, the last sweep. Three queries."""
    oldest = Digest.objects.owed().aggregate(oldest=Min("made_at"))["oldest"]
    return Standing(Digest.objects.by_stage(), oldest, last_sweep())


def last_sweep() -> datetime | None:
    """When a sweep last looked at what is owed. One query."""
    return SweepRecord.objects.values_list("swept_at", flat=True).first()
