"""What a digest may tell and to whom, read right before it is sent."""

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
from careerplan.reminders.queries.hours import mail_day
from careerplan.reminders.queries.urgency import once_each
from careerplan.reminders.queries.wishes import preferences_of
from careerplan.reminders.statements import STILL_OWED, STILL_SO


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
    stop_condition: str
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
