"""Scheduled tasks of accounts. A task can run twice, late or never: the rows say what is due."""

from smtplib import SMTPException

import structlog
from allauth.usersessions.models import UserSession
from django.db import DatabaseError, connection
from django.utils import timezone
from redis.exceptions import RedisError

from accounts import queries, services
from careerplan.celery import app
from careerplan.core.mail import build_email

log = structlog.get_logger(__name__)


@app.task
def forget_ended_sessions() -> None:
    """Delete what is stored about browsers whose sessions have ended or expired."""
    UserSession.objects.exclude(pk__in=queries.live_sessions(timezone.now()).values("pk")).delete()


@app.task
def delete_due_accounts() -> None:
    """Delete every account that is due, and email its owner. A failure does not stop the others."""
    for pk in services.due_deletions(now=timezone.now()):
        try:
            user = services.delete_account(pk=pk, now=timezone.now())
        except (DatabaseError, RedisError) as error:  # tried again in the next round
            log.error("account_not_deleted", user=pk, kind=type(error).__name__)
            if not connection.is_usable():
                raise
            continue
        if user is None:
            continue
        try:
            build_email("account_deleted", to=user.email, context={}).send()
        except (SMTPException, OSError) as error:  # not tried again: the address was deleted too
            log.error("account_mail_failed", mail="account_deleted", kind=type(error).__name__)
