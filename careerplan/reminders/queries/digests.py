"""Queries of digests: the reminders and the recipient, read right before sending, and the digests that were sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeVar

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import User
from careerplan.core.database import read_sql, run_prepared
from careerplan.reminders.kinds import DEFAULT_HOUR, DUE_SERIES, UNANSWERED_MOST, WEEK_DAYS, ReminderKind
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.preferences import preferences_of

# Kinds without a date of their own: they come after all that have one.
UNDATED_KINDS = (
    ReminderKind.GOAL_WITHOUT_STEP,
    ReminderKind.STEP_UNRATED,
    ReminderKind.ASSESSMENT_ABANDONED,
    ReminderKind.OPPORTUNITY_OUTCOME_REVIEW,
)


def read_reminders_sql(name: str) -> str:
    """Return a statement of this app, with the rule of is_valid.sql in its place."""
    rule = read_sql("careerplan.reminders", "is_valid.sql")
    return read_sql("careerplan.reminders", name).replace("/*is_valid*/", rule)


VALID_REMINDERS = read_reminders_sql("valid_reminders.sql")
DIGEST_CONTENTS = read_reminders_sql("digest_contents.sql")


class ReminderTarget(Protocol):
    """Target and date of a reminder: a `Reminder` or a `DigestRow`."""

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


T = TypeVar("T", bound=ReminderTarget)


def urgency(reminder: ReminderTarget) -> tuple[bool, date, int, int]:
    """Return a sort key: the longest due first, reminders without a date last."""
    return reminder.kind in UNDATED_KINDS, reminder.due_on, reminder.goal_id or 0, reminder.step_id or 0


def unique_by_target(reminders: Iterable[T]) -> list[T]:
    """Return reminders by urgency; of several in one series about one target only the last."""
    last: dict[tuple[str | int | None, ...], T] = {}
    for reminder in sorted(reminders, key=lambda reminder: -reminder.lead_days):
        last[target_of(reminder)] = reminder
    return sorted(last.values(), key=urgency)


def target_of(reminder: ReminderTarget) -> tuple[str | int | None, ...]:
    """Return what a reminder is about: its series and its target."""
    series = "due" if reminder.kind in DUE_SERIES else reminder.kind
    other_target = reminder.assessment_id, reminder.review_id, reminder.opportunity_id
    return series, reminder.goal_id, reminder.step_id, *other_target


@dataclass(frozen=True)
class Recipient:
    """A person who can get email: their confirmed address and their time of day."""

    address: str
    hour: int


def recipient_of(user: User) -> Recipient | None:
    """Return where and when a person gets email; None where we cannot write to them."""
    address = EmailAddress.objects.filter(user=user, primary=True, verified=True).first()
    if address is None or not user.is_active:
        return None
    return Recipient(address.email, preferences_of(user).hour)


class DigestRow(NamedTuple):
    """A row of digest_contents.sql: a digest, its recipient and one reminder in it, if it has any."""

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
    stop_condition: str
    opportunity_title: str
    organisation: str
    is_valid: bool
    asks_for_feedback: bool = False  # of the digest: whether it asks about the emails
    last_sent_at: datetime | None = None  # of the person: when their last email of these days went out
    obstacle: str = ""  # of the step, or else of its goal
    obstacle_plan: str = ""
    is_before_gap: bool = False  # of the digest: whether tomorrow's email would be held back


def load_digest_rows(digests: list[int]) -> list[DigestRow]:
    """Return the reminders of some digests by their ids. One query."""
    values = {"default_hour": DEFAULT_HOUR, "week": WEEK_DAYS, "unanswered": UNANSWERED_MOST}
    rows = run_prepared(DIGEST_CONTENTS, {"digests": digests, **values})
    return [DigestRow(*row) for row in rows]


def filter_valid(reminders: QuerySet[Reminder]) -> list[Reminder]:
    """Return the reminders that are still valid (is_valid.sql), with their targets. Two queries."""
    rows = list(reminders.select_related("goal__plan", "step", "assessment", "review", "opportunity"))
    with connection.cursor() as cursor:
        cursor.execute(VALID_REMINDERS, {"ids": [reminder.pk for reminder in rows]})
        valid = {row[0] for row in cursor.fetchall()}
    return [reminder for reminder in rows if reminder.pk in valid]


ATTENTION = read_reminders_sql("attention.sql")
NEW_NOTIFICATIONS = read_reminders_sql("new_notifications.sql")
NOTIFICATIONS_SHOWN = 50


def count_unanswered(user: User, since: datetime) -> int:
    """Count the emails sent since a person was last active."""
    return Digest.objects.for_user(user).filter(state=Digest.State.SENT, sent_at__gt=since).count()


@dataclass(frozen=True)
class SentDigest:
    """One daily email with its reminders."""

    digest: Digest
    reminders: list[Reminder]


def list_digests(user: User, limit: int = 30) -> list[SentDigest]:
    """Return the last daily emails, newest first, sent or not, without the dropped ones. Two queries."""
    digests = list(
        Digest.objects.for_user(user).exclude(state=Digest.State.DROPPED).order_by("-local_date", "-id")[:limit]
    )
    reminders: dict[int, list[Reminder]] = {digest.pk: [] for digest in digests}
    for reminder in Reminder.objects.filter(digest__in=digests).select_related(
        "goal", "step", "assessment", "opportunity"
    ):
        reminders[reminder.digest_id].append(reminder)  # type: ignore[index]  # found by its digest
    return [SentDigest(digest, unique_by_target(reminders[digest.pk])) for digest in digests]


@dataclass(frozen=True)
class Notifications:
    """Valid notifications in the app, newest day first, the most urgent of a day first: new ones and seen ones."""

    new: list[Reminder]
    seen: list[Reminder]

    @property
    def last_id(self) -> int:
        """Newest id, or 0: later notifications are not marked as read together with these."""
        return max((reminder.pk for reminder in self.new), default=0)


def list_notifications(user: User) -> Notifications:
    """Return the last valid notifications, each target once: new ones, and the last read ones. Three queries."""
    with connection.cursor() as cursor:
        cursor.execute(NEW_NOTIFICATIONS, {"user": user.pk, "most": NOTIFICATIONS_SHOWN})
        new_ids = [row[0] for row in cursor.fetchall()]
    in_app = Reminder.objects.for_user(user).in_app()
    read = in_app.filter(seen_at__isnull=False).order_by("-local_date", "-id")[:NOTIFICATIONS_SHOWN]
    shown = in_app.filter(Q(pk__in=new_ids) | Q(pk__in=read.values("pk")))
    rows = filter_valid(shown)
    new, seen = ([row for row in rows if (row.seen_at is None) == is_new] for is_new in (True, False))
    told_again = {target_of(row) for row in new}
    return Notifications(
        _newest_day_first(new), _newest_day_first(row for row in seen if target_of(row) not in told_again)
    )


def _newest_day_first(reminders: Iterable[Reminder]) -> list[Reminder]:
    return sorted(unique_by_target(reminders), key=lambda row: row.local_date, reverse=True)


@dataclass(frozen=True)
class ReminderAttention:
    """What Today shows about reminders: the number of new notifications (as many as the list shows, at most), whether
    we ask for feedback, and an address that mail servers reject.
    """

    new: int
    asks_for_feedback: bool
    stopped_address: str | None


def attention_for(user: User) -> ReminderAttention:
    """Return what needs the attention of a person (attention.sql). One query."""
    [row] = run_prepared(ATTENTION, {"user": user.pk, "most": NOTIFICATIONS_SHOWN})
    return ReminderAttention(*row)
