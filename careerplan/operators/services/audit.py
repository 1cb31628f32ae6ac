"""The only writer of the audit log."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from accounts.models import User
from careerplan.operators.actors import Actor
from careerplan.operators.models import AuditAction, AuditEntry

LOOKS_COUNT_ONCE_IN = timedelta(hours=1)

log = structlog.get_logger(__name__)


def record(
    *, actor: Actor, action: AuditAction, now: datetime, person: User | None = None, why: str = "", **details: Any
) -> AuditEntry:
    """Write an act down, in the transaction in which it is done."""
    entry = AuditEntry.objects.create(
        at=now,
        actor=actor.name[:100],
        actor_id=actor.user.pk if actor.user else None,
        action=action,
        person_id=person.pk if person else None,
        why=why,
        details=details,
    )
    log.info("operator_acted", action=str(action), operator=entry.actor_id, user=entry.person_id)
    return entry


def record_look(*, actor: Actor, person: User, now: datetime) -> None:
    """Write down that an operator opened the page of a person; once an hour is enough."""
    recent = AuditEntry.objects.filter(person_id=person.pk, action=AuditAction.LOOKED, at__gt=now - LOOKS_COUNT_ONCE_IN)
    if actor.user is None or not recent.filter(actor_id=actor.user.pk).exists():
        record(actor=actor, action=AuditAction.LOOKED, person=person, now=now)
