"""What is known of backups: the list, whether somebody has to look at them, and their age as a metric."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from prometheus_client.core import Metric

from careerplan.core.metrics import gauge
from careerplan.operations.models import Backup

SHOWN = 20
OLD_AFTER = timedelta(days=2)
WAITS_TOO_LONG = timedelta(minutes=90)
"""Longer than a worker may take for one."""


def list_backups() -> list[Backup]:
    """Return the newest backups."""
    return list(Backup.objects.order_by("-asked_at", "-pk")[:SHOWN])


def last_made() -> Backup | None:
    """Return the newest backup that was made."""
    return Backup.objects.filter(state=Backup.State.MADE).order_by("-made_at").first()


def backup_problem(now: datetime) -> str:
    """Return why the backups need somebody, or "". Nothing is said where no backup was ever made here.

    Some back up the whole server of the database instead.
    """
    if Backup.objects.filter(state=Backup.State.WAITING, asked_at__lt=now - WAITS_TOO_LONG).exists():
        return _("no worker makes the backup that was asked for. Is BACKUP_FOLDER set for one?")
    newest = Backup.objects.exclude(state=Backup.State.WAITING).order_by("-asked_at", "-pk").first()
    if newest is not None and (newest.problem or newest.state == Backup.State.FAILED):
        return _("the last backup failed: %(problem)s") % {"problem": newest.problem or _("it took too long")}
    made = last_made()
    if made is None or made.made_at is None or now - made.made_at <= OLD_AFTER:
        return ""
    found = _("the last one is of %(time)s UTC. Does the nightly backup still run?")
    return found % {"time": f"{made.made_at:%Y-%m-%d %H:%M}"}


def metrics(now: datetime) -> Iterator[Metric]:
    """Yield the age of the last backup; nothing where there is none. One query."""
    made = last_made()
    if made is not None and made.made_at is not None:
        age = max(0, round((now - made.made_at).total_seconds()))
        yield gauge("careerplan_last_backup_seconds", "Time since the last backup was made.", age)
