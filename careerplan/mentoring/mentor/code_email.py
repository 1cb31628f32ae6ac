"""Send the code: at once, because somebody is waiting for it."""

from datetime import datetime
from smtplib import SMTPException

import structlog
from django.urls import reverse

from accounts.notices import mail_connection
from careerplan.core.mail import absolute_url, build_email
from careerplan.mentoring.email_words import shown_name
from careerplan.mentoring.models import MentorCode, Mentorship
from careerplan.mentoring.services.codes import make_code, take_back_code

log = structlog.get_logger(__name__)


def send_code(mentorship: Mentorship, *, now: datetime) -> bool:
    """Make a code and email it to the invited address; return whether the mail server took it."""
    context = {
        "code": make_code(mentorship=mentorship, now=now),
        "minutes": int(MentorCode.LIFETIME.total_seconds() // 60),
        "owner": shown_name(mentorship.owner.name),
        "stop_url": absolute_url(reverse("mentor:stop-address", args=[mentorship.key])),
    }
    message = build_email("mentoring_code", to=mentorship.email, context=context)
    message.connection = mail_connection()
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.error("mentor_code_not_sent", mentorship=mentorship.pk, kind=type(error).__name__)
        take_back_code(mentorship=mentorship)
        return False
    return True
