"""What the workers do. A task may run twice, late or not at all: the database knows what is owed."""

from django.utils import timezone

from careerplan.celery import app
from careerplan.reminders.delivery import send_round


@app.task
def send_reminders() -> None:
    """One round: make what is owed now and send it."""
    send_round(as_of=timezone.now(), clock=timezone.now)
