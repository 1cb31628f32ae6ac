"""Celery tasks of reminders. A task may run twice, late or not at all: the database knows what is due."""

from django.conf import settings
from django.utils import timezone

from careerplan.celery import app
from careerplan.core.tasks import enqueue
from careerplan.reminders.delivery import run_scheduler, send_due_digests


@app.task
def send_reminders() -> None:
    """Run the scheduler: create the reminders that are due now and send them."""
    run_scheduler(as_of=timezone.now(), clock=timezone.now, request_helper=request_helper)


@app.task
def help_sending() -> None:
    """Send beside another worker until nothing is left."""
    send_due_digests(as_of=timezone.now(), clock=timezone.now, request_helper=request_helper)


def request_helper() -> None:
    """Ask for one more sender. Each asks at most once, so at most one message is queued."""
    enqueue(help_sending, expires=settings.SCHEDULER_SECONDS)
