"""One account as an operator sees it: address, state, emails, browsers and counts. Never a text of a plan."""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress

from accounts.factors.queries import Factors, load_factors
from accounts.models import User
from accounts.queries import SignedInDevice, list_signed_in_devices
from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.operators.models import AuditAction, AuditEntry
from careerplan.plans.models import Pause
from careerplan.reminders.kinds import ReminderKind
from careerplan.reminders.models import Digest, RefusedAddress, UserActivity
from careerplan.reminders.queries.mail_server import is_mail_server_refusing, is_sending_held
from careerplan.reminders.queries.preferences import preferences_of
from careerplan.reviews.models import Review

ENTRIES_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class MailState:
    """Whether emails arrive, and if not, why: `reason` is "" where they do (templates/operators/_mail_reason.html)."""

    reason: str
    since: datetime | date | None = None
    last_sent_at: datetime | None = None
    last_answer: str = ""
    waiting: int = 0
    next_try_at: datetime | None = None
    is_stopped_by_owner: bool = False


@dataclass(frozen=True)
class PersonPage:
    """All that the page of a person shows."""

    user: User
    is_confirmed: bool
    seen_at: datetime | None
    factors: Factors
    devices: list[SignedInDevice]
    mail: MailState
    goals: int
    steps: int
    reviews: int
    entries: list[AuditEntry]
    blocked: AuditEntry | None


def load_person(user: User, now: datetime) -> PersonPage:
    """Return the page of one account. A fixed number of queries."""
    entries = list(AuditEntry.objects.filter(person_id=user.pk).order_by("-pk")[:ENTRIES_SHOWN])
    confirmed = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    activity = UserActivity.objects.filter(user=user).first()
    return PersonPage(
        user=user,
        is_confirmed=confirmed,
        seen_at=activity.seen_at if activity else user.last_login,
        factors=load_factors(user),
        devices=list_signed_in_devices(user, session_key=None, now=now),
        mail=mail_state(user, is_confirmed=confirmed, now=now),
        goals=Goal.objects.for_user(user).count(),
        steps=ActionStep.objects.for_user(user).count(),
        reviews=Review.objects.for_user(user).count(),
        entries=entries,
        blocked=next((entry for entry in entries if entry.action == AuditAction.BLOCKED), None),
    )


def mail_state(user: User, *, is_confirmed: bool, now: datetime) -> MailState:
    """Return whether reminders reach a person. Of several reasons the first counts."""
    today = local_day(now, user.time_zone)
    digests = Digest.objects.for_user(user).order_by("-local_date", "-pk")
    sent = digests.filter(state=Digest.State.SENT).order_by("-sent_at").first()
    waiting = list(digests.pending())
    newest = digests.exclude(state=Digest.State.DROPPED).first()
    refused = RefusedAddress.objects.for_user(user).filter(address=user.email).first()
    muted = {*ReminderKind.values} <= {*preferences_of(user).muted_kinds}
    pause = Pause.objects.for_user(user).of_active_plans().on(today).first()
    put_off = next((digest for digest in waiting if digest.attempts), None)
    stopped_at = refused.stopped_at if refused else None
    failed_on = newest.local_date if newest and newest.state == Digest.State.FAILED else None
    has_nothing = newest is None and not Goal.objects.for_user(user).active().exists()
    reasons: list[tuple[str, bool, datetime | date | None]] = [
        ("blocked", not user.is_active, None),
        ("deleting", user.is_deletion_pending, user.deletion_due_at),
        ("unconfirmed", not is_confirmed, user.date_joined),
        ("refused", stopped_at is not None, stopped_at),
        ("held", is_sending_held(), None),
        ("server", is_mail_server_refusing(now), None),
        ("deferred", put_off is not None, put_off.made_at if put_off else None),
        ("failed", failed_on is not None, failed_on),
        ("muted", muted, None),
        ("paused", pause is not None, pause.ends_on if pause else None),
        ("nothing_due", has_nothing, None),
    ]
    reason, since = next(((name, since) for name, applies, since in reasons if applies), ("", None))
    answers = [row.smtp_response for row in (refused, put_off, newest) if row is not None and row.smtp_response]
    return MailState(
        reason=reason,
        since=since,
        last_sent_at=sent.sent_at if sent else None,
        last_answer=answers[0] if answers else "",
        waiting=len(waiting),
        next_try_at=put_off.not_before if put_off else None,
        is_stopped_by_owner=muted,
    )
