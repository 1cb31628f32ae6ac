"""Owe an email about a mentorship. delivery.py sends what is owed."""

from datetime import datetime

from django.utils.module_loading import import_string

from careerplan.core.tasks import enqueue
from careerplan.mentoring.models import MentoringEmail, Mentorship


def owe_email(
    *,
    mentorship: Mentorship,
    recipient: MentoringEmail.Recipient,
    kind: str,
    occasion: str,
    now: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Owe one email; return whether it is new. Idempotent: the same occasion owes nothing more.

    `kind` is a key of settings.MENTORING_EMAILS. Call it in the transaction of what the email is about.
    """
    _email, is_new = MentoringEmail.objects.get_or_create(
        mentorship=mentorship,
        recipient=recipient,
        kind=kind,
        occasion=occasion,
        defaults={"made_at": now, "not_before": not_before or now},
    )
    return is_new


def send_soon() -> None:
    """Have a worker send what is owed. Call it after the commit.

    By the name of the task: the mentor's side must not import the sending, which knows the owner's reminders.
    """
    enqueue(import_string("careerplan.mentoring.tasks.send_mentoring_emails"))
