"""Emails to a mentor that came back: the owner is told, and can invite another address."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from careerplan.mentoring.models import MentoringEmail, Mentorship, SharingChange
from careerplan.mentoring.services.outbox import owe_email
from careerplan.reminders.models import RefusedAddress


@transaction.atomic
def record_undeliverable(*, mentorship: Mentorship, now: datetime) -> None:
    """Record that there is no such mailbox, and owe the owner the news. Idempotent."""
    row = Mentorship.objects.select_for_update(of=("self",)).get(pk=mentorship.pk)
    if row.bounced_at is not None or not row.is_open:
        return
    row.bounced_at = now
    row.save(update_fields=["bounced_at"])
    row.changes.create(kind=SharingChange.Kind.BOUNCED, by=SharingChange.By.TIME, happened_at=now)
    owe_email(mentorship=row, recipient=MentoringEmail.Recipient.OWNER, kind="news", occasion="bounced", now=now)


def record_bounce_of(keys: Iterable[UUID], *, now: datetime) -> bool:
    """Record a delivery status notification that names one of our emails to a mentor; return whether it does."""
    recent = MentoringEmail.objects.filter(recipient=MentoringEmail.Recipient.MENTOR, key__in=list(keys))
    recent = recent.filter(sent_at__gt=now - RefusedAddress.BOUNCE_COUNTS)
    email = recent.select_related("mentorship").first()
    if email is None:
        return False
    record_undeliverable(mentorship=email.mentorship, now=now)
    return True
