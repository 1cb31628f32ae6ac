"""What operators ask of the server itself: restore, upgrade, go back, restart. An agent there does it (ADR 48).

Nothing here runs a program. The agent (deploy/compose/agent) reads the row, checks it against what it finds itself, and
does one of four things. So whoever can write here can ask for these, and for nothing else.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from careerplan.operations.models import AgentReport, Backup, ServerJob
from careerplan.operations.services import folders_here
from careerplan.operators.actors import Actor
from careerplan.operators.models import AuditAction
from careerplan.operators.services.audit import record
from careerplan.reminders.sending_hold import let_sending_go_on

SILENT_AFTER = timedelta(minutes=3)
"""The agent reports every 10 seconds, and not while it does something."""
SHOWN = 5

Kind, State = ServerJob.Kind, ServerJob.State
RESTART = (str(Kind.RESTART), "settings")


class NotOffered(Exception):
    """The agent does not report, something is being done already, or it cannot do this."""


def agent_report(now: datetime) -> AgentReport | None:
    """Return what the agent said last; None where none is running."""
    return AgentReport.objects.filter(seen_at__gt=now - SILENT_AFTER).first()


def open_job() -> ServerJob | None:
    """Return the job that is waiting for the agent or under way; None if there is none."""
    return ServerJob.objects.filter(state__in=ServerJob.OPEN).first()


def ended_jobs() -> list[ServerJob]:
    """Return what was done last, the newest first."""
    return list(ServerJob.objects.exclude(state__in=ServerJob.OPEN).order_by("-asked_at", "-pk")[:SHOWN])


def restorable() -> set[str]:
    """Return the names of the backups in BACKUP_FOLDER that were read after they were made, and found whole.

    None of a newer version: its tables are not known here.
    """
    whole = Backup.objects.filter(state=Backup.State.MADE, checked_at__isnull=False, check_asked_at=None, problem="")
    here = whole.filter(folder__in=folders_here() - {""})
    return {backup.name for backup in here if not backup.is_newer}


def offered(now: datetime) -> set[tuple[str, str]]:
    """Return what can be asked for: kinds with the backup or the version. Nothing while no agent could do it."""
    report = agent_report(now)
    if report is None or open_job() is not None:
        return set()
    versions = {(str(Kind.UPGRADE), report.upgrade_to), (str(Kind.BACK), report.back_to)}
    restores = {(str(Kind.RESTORE), name) for name in restorable()}
    return {(kind, version) for kind, version in versions if version} | restores | {RESTART}


@transaction.atomic
def ask(*, actor: Actor, kind: str, target: str, now: datetime) -> ServerJob:
    """Ask the agent for something that is offered. Raises NotOffered."""
    if (kind, target) not in offered(now):
        raise NotOffered
    record(actor=actor, action=AuditAction.SERVER_ASKED, now=now, kind=kind, target=target)
    try:
        with transaction.atomic():
            return ServerJob.objects.create(kind=kind, target=target, asked_at=now, asked_by=actor.name[:100])
    except IntegrityError:  # two operators at once
        raise NotOffered from None


@transaction.atomic
def resume_emails(*, actor: Actor, now: datetime) -> bool:
    """Let reminder emails go out again after a restore; return whether they were held."""
    was_held = let_sending_go_on()
    if was_held:
        record(actor=actor, action=AuditAction.EMAILS_RESUMED, now=now)
    return was_held


def forget_open_jobs() -> None:
    """Remove what a restored database has of jobs: it was made while they waited, or during one."""
    ServerJob.objects.filter(state__in=ServerJob.OPEN).delete()
