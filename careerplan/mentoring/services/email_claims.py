"""Claims on owed emails: a lease that expires, and only its holder may record an outcome.

The same promises as reminders/claims.py, for fewer rows. Every function is committed when it returns; the mail server
is spoken to in between.
"""

from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When

from careerplan.core.mail_leases import FIRST_PAUSE, lease, pause_after
from careerplan.mentoring.models import MentoringEmail

log = structlog.get_logger(__name__)


@transaction.atomic
def claim_emails(*, now: datetime, limit: int) -> list[MentoringEmail]:
    """Claim up to `limit` free emails, oldest first. One whose attempt had begun may have arrived: it is counted."""
    free = MentoringEmail.objects.free(now).select_for_update(skip_locked=True, of=("self",))
    ids = list(free.order_by("not_before", "id").values_list("id", flat=True)[:limit])
    token, ours = uuid4(), MentoringEmail.objects.filter(pk__in=ids)
    may_be_out = Case(When(attempt_started_at__isnull=False, then=Value(1)), default=Value(0))
    ours.update(
        claim_token=token,
        not_before=now + lease(),
        uncertain_attempts=F("uncertain_attempts") + may_be_out,
        attempt_started_at=None,
    )
    return list(ours.order_by("made_at", "id"))


def start_attempt(email: MentoringEmail, *, now: datetime) -> bool:
    """Commit that an attempt starts, and renew the lease. False where another worker has the email now."""
    values = {"attempt_started_at": now, "attempts": F("attempts") + 1, "not_before": now + lease()}
    return _ours(email).update(**values) > 0


def record(
    email: MentoringEmail, state: MentoringEmail.State, *, sent_at: datetime | None = None, smtp_response: str = ""
) -> None:
    """Record the outcome of an email: sent, dropped or failed."""
    values = {"state": state, "sent_at": sent_at, "smtp_response": smtp_response}
    _warn_unless(_ours(email).update(**values, claim_token=None, attempt_started_at=None), email)


def defer(
    email: MentoringEmail,
    *,
    now: datetime,
    smtp_response: str = "",
    is_uncertain: bool = False,
    at_least: timedelta = FIRST_PAUSE,
) -> None:
    """Delay the next attempt by the pause after so many, or by `at_least`. The email was loaded before this one."""
    pause = pause_after(email.attempts + 1)
    _warn_unless(
        _ours(email).update(
            claim_token=None,
            attempt_started_at=None,
            not_before=now + max(pause, at_least),
            smtp_response=smtp_response,
            uncertain_attempts=F("uncertain_attempts") + int(is_uncertain),
        ),
        email,
    )


def release(emails: list[MentoringEmail], *, until: datetime) -> None:
    """Release emails that were not tried; they are free from `until` on."""
    for email in emails:
        _ours(email).filter(attempt_started_at=None).update(claim_token=None, not_before=until)


def _ours(email: MentoringEmail) -> QuerySet[MentoringEmail]:
    return MentoringEmail.objects.pending().filter(pk=email.pk, claim_token=email.claim_token)


def _warn_unless(recorded: int, email: MentoringEmail) -> None:
    if not recorded:
        log.warning("mentoring_email_taken_over", email=email.pk)
