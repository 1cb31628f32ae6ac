"""Emails to the owner of an account about what was done in it: what, when, from where, and what to do about it.

allauth sends those about the password, the address and second factors (accounts.emails); apps send theirs from here.
"""

from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.http import HttpRequest
from django.utils import timezone

from accounts.emails import change_mail
from accounts.models import User
from careerplan.core.mail import build_email

log = structlog.get_logger(__name__)

MAIL_TIMEOUT_SECONDS = 3  # shorter than for reminders, because someone waits for the page


def mail_connection() -> BaseEmailBackend:
    """Return a connection to the mail server on which no wait is long, not even the one after the final dot."""
    return get_connection(timeout=MAIL_TIMEOUT_SECONDS, final_timeout=MAIL_TIMEOUT_SECONDS)


def send_notice(
    name: str, *, request: HttpRequest, user: User, to: str = "", context: Mapping[str, Any] | None = None
) -> None:
    """Email the owner. `name` is a folder below templates/emails; it gets what `change_mail` gives, and `context`.

    Without `to` it goes to their address. A failure is logged only: the change was made, and its page says so too.
    """
    adapter = get_adapter(request)
    about = {
        "user": user,
        "timestamp": timezone.now(),
        "ip": adapter.get_client_ip(request),
        "user_agent": adapter.get_http_user_agent(request),
    }
    message = build_email(name, to=to or user.email, context={**change_mail(about), **(context or {})})
    message.connection = mail_connection()
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.error("account_mail_failed", mail=name, kind=type(error).__name__)
