"""Work on data files, and the emails about them. A task may run twice, late or not at all: the rows say what is due."""

import structlog
from django.urls import reverse
from django.utils import timezone

from careerplan.account_data import services
from careerplan.account_data.models import DataFile
from careerplan.celery import app
from careerplan.core.jobs import run_in_turn
from careerplan.core.mail import absolute_url, build_email, deliver_email
from careerplan.core.smtp import SmtpOutcome, without_addresses


@app.task
def process_files() -> None:
    """Write exports, check and import files, email their owners, delete what has expired."""
    run_in_turn(
        lambda now: services.claim_next(now=now),
        lambda file: services.process_file(file=file, clock=timezone.now),
        clock=timezone.now,
    )
    for ready in services.files_to_announce():
        announced_at = timezone.now()
        if services.claim_announcement(file=ready, now=announced_at) and not send_file_email(ready):
            services.release_announcement(file=ready, claimed_at=announced_at)
    services.delete_expired(now=timezone.now())


log = structlog.get_logger(__name__)


def send_file_email(file: DataFile) -> bool:
    """Email the owner about a file; return whether that is done: accepted, or refused for good. No transaction open."""
    until = timezone.localtime(file.expires_at, file.user.zone)
    if file.direction == DataFile.Direction.OUT:
        name, page = "data_export", "account_data:home"
    else:
        name, page = "data_import", "plans:plan" if file.is_imported else "account_data:import"
    context = {"page_url": absolute_url(reverse(page)), "until": until, "file": file}
    result = deliver_email(build_email(name, to=file.user.email, context=context))
    if result.outcome is SmtpOutcome.ACCEPTED:
        return True
    log.error("data_mail_failed", file=file.pk, outcome=result.outcome.value, answer=without_addresses(result.text))
    return result.outcome is SmtpOutcome.REJECTED
