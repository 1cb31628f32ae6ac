"""Queries of sent emails, notifications and the question on Today."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.digest_rows import filter_valid
from careerplan.reminders.queries.urgency import unique_by_target
from careerplan.reminders.statements import ATTENTION


def sent_mails(user: User, limit: int = 10) -> list[Digest]:
    """Return the last emails, newest first."""
    return list(Digest.objects.for_user(user).filter(state=Digest.State.SENT).order_by("-sent_at")[:limit])


@dataclass(frozen=True)
class SentDigest:
    """A daily email and its reminders."""

    digest: Digest
    reminders: list[Reminder]


def list_digests(user: User, limit: int = 30) -> list[SentDigest]:
    """Return the last daily emails without dropped ones, newest first, each with its state and reminders. Two
    queries.
    """
    digests = list(
        Digest.objects.for_user(user).exclude(state=Digest.State.DROPPED).order_by("-local_date", "-id")[:limit]
    )
    told: dict[int, list[Reminder]] = {digest.pk: [] for digest in digests}
    for reminder in Reminder.objects.filter(digest__in=digests).select_related(
        "goal", "step", "assessment", "opportunity"
    ):
        told[reminder.digest_id].append(reminder)  # type: ignore[index]  # of a digest, as they were found by one
    return [SentDigest(digest, unique_by_target(told[digest.pk])) for digest in digests]


def unanswered(user: User, since: datetime) -> int:
    """Return how many emails were sent since the user was last active."""
    return Digest.objects.for_user(user).filter(state=Digest.State.SENT, sent_at__gt=since).count()


@dataclass(frozen=True)
class Notifications:
    """Valid new notifications, and read ones; newest first."""

    new: list[Reminder]
    seen: list[Reminder]

    @property
    def last_id(self) -> int:
        """Return the id of the newest notification, 0 if there is none: later ones are not marked as read with it."""
        return max((reminder.pk for reminder in self.new), default=0)


NOTIFICATIONS_SHOWN = 50


def list_notifications(user: User) -> Notifications:
    """Return the last notifications that are still valid, each target once. Two queries."""
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
    """Return the new notifications, and the question after unanswered emails. One query."""
    with connection.cursor() as cursor:
        cursor.execute(ATTENTION, {"user": user.pk})
        return ReminderAttention(*cursor.fetchone())
