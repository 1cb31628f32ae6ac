"""What was told: the mails that went out, the notices in the app, and what the product asks on Today."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import User
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.queries.owed import still_so
from careerplan.reminders.queries.urgency import once_each
from careerplan.reminders.statements import ATTENTION


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
