"""Backups as rows: asked for on a page and made by a worker, or made by the command and written down."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, Error, IntegrityError, connection, transaction

from accounts.factors.services import reencrypt_secrets
from careerplan.core import jobs
from careerplan.operations.backups import FROM_PAGE, LEFT_OVER_AFTER, BackupNote, check_backup, make_backup, read_note
from careerplan.operations.models import PROBLEM_LENGTH, Backup
from careerplan.operations.postgres_tools import ToolError
from careerplan.operators.actors import Actor
from careerplan.operators.models import AuditAction
from careerplan.operators.services.audit import record

LEASE = LEFT_OVER_AFTER
"""Longer than the time limit of the task."""
MOST_ATTEMPTS = 2
MOST_A_DAY = 3
SECRETS_AT_ONCE = 500
BACKUP_LOCK, SECRETS_LOCK = 0x6261636B, 0x73656372  # "back", "secr": first keys that nothing else locks
TOO_LONG = "The check took too long."
FAILURES_KEPT = timedelta(days=30)

Clock = Callable[[], datetime]
log = structlog.get_logger(__name__)


class NotNow(Exception):
    """One is being made already, or operators have asked for enough today."""


class NotHere(Exception):
    """No worker can look at this backup: it is in another folder, or BACKUP_FOLDER is not set."""


@transaction.atomic
def ask_backup(*, actor: Actor, now: datetime) -> Backup:
    """Ask a worker for a backup. Raises NotNow.

    Backups of pages remove no other ones, so their number is bound.
    """
    today = Backup.objects.filter(is_from_page=True, asked_at__gt=now - timedelta(days=1))
    if today.exclude(state=Backup.State.FAILED).count() >= MOST_A_DAY:
        raise NotNow
    record(actor=actor, action=AuditAction.BACKUP_ASKED, now=now)
    try:
        with transaction.atomic():
            return Backup.objects.create(asked_at=now, asked_by=actor.name[:100], is_from_page=True, not_before=now)
    except IntegrityError:
        raise NotNow from None


def folders_here() -> set[str]:
    """Return the folders whose backups a worker can check. A row without one is of the version before."""
    return {"", str(Path(settings.BACKUP_FOLDER).absolute())} if settings.BACKUP_FOLDER else set()


@transaction.atomic
def ask_check(*, actor: Actor, backup: Backup, now: datetime) -> None:
    """Ask a worker to read a backup again and compare it with its note. Raises NotHere."""
    if backup.folder not in folders_here():
        raise NotHere
    asked = Backup.objects.filter(pk=backup.pk, state=Backup.State.MADE, check_asked_at__isnull=True)
    asked.update(check_asked_at=now)
    record(actor=actor, action=AuditAction.BACKUP_CHECKED, now=now, name=backup.name)


def use_newest_key(*, actor: Actor, now: datetime) -> tuple[int, int]:
    """Encrypt secrets of second steps with the first key; return how many, and how many fit no key.

    At most SECRETS_AT_ONCE: a page does not wait for more. A worker encrypts the others.
    """
    written, unreadable = reencrypt_secrets(most=SECRETS_AT_ONCE)
    record(actor=actor, action=AuditAction.SECRETS_ENCRYPTED, now=now, count=written, unreadable=len(unreadable))
    return written, len(unreadable)


# --- Run by workers and by the command -------------------------------------------------------------------
def claim_next(*, now: datetime) -> Backup | None:
    """Claim the backup that was asked for; None if there is none."""
    return jobs.claim_next(Backup, now=now, lease=LEASE, most_attempts=MOST_ATTEMPTS)


def make_asked_backup(*, backup: Backup, clock: Clock) -> bool:
    """Make a claimed backup. Return whether it ended here: made, or failed."""
    claimed_until = backup.not_before
    path, problem = None, ""
    try:
        path = make_backup(Path(settings.BACKUP_FOLDER), now=clock(), kind=FROM_PAGE)
        note = read_note(path)
    except (ToolError, OSError) as error:
        problem = str(error)
        log.error("backup_failed", problem=problem)
    with transaction.atomic():
        locked = jobs.lock_claimed(backup, claimed_until)
        if locked is None:
            return False
        if path is None or problem:
            locked.state, locked.problem = Backup.State.FAILED, problem[:PROBLEM_LENGTH]
        else:
            _fill_in(locked, path, note, clock())
        locked.save()
    return True


def check_asked_backups(*, clock: Clock) -> None:
    """Check the backups for which somebody asked. The request of a worker that ended is taken up after its lease."""
    while backup := _claim_check(clock()):
        problem = TOO_LONG
        try:
            check_backup(Path(settings.BACKUP_FOLDER) / backup.name)
            problem = ""
        except (ToolError, OSError) as error:
            problem = str(error)
            log.error("backup_damaged", name=backup.name, problem=problem)
        finally:
            ours = Backup.objects.filter(pk=backup.pk, check_claimed_until=backup.check_claimed_until)
            ended = {"check_asked_at": None, "check_claimed_until": None, "checked_at": clock()}
            ours.update(**ended, problem=problem[:PROBLEM_LENGTH])


@transaction.atomic
def _claim_check(now: datetime) -> Backup | None:
    free = Backup.objects.filter(check_asked_at__isnull=False).exclude(check_claimed_until__gt=now)
    backup = free.select_for_update(skip_locked=True).order_by("check_asked_at").first()
    if backup is not None:
        backup.check_claimed_until = now + LEASE
        backup.save(update_fields=["check_claimed_until"])
    return backup


@contextmanager
def alone(lock: int = BACKUP_LOCK) -> Iterator[bool]:
    """Yield whether no other worker does the same: otherwise backups would take all processes of a worker.

    The lock is one of the database session: it ends with the process.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [lock])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with suppress(DatabaseError), connection.cursor() as cursor:  # a broken session has released it
                cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [lock])


