"""Backups that operators asked for. A task may run twice, late or not at all: the rows say what is due."""

from django.conf import settings
from django.utils import timezone

from accounts.factors.services import reencrypt_secrets
from careerplan.celery import app
from careerplan.operations import services

LIMITS = {"time_limit": settings.LONGEST_TASK_SECONDS, "soft_time_limit": settings.LONGEST_TASK_SECONDS - 60}
"""How long one backup may take. Other tasks go on in the other processes of the worker."""


@app.task(**LIMITS)
def make_backups() -> None:
    """Make the backup that was asked for, and check those for which somebody asked. Only where there is a folder.

    One task at a time, whichever worker runs it; what is asked for meanwhile is done by it or by the next run.
    """
    if not settings.BACKUP_FOLDER:
        return
    with services.alone() as is_alone:
        if not is_alone:
            return
        if backup := services.claim_next(now=timezone.now()):
            services.make_asked_backup(backup=backup, clock=timezone.now)
        services.check_asked_backups(clock=timezone.now)


@app.task(**LIMITS)
def encrypt_secrets() -> None:
    """Encrypt the secrets of second steps with the first key: those that were too many for the page. One at a time."""
    with services.alone(services.SECRETS_LOCK) as is_alone:
        if is_alone:
            reencrypt_secrets()
