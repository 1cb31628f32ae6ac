"""The mail that says that a file is ready. It holds no data, only the way to the page."""

from smtplib import SMTPException

import structlog
from django.urls import reverse
from django.utils import timezone

from careerplan.core.mail import absolute_url, build_message
from careerplan.documents.data.models import DataFile

log = structlog.get_logger(__name__)


def announce(file: DataFile) -> bool:
    """Tell the owner that their file is ready; says whether the mail server took it. No transaction may be open."""
    until = timezone.localtime(file.expires_at, file.user.zone)
    context = {"page_url": absolute_url(reverse("data:home")), "until": until}
    try:
        build_message("data_ready", to=file.user.email, context=context).send()
    except (SMTPException, OSError) as error:
        log.error("data_mail_failed", file=file.pk, kind=type(error).__name__)
        return False
    return True
