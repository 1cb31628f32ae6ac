"""Changes of the settings of the site, written to the audit log with the values before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from careerplan.operators.actors import Actor
from careerplan.operators.models import AuditAction
from careerplan.operators.services.audit import record
from careerplan.site_settings import services
from careerplan.site_settings.models import LegalText


@transaction.atomic
def save_site(*, actor: Actor, values: Mapping[str, Any], version: int, now: datetime) -> int:
    """Save the settings; return how many changed. Raises StaleObjectError if they have changed since."""
    changed = services.save_settings(values=values, version=version)
    if changed:
        details = {name: [before, after] for name, (before, after) in changed.items()}
        record(actor=actor, action=AuditAction.SITE_CHANGED, now=now, changed=details)
    return len(changed)


@transaction.atomic
def save_logo(*, actor: Actor, kind: str, content: bytes, now: datetime) -> None:
    services.set_logo(kind=kind, content=content)
    record(actor=actor, action=AuditAction.SITE_CHANGED, now=now, changed={"logo": ["", kind]})


@transaction.atomic
def remove_logo(*, actor: Actor, now: datetime) -> None:
    services.remove_logo()
    record(actor=actor, action=AuditAction.SITE_CHANGED, now=now, changed={"logo": ["", ""]})


@transaction.atomic
def publish(*, actor: Actor, kind: str, text: str, asks_again: bool, after: int, now: datetime) -> LegalText:
    """Publish the next version of a legal text. Raises StaleObjectError if there is a newer one."""
    published = services.publish_text(kind=kind, text=text, asks_again=asks_again, after=after, now=now)
    record(
        actor=actor,
        action=AuditAction.TEXT_PUBLISHED,
        now=now,
        kind=kind,
        number=published.number,
        asks_again=asks_again,
    )
    return published