def forget_requests() -> None:
    """Remove what a restored database has of requests: its own dump was made while they waited."""
    Backup.objects.filter(state=Backup.State.WAITING).delete()
    Backup.objects.filter(check_asked_at__isnull=False).update(check_asked_at=None, check_claimed_until=None)


def record_backup(*, actor: Actor, now: datetime, path: Path | None = None, problem: str = "") -> None:
    """Write down a backup that the command made, or that failed.

    What cannot be written is not a failure of the backup: before an upgrade the table may be missing.
    """
    row = Backup(asked_at=now, asked_by=actor.name[:100], not_before=now)
    if path is None:
        row.state, row.problem = Backup.State.FAILED, problem[:PROBLEM_LENGTH]
    else:
        _fill_in(row, path, read_note(path), now)
    try:
        with transaction.atomic():
            row.save()
            Backup.objects.filter(state=Backup.State.FAILED, asked_at__lt=now - FAILURES_KEPT).delete()
    except Error:
        log.warning("backup_not_recorded")


def record_found(folder: Path, *, actor: Actor) -> None:
    """Write down the backups in a folder that a restored database does not know: the later ones, and its own.

    Each was read when it was made; one without a note was not.
    """
    known = set(Backup.objects.filter(folder=str(folder.absolute())).values_list("name", flat=True))
    for path in sorted(folder.glob("careerplan-*.dump")):
        if path.name in known:
            continue
        with suppress(ToolError, ValueError):
            record_backup(actor=actor, now=datetime.fromisoformat(read_note(path).made_at), path=path)


def forget_backups(names: Collection[str]) -> None:
    """Remove the rows of files that were removed."""
    try:
        with transaction.atomic():
            Backup.objects.filter(name__in=names).delete()
    except Error:
        log.warning("backup_not_recorded")


def _fill_in(row: Backup, path: Path, note: BackupNote, now: datetime) -> None:
    row.state, row.made_at, row.checked_at, row.problem = Backup.State.MADE, now, now, ""
    row.folder = str(path.parent.absolute())
    row.name, row.size, row.version = path.name, note.size, note.version[:100]
