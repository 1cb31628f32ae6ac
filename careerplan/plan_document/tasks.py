"""The Celery task of plan files. It may run twice, late or not at all: the rows say what is due."""

from django.utils import timezone

from careerplan.celery import app
from careerplan.core.jobs import run_in_turn
from careerplan.plan_document import services


@app.task
def make_plan_files() -> None:
    """Make the files that wait, and delete those that have expired."""
    run_in_turn(
        lambda now: services.claim_next(now=now),
        lambda file: services.make_plan_file(file=file, clock=timezone.now),
        clock=timezone.now,
    )
    services.delete_expired(now=timezone.now())
