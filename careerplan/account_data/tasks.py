"""What the workers do about files of data. A task may run twice, late or not at all: the rows know what is due."""

from django.utils import timezone

from careerplan.account_data import services
from careerplan.account_data.mails import announce
from careerplan.celery import app


@app.task
def make_files() -> None:
    """Make what was asked for, take what was brought, announce what is ready, remove what is over."""
    while file := services.take_next(now=timezone.now()):
        services.work_on(file=file, clock=timezone.now)
    for ready in services.to_announce():
        if announce(ready):
            services.note_announced(file=ready, now=timezone.now())
    services.remove_expired(now=timezone.now())
