"""Scheduled work about accounts. A task may run twice, late or not at all: the rows know what is due."""

from smtplib import SMTPException

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

from accounts import deletion
from careerplan.celery import app
from careerplan.core.mail import build_email

log = structlog.get_logger(__name__)


@app.task
def delete_due_accounts() -> None:
    """Delete every account whose week is over, and tell its owner. One that cannot be deleted stops no other."""
    for pk in deletion.due_for_deletion(now=timezone.now()):
        try:
            gone = deletion.delete_account(pk=pk, now=timezone.now())
        except (DatabaseError, RedisError) as error:  # the next round tries again
            log.error("account_not_deleted", user=pk, kind=type(error).__name__)
            if not connection.is_usable():
                raise
            continue
        if gone is None:
            continue
        try:
            build_email("account_deleted", to=gone.email, context={}).send()
        except (SMTPException, OSError) as error:  # the address is gone with the account: it is not tried again
            log.error("account_mail_failed", mail="account_deleted", kind=type(error).__name__)
