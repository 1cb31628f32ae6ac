"""Scheduled tasks of accounts. A task can run twice, late or never: the rows say what is due."""

from email.utils import formatdate

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

from accounts import services
from careerplan.celery import app
from careerplan.core.mail import build_email, deliver_email
from careerplan.core.smtp import SmtpOutcome

log = structlog.get_logger(__name__)


@app.task
def delete_due_accounts() -> None:
    """Delete every account that is due, and email its owner. A failure does not stop the others."""
    for pk in services.due_deletions(now=timezone.now()):
        try:
            services.delete_account(pk=pk, now=timezone.now())
        except (DatabaseError, RedisError) as error:  # tried again in the next round
            log.error("account_not_deleted", user=pk, kind=type(error).__name__)
            if not connection.is_usable():
                raise
    send_deletion_notices()


def send_deletion_notices() -> None:
    """Send the last emails that are owed. One that is not taken is tried again, or given up: there is no mailbox."""
    while notice := services.claim_deletion_notice(now=timezone.now()):
        headers = {
            "Message-ID": f"<{notice.key}@{settings.BASE_HOST}>",
            "Date": formatdate(notice.deleted_at.timestamp()),
        }
        result = deliver_email(build_email("account_deleted", to=notice.address, context={}, headers=headers))
        if result.outcome in {SmtpOutcome.ACCEPTED, SmtpOutcome.REJECTED}:
            notice.delete()
        if result.outcome is not SmtpOutcome.ACCEPTED:
            log.error("account_mail_failed", mail="account_deleted", kind=result.outcome.value)
