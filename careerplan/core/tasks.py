"""Housekeeping that no noun owns."""

from django.core.management import call_command

from careerplan.celery import app


@app.task
def clear_sessions() -> None:
    """Remove sessions that have ended; Django leaves them in the database."""
    call_command("clearsessions")
