"""Query of the reminders and the recipient of a digest, right before it is sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from careerplan.core.database import run_prepared
from careerplan.core.dates import local_day
from careerplan.reminders.kinds import DEFAULT_HOUR
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.delivery_windows import delivery_day
from careerplan.reminders.queries.preferences import preferences_of
from careerplan.reminders.queries.urgency import unique_by_target
from careerplan.reminders.statements import DIGEST_CONTENTS, VALID_REMINDERS


@dataclass(frozen=True)
class Recipient:
    """Recipient of an email.

    `delivery_day` is the day whose email may be sent now, None outside the user's hours.
    """

    user: User
    address: str
    time_zone: str
    today: date
    delivery_day: date | None
    hour: int
    muted_kinds: list[str]


def recipient_of(user: User, as_of: datetime) -> Recipient | None:
    """Return a user with a confirmed address and their local day at `as_of`; None if they cannot get emails."""
    address = EmailAddress.objects.filter(user=user, primary=True, verified=True).first()
    if address is None or not user.is_active:
        return None
    preferences = preferences_of(user)
    today = local_day(as_of, user.time_zone)
    day = delivery_day(as_of, user.time_zone, preferences.hour)
    return Recipient(user, address.email, user.time_zone, today, day, preferences.hour, preferences.muted_kinds)


class DigestRow(NamedTuple):
    """A row of digest_contents.sql: a digest, its recipient and one reminder in it, if any."""

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
    asks_for_feedback: bool = False  # of the digest: whether it asks for feedback about the emails


def load_digest_rows(digests: list[int]) -> list[DigestRow]:
    """Load the recipients and valid reminders of digests, in one query."""
    return [
        DigestRow(*row) for row in run_prepared(DIGEST_CONTENTS, {"digests": digests, "default_hour": DEFAULT_HOUR})
    ]


def valid_reminders_of(digest: Digest, recipient: Recipient) -> list[Reminder]:
    """Return the valid reminders of a digest (digest_contents.sql), most urgent first, each goal or step once."""
    told = [row.reminder_id for row in load_digest_rows([digest.pk]) if row.is_valid and row.reminder_id is not None]
    reminders = Reminder.objects.for_user(recipient.user).filter(pk__in=told)
    return unique_by_target(reminders.select_related("goal__plan", "step", "assessment", "review", "opportunity"))


def filter_valid(reminders: QuerySet[Reminder]) -> list[Reminder]:
    """Return the reminders that are still valid (is_valid.sql), with their targets. Two queries."""
    rows = list(reminders.select_related("goal__plan", "step", "assessment", "review", "opportunity"))
    with connection.cursor() as cursor:
        cursor.execute(VALID_REMINDERS, {"ids": [reminder.pk for reminder in rows]})
        so = {row[0] for row in cursor.fetchall()}
    return [reminder for reminder in rows if reminder.pk in so]
