"""Send owed emails about mentorships.

1. Claim a batch and commit (services/email_claims.py).
2. Commit that an attempt starts.
3. Read again who may get the email and what it says now; where that is nothing, drop it. No transaction is open.
4. Hand it over and record the outcome. Only the holder of the claim may.

A repeated email has the same Message-ID and Date. Where the mail server refuses everyone, or an operator holds sending
(careerplan.reminders), nothing is sent and all stays owed.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import formatdate

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils.module_loading import import_string

from careerplan.core.mail import Email, absolute_url, build_email
from careerplan.core.mail_leases import FIRST_PAUSE
from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult, envelope_sender, without_addresses
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.models import MentoringEmail
from careerplan.mentoring.services import email_claims as claims
from careerplan.mentoring.services.bounces import record_undeliverable
from careerplan.mentoring.services.recipients import address_for, wait_for_pause
from careerplan.reminders import refusals
from careerplan.reminders.delivery import retry_while_database_down
from careerplan.reminders.queries.mail_server import is_sending_stopped

BATCH_SIZE = 20
RUN_LIMIT = timedelta(seconds=60)
State = MentoringEmail.State
Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


def send_owed_emails(*, clock: Clock) -> int:
    """Send what is owed, one connection per batch; return how many emails were taken by the mail server."""
    end, sent = clock() + RUN_LIMIT, 0
    while clock() < end and not is_sending_stopped(clock()):
        emails = claims.claim_emails(now=clock(), limit=BATCH_SIZE)
        if not emails:
            break
        taken, goes_on = _send_batch(emails, clock=clock, end=end)
        sent += taken
        if not goes_on:
            break
    return sent


def _send_batch(emails: list[MentoringEmail], *, clock: Clock, end: datetime) -> tuple[int, bool]:
    """Send claimed emails; return how many were taken, and whether the mail server can be used on."""
    smtp, sent, goes_on = EmailBackend(), 0, True
    smtp.kind = "mentoring"
    waiting = list(emails)
    try:
        while waiting and goes_on and clock() < end:
            if failure := smtp.ensure_open():
                log.warning("mail_server_unavailable", answer=without_addresses(failure.text))
                refusals.record_unreachable(now=clock(), smtp_response=failure.text)
                goes_on = False
                break
            result = _send_one(waiting.pop(0), smtp, clock=clock)
            sent += result is SmtpOutcome.ACCEPTED
            goes_on = result is not SmtpOutcome.REFUSED
    finally:
        smtp.close()
        claims.release(waiting, until=clock() + (timedelta() if goes_on else FIRST_PAUSE))
    return sent, goes_on


def _send_one(email: MentoringEmail, smtp: EmailBackend, *, clock: Clock) -> SmtpOutcome | None:
    """Send one claimed email and record the outcome; return it, None if it was not sent."""
    if not retry_while_database_down(lambda: claims.start_attempt(email, now=clock())):
        return None
    try:
        message = _prepare(email, now=clock())
        if message is None:
            return None
        content = message.message().as_bytes()
        result = smtp.deliver(envelope_sender(email.key.hex), message.to[0], content)
        _record(email, result, now=clock())
    except (SoftTimeLimitExceeded, OperationalError, InterfaceError):
        raise
    except Exception as error:  # one broken email must not stop the others
        log.exception("mentoring_email_failed", email=email.pk, error=type(error).__name__)
        claims.defer(email, now=clock())
        return None
    return result.outcome


def _prepare(email: MentoringEmail, *, now: datetime) -> Email | None:
    """Build an email from what the rows say now. None if it is not sent, or not now; that is recorded."""
    row = MentoringEmail.objects.select_related("mentorship__owner").get(pk=email.pk)
    if pause := wait_for_pause(row, now=now):
        claims.defer(email, now=now, at_least=pause)
        return None
    to = address_for(row)
    text: EmailText | None = import_string(settings.MENTORING_EMAILS[row.kind])(row, now) if to else None
    if text is None:
        claims.record(email, State.DROPPED)
        return None
    return build_email(text.template, to=to, context=text.context, headers=_headers(row, text))


def _headers(email: MentoringEmail, text: EmailText) -> dict[str, str]:
    """Return the headers that are the same at each attempt, and those that stop emails by one click.

    A mentor stops all of a plan. An owner stops a kind whose context has `one_click_url`, which takes a POST without
    a session.
    """
    headers = {
        "Message-ID": f"<{email.key}@{settings.BASE_HOST}>",
        "Date": formatdate(email.made_at.timestamp()),
    }
    if email.recipient == MentoringEmail.Recipient.OWNER:
        stop = text.context.get("one_click_url", "")
    else:
        stop = absolute_url(reverse("mentor:stop-emails", args=[email.mentorship.key]))
    if not stop:
        return headers
    return {**headers, "List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _record(email: MentoringEmail, result: SmtpResult, *, now: datetime) -> None:
    answer, owner_id = result.text, email.mentorship.owner_id
    if result.outcome is SmtpOutcome.ACCEPTED:
        retry_while_database_down(lambda: claims.record(email, State.SENT, sent_at=now, smtp_response=answer))
        refusals.record_accepted()
        return
    log.warning(
        "mail_refused", mentoring_email=email.pk, outcome=result.outcome.value, answer=without_addresses(answer)
    )
    is_refusal = result.outcome in {SmtpOutcome.REJECTED, SmtpOutcome.REFUSED}
    is_ours = result.outcome is SmtpOutcome.REFUSED
    refuses_all = is_refusal and refusals.record_refusal(owner_id, is_ours=is_ours, now=now, smtp_response=answer)
    if result.outcome is SmtpOutcome.REJECTED and not refuses_all:
        claims.record(email, State.FAILED, smtp_response=without_addresses(answer))
        if email.recipient == MentoringEmail.Recipient.MENTOR:
            record_undeliverable(mentorship=email.mentorship, now=now)
        return
    is_uncertain = result.outcome is SmtpOutcome.UNCERTAIN
    claims.defer(email, now=now, smtp_response=without_addresses(answer), is_uncertain=is_uncertain)
