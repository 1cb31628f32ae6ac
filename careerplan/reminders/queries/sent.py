"""Sent emails, notifications in the app, and what Today says about both."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.digests import filter_valid, read_reminders_sql, unique_by_target

ATTENTION = read_reminders_sql("attention.sql")
NOTIFICATIONS_SHOWN = 50


def sent_mails(user: User, limit: int = 10) -> list[Digest]:
    """Return the last sent emails, newest first."""
    return list(Digest.objects.for_user(user).filter(state=Digest.State.SENT).order_by("-sent_at")[:limit])


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
    """Valid notifications in the app, newest first: new ones and seen ones."""

    new: list[Reminder]
    seen: list[Reminder]

    @property
    def last_id(self) -> int:
        """Newest id, or 0: later notifications are not marked as read together with these."""
        return max((reminder.pk for reminder in self.new), default=0)


def list_notifications(user: User) -> Notifications:
    """Return the last valid notifications, each target once. Two queries."""
    last = Reminder.objects.for_user(user).in_app().order_by("-local_date", "-id")[:NOTIFICATIONS_SHOWN]
    rows = unique_by_target(filter_valid(last))
    return Notifications([row for row in rows if row.seen_at is None], [row for row in rows if row.seen_at is not None])


@dataclass(frozen=True)
class ReminderAttention:
    """What Today shows about reminders: the number of new notifications, whether we ask for feedback, and an
    address that mail servers reject.
    """

    new: int
    asks_for_feedback: bool
    stopped_address: str | None


def attention_for(user: User) -> ReminderAttention:
    """Return what needs the attention of a person (attention.sql). One query."""
    with connection.cursor() as cursor:
        cursor.execute(ATTENTION, {"user": user.pk})
        return ReminderAttention(*cursor.fetchone())
