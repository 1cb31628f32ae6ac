"""The mails that say what became of a file. They hold no data, only the way to the page."""

from smtplib import SMTPException

import structlog
from django.urls import reverse
from django.utils import timezone

from careerplan.account_data.models import DataFile
from careerplan.core.mail import absolute_url, build_email

log = structlog.get_logger(__name__)


def announce(file: DataFile) -> bool:
    """Tell the owner what became of their file; says whether the mail server took it. No transaction may be open."""
    until = timezone.localtime(file.expires_at, file.user.zone)
    if file.way == DataFile.Way.OUT:
        name, page = "data_ready", "account_data:home"
    else:
        name, page = "data_brought", "plans:plan" if file.is_brought_in else "account_data:import"
    context = {"page_url": absolute_url(reverse(page)), "until": until, "file": file}
    try:
        build_email(name, to=file.user.email, context=context).send()
    except (SMTPException, OSError) as error:
        log.error("data_mail_failed", file=file.pk, kind=type(error).__name__)
        return False
    return True
