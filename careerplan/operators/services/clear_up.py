"""The daily clear-up: what is deleted after which time, and the row that says when the next one is due.

Each step is a transaction of its own and can be repeated. One that fails stops no other; the clear-up is due again an
hour later.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import Error, connection, models, transaction
from django.db.models import F, Q
from redis.exceptions import RedisError

from accounts import services as accounts
from accounts.models import Invitation
from careerplan.mentoring.services import ending as mentorships
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, AuditEntry, ClearUp
from careerplan.operators.services import inactivity
from careerplan.operators.services.audit import record
from careerplan.reminders.models import Digest, RefusedAddress
from careerplan.site_settings.queries import current_site

DUE_HOUR = 3  # UTC
LEASE = timedelta(hours=1)
"""Until then a worker has the clear-up for itself; a worker that died leaves it to the next one."""
INVITATIONS_KEPT = timedelta(days=30)
YEAR = timedelta(days=365)
AT_ONCE = 5000
"""Rows of one table that a step changes; the next clear-up goes on."""
DELETE_EVENTS = """
DELETE FROM {table} WHERE pgh_id IN (
    SELECT old.pgh_id FROM {table} AS old
    WHERE old.pgh_created_at < %(before)s AND EXISTS (
        SELECT 1 FROM {table} AS newer
        WHERE newer.pgh_obj_id = old.pgh_obj_id AND newer.pgh_created_at < %(before)s
          AND (newer.pgh_created_at, newer.pgh_id) > (old.pgh_created_at, old.pgh_id)
    )
    LIMIT %(most)s
)
"""

log = structlog.get_logger(__name__)


def clear_up(*, clock: Callable[[], datetime]) -> dict[str, int] | None:
    """Run the steps if the clear-up is due; return how many rows each deleted, None if it is not due."""
    now = clock()
    if not claim(now=now):
        return None
    deleted, failed = {}, []
    for name, step in STEPS.items():
        try:
            with transaction.atomic():
                deleted[name] = step(now)
        except (Error, RedisError) as error:
            log.error("clear_up_failed", step=name, kind=type(error).__name__)
            if not connection.is_usable():
                raise
            failed.append(name)
    finish(now=clock(), deleted=deleted, failed=failed)
    return deleted


@transaction.atomic
def claim(*, now: datetime) -> bool:
    """Claim the clear-up for LEASE, if it is due. Return whether it is ours."""
    ClearUp.objects.get_or_create(pk=1, defaults={"due_at": now})
    row = ClearUp.objects.select_for_update(skip_locked=True).filter(due_at__lte=now).first()
    if row is None:
        return False
    row.due_at = now + LEASE
    row.save(update_fields=["due_at"])
    return True


@transaction.atomic
def finish(*, now: datetime, deleted: dict[str, int], failed: list[str]) -> None:
    """Write down what was done, and when the next clear-up is due."""
    due_at = now + LEASE if failed else next_due_at(now)
    ClearUp.objects.filter(pk=1).update(due_at=due_at, ran_at=now, deleted=deleted, failed=failed)
    if any(deleted.values()):
        record(actor=SYSTEM, action=AuditAction.CLEARED_UP, now=now, deleted={k: n for k, n in deleted.items() if n})
    log.info("cleared_up", **deleted)


def next_due_at(now: datetime) -> datetime:
    """Return the next time of day at which the clear-up is due."""
    due_at = now.replace(hour=DUE_HOUR, minute=0, second=0, microsecond=0)
    return due_at if due_at > now else due_at + timedelta(days=1)


# --- The steps ----------------------------------------------------------------------------------------
def delete_expired_sessions(now: datetime) -> int:
    return Session.objects.filter(expire_date__lt=now).delete()[0] + accounts.forget_ended_sessions(now=now)


def delete_unconfirmed(now: datetime) -> int:
    return accounts.delete_unconfirmed(before=now - timedelta(days=current_site().unconfirmed_days))


def delete_invitations(now: datetime) -> int:
    """Delete invitations that ended INVITATIONS_KEPT ago: they hold an address."""
    before = now - INVITATIONS_KEPT
    ended = Q(expires_at__lt=before) | Q(used_at__lt=before) | Q(revoked_at__lt=before)
    return Invitation.objects.filter(ended).delete()[0]


def blank_subjects(now: datetime) -> int:
    """Blank what an email said, and what the mail server answered.

    That it was sent stays: otherwise an open goal would be reminded of again.
    """
    before = now - timedelta(days=current_site().email_days)
    old = Digest.objects.filter(made_at__lt=before).exclude(state=Digest.State.PENDING)
    some = old.exclude(subject="", smtp_response="").values("pk")[:AT_ONCE]
    return Digest.objects.filter(pk__in=some).update(subject="", smtp_response="")


def delete_history(now: datetime) -> int:
    """Delete earlier versions; the last one before the limit stays, as what was true then."""
    years = current_site().history_years
    if years is None:
        return 0
    params: dict[str, Any] = {"before": now - years * YEAR, "most": AT_ONCE}
    deleted = 0
    with connection.cursor() as cursor:
        for table in event_tables():
            cursor.execute(DELETE_EVENTS.format(table=table), params)
            deleted += cursor.rowcount
    return deleted


def event_tables() -> list[str]:
    """Return the tables of history (core/history.py)."""
    tracked: list[type[models.Model]] = [model for model in apps.get_models() if hasattr(model, "pgh_tracked_model")]
    return sorted(model._meta.db_table for model in tracked)


def delete_refused_addresses(now: datetime) -> int:
    """Delete refusals of addresses that somebody has no more, and those that stopped nothing."""
    old = RefusedAddress.objects.filter(refused_on__lt=(now - timedelta(days=current_site().refused_days)).date())
    return old.filter(Q(stopped_at__isnull=True) | ~Q(address=F("user__email"))).delete()[0]


EARLIER = "Earlier. The entry about it was deleted."


@transaction.atomic
def delete_audit_entries(now: datetime) -> int:
    """Delete old entries; that there was an operator stays, without a name: FIRST_OPERATOR asks for it."""
    added = AuditEntry.objects.filter(action=AuditAction.OPERATOR_ADDED)
    was_there_one = added.exists()
    some = AuditEntry.objects.filter(at__lt=now - AuditEntry.KEPT_FOR).values("pk")[:AT_ONCE]
    deleted = AuditEntry.objects.filter(pk__in=some).delete()[0]
    if was_there_one and not added.exists():
        record(actor=SYSTEM, action=AuditAction.OPERATOR_ADDED, now=now, why=EARLIER)
    return deleted


STEPS: dict[str, Callable[[datetime], int]] = {
    "sessions": delete_expired_sessions,
    "unconfirmed": delete_unconfirmed,
    "invitations": delete_invitations,
    "subjects": blank_subjects,
    "history": delete_history,
    "refused_addresses": delete_refused_addresses,
    "audit_entries": delete_audit_entries,
    "mentorships": lambda now: mentorships.clear_up(now=now),
    "inactive": inactivity.delete_inactive,
}
