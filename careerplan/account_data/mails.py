"""Emails about a file. They hold no data, only a link to the page."""

from smtplib import SMTPException

import structlog
from django.urls import reverse
from django.utils import timezone

from careerplan.account_data.models import DataFile
from careerplan.core.mail import absolute_url, build_email

log = structlog.get_logger(__name__)


def send_file_email(file: DataFile) -> bool:
    """Email the owner about a file; return whether the mail server accepted it. No transaction may be open."""
    until = timezone.localtime(file.expires_at, file.user.zone)
    if file.direction == DataFile.Direction.OUT:
        name, page = "data_export", "account_data:home"
    else:
        name, page = "data_import", "plans:plan" if file.is_imported else "account_data:import"
    context = {"page_url": absolute_url(reverse(page)), "until": until, "file": file}
    try:
        build_email(name, to=file.user.email, context=context).send()
    except (SMTPException, OSError) as error:
        log.error("data_mail_failed", file=file.pk, kind=type(error).__name__)
        return False
    return True
