"""Celery tasks for data files. A task may run twice, late or not at all: the rows say what is due."""

from django.utils import timezone

from careerplan.account_data import services
from careerplan.account_data.mails import send_file_email
from careerplan.celery import app


@app.task
def process_files() -> None:
    """Write exports, check and import files, email their owners, delete what has expired."""
    while file := services.claim_next(now=timezone.now()):
        services.process_file(file=file, clock=timezone.now)
    for ready in services.files_to_announce():
        if send_file_email(ready):
            services.mark_notified(file=ready, now=timezone.now())
    services.delete_expired(now=timezone.now())
