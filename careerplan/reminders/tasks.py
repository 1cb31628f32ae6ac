"""What the workers do. A task may run twice, late or not at all: the database knows what is owed."""

from django.conf import settings
from django.utils import timezone

from careerplan.celery import app
from careerplan.core.tasks import enqueue
from careerplan.reminders.delivery import send_owed, send_round


@app.task
def send_reminders() -> None:
    """One round: make what is owed now and send it."""
    send_round(as_of=timezone.now(), clock=timezone.now, more=wake_another)


@app.task
def help_sending() -> None:
    """Send beside another worker, as long as there is something to send."""
    send_owed(as_of=timezone.now(), clock=timezone.now, more=wake_another)


def wake_another() -> None:
    """Ask for one more sender. Each asks at most once, so that never more than one waits for a free worker."""
    enqueue(help_sending, expires=settings.SWEEP_SECONDS)
