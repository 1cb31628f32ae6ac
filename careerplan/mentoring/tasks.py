"""Scheduled work on mentorships. A task may run twice, late or not at all: the rows say what is due."""

from django.utils import timezone

from careerplan.celery import app
from careerplan.mentoring.delivery import send_owed_emails
from careerplan.mentoring.services.ending import ask_before_end, close_over
from careerplan.reminders.delivery import run_isolated


@app.task
def send_mentoring_emails() -> None:
    """End what time has ended, owe what follows, and send what is owed."""
    run_isolated(lambda: close_over(now=timezone.now()))
    run_isolated(lambda: ask_before_end(now=timezone.now()))
    send_owed_emails(clock=timezone.now)
