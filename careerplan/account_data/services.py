"""Export and import an account: immediately, or by a worker if it is large."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO

import structlog
from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from accounts.models import User
from careerplan.account_data.exporter import count_rows, write_export
from careerplan.account_data.file_format import InvalidFile, TooManyRows
from careerplan.account_data.import_rules import ImportSummary
from careerplan.account_data.importer import import_file
from careerplan.account_data.models import EXPORT_LIFETIME, DataFile, DataImport, StoredFile, store_content
from careerplan.account_data.queries import progress_key
from careerplan.core import jobs
from careerplan.core.jobs import lock_claimed

LEASE = timedelta(minutes=6)  # longer than a task may run
MAX_ATTEMPTS = 3
IMPORT_LIFETIME = timedelta(hours=24)
Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


# --- Export ---------------------------------------------------------------------------------------------
def export_now(*, user: User, now: datetime) -> BinaryIO:
    """Write the file of a user to a temporary file; return it, ready to be read."""
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_export(user, file, now=now)
    file.seek(0)
    return file


@transaction.atomic
def request_export(*, user: User, now: datetime) -> DataFile:
    """Have a worker write the file of a user. Idempotent while one is being written; replaces a ready one."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    own = DataFile.objects.for_user(user).exports()
    waiting = own.filter(state=DataFile.State.WAITING).first()
    if waiting is not None:
        return waiting
    own.delete()
    return DataFile.objects.create(
        user=user,
        direction=DataFile.Direction.OUT,
        requested_at=now,
        not_before=now,
        expires_at=now + EXPORT_LIFETIME,
        rows=count_rows(user),
    )


# --- Run by Celery workers ------------------------------------------------------------------------------
def claim_next(*, now: datetime) -> DataFile | None:
    """Claim the oldest waiting file for LEASE; None if none is free. The claim of a dead worker expires."""
    return jobs.claim_next(DataFile, now=now, lease=LEASE, most_attempts=MAX_ATTEMPTS)


def process_file(*, file: DataFile, clock: Clock) -> bool:
    """Process a claimed file. Return whether this worker finished it."""
    if file.direction == DataFile.Direction.OUT:
        return write_export_file(file=file, clock=clock)
    return run_queued_import(file=file, clock=clock) if file.is_confirmed else preview_stored(file=file, clock=clock)


def write_export_file(*, file: DataFile, clock: Clock) -> bool:
    """Write a claimed export. Return whether it is ready; False if another worker has it now, or it was deleted."""
    claimed_until = file.not_before
    with TemporaryFile() as out:
        rows = write_export(file.user, out, now=clock(), progress=lambda done: _set_progress(file, done))
        with transaction.atomic():
            locked = lock_claimed(file, claimed_until)
            if locked is None:
                return False
            now = clock()
            (locked.size, _checksum), locked.rows, locked.ready_at = store_content(locked, out), rows, now
            locked.state, locked.expires_at = DataFile.State.READY, now + EXPORT_LIFETIME
            locked.save(update_fields=["size", "rows", "ready_at", "state", "expires_at"])
    log.info("export_ready", file=file.pk, rows=rows)
    return True


def _set_progress(file: DataFile, done: int) -> None:
    with suppress(RedisError):
        cache.set(progress_key(file), done, 600)


def files_to_announce() -> list[DataFile]:
    """Return files whose owner needs an email, except in accounts that are being deleted."""
    news = DataFile.objects.to_notify().filter(user__is_active=True, user__deletion_due_at=None)
    return list(news.select_related("user")[:100])


def claim_announcement(*, file: DataFile, now: datetime) -> bool:
    """Record that the owner gets an email about the state of a file, before it is sent. Return whether it is ours to
    send: only one of two tasks sends it, and none if the file is in a later state, which gets another email.
    """
    unsent = DataFile.objects.to_notify().filter(pk=file.pk, state=file.state)
    return unsent.update(notified_at=now) > 0


def release_announcement(*, file: DataFile, claimed_at: datetime) -> None:
    """Have the next run send the email, which the mail server did not take."""
    DataFile.objects.filter(pk=file.pk, state=file.state, notified_at=claimed_at).update(notified_at=None)


def delete_expired(*, now: datetime) -> int:
    """Delete expired files and records of imports; return how many rows."""
    files = DataFile.objects.filter(expires_at__lte=now).delete()[0]
    return files + DataImport.objects.filter(expires_at__lte=now).delete()[0]


# --- Import ---------------------------------------------------------------------------------------------
def preview_import(
    *, user: User, content: BinaryIO, now: datetime, max_rows: int | None = None
) -> ImportSummary | None:
    """Return what a file would import: everything is written, checked by every rule, and rolled back. Raises
    InvalidFile.

    None if it has more than `max_rows` entries; errors in the first of them are still reported.
    """
    try:
        with transaction.atomic():
            summary = import_file(user=user, file=content, now=now, max_rows=max_rows)
            transaction.set_rollback(True)
    except TooManyRows:
        return None
    return summary


@transaction.atomic
def store_import(*, user: User, content: BinaryIO, summary: ImportSummary | None, now: datetime) -> DataFile:
    """Store a file until its owner confirms the import; it replaces the one before.

    `summary` is the preview; None for a large file, which a worker checks.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    DataFile.objects.for_user(user).imports().delete()
    file = DataFile.objects.create(
        user=user,
        direction=DataFile.Direction.IN,
        state=DataFile.State.READY if summary else DataFile.State.WAITING,
        requested_at=now,
        not_before=now,
        ready_at=now if summary else None,
        notified_at=now if summary else None,  # the next page says so
        expires_at=now + IMPORT_LIFETIME,
        rows=sum(summary.counts.values()) if summary else 0,
        summary=asdict(summary) if summary else {},
    )
    file.size, file.checksum = store_content(file, content)
    file.save(update_fields=["size", "checksum"])
    return file


@transaction.atomic
def discard_import(*, file: DataFile) -> bool:
    """Delete a file before it is imported; False if it was already imported. Idempotent."""
    locked = DataFile.objects.select_for_update().imports().filter(pk=file.pk).first()
    if locked is not None and locked.is_imported:
        return False
    if locked is not None:
        locked.delete()
    return True


def preview_stored(*, file: DataFile, clock: Clock) -> bool:
    """Check a claimed file for its owner, who then confirms. Return whether the result was saved."""
    claimed_until = file.not_before
    summary, reason = None, ""
    try:
        summary = preview_import(user=file.user, content=_content(file), now=clock())
    except InvalidFile as error:
        reason = str(error)
    with transaction.atomic():
        locked = lock_claimed(file, claimed_until)
        if locked is None:
            return False
        if summary is None:
            _reject(locked, reason)
            return True
        locked.state, locked.ready_at, locked.attempts = DataFile.State.READY, clock(), 0
        locked.rows, locked.summary = sum(summary.counts.values()), asdict(summary)
        locked.save(update_fields=["state", "ready_at", "attempts", "rows", "summary"])
    return True


@transaction.atomic
def queue_import(*, file: DataFile, now: datetime, replace_active: bool) -> DataFile | None:
    """Have a worker import a checked file. None if it was deleted, or is already being imported."""
    locked = _lock_ready(file)
    if locked is None:
        return None
    locked.state, locked.ready_at, locked.not_before, locked.attempts = DataFile.State.WAITING, None, now, 0
    locked.summary, locked.notified_at = {**locked.summary, "replace_active": replace_active}, None
    locked.save(update_fields=["state", "ready_at", "not_before", "attempts", "summary", "notified_at"])
    _set_progress(locked, 0)
    return locked


def run_queued_import(*, file: DataFile, clock: Clock) -> bool:
    """Import a claimed file, once: rolled back if another worker has done it, or its owner has deleted the file.

    Return whether it ended here: imported, or rejected with a reason.
    """
    claimed_until, replace_active = file.not_before, bool(file.summary["replace_active"])
    try:
        with transaction.atomic():
            summary = import_file(
                user=file.user,
                file=_content(file),
                now=clock(),
                replace_active=replace_active,
                checksum=file.checksum,
            )
            locked = lock_claimed(file, claimed_until)
            if locked is None:
                transaction.set_rollback(True)
                return False
            locked.state, locked.summary = DataFile.State.DONE, asdict(summary)
            locked.save(update_fields=["state", "summary"])
            locked.chunks.all().delete()
    except InvalidFile as error:
        with transaction.atomic():
            locked = lock_claimed(file, claimed_until)
            if locked is not None:
                _reject(locked, str(error))
        return locked is not None
    log.info("import_finished", user=file.user_id, rows=sum(summary.counts.values()))
    return True


@transaction.atomic
def finish_import(*, file: DataFile, now: datetime, replace_active: bool = False) -> ImportSummary | None:
    """Import a stored file, once: None if that was done before. Raises InvalidFile without any change."""
    locked = _lock_ready(file)
    if locked is None:
        return None
    content: BinaryIO = StoredFile(locked)  # type: ignore[assignment]
    summary = import_file(
        user=locked.user, file=content, now=now, replace_active=replace_active, checksum=locked.checksum
    )
    locked.delete()
    log.info("import_finished", user=locked.user_id, rows=sum(summary.counts.values()))
    return summary


def _lock_ready(file: DataFile) -> DataFile | None:
    ready = DataFile.objects.select_for_update().imports().filter(state=DataFile.State.READY)
    return ready.filter(pk=file.pk).first()


def _content(file: DataFile) -> BinaryIO:
    return StoredFile(file, lambda size: _set_progress(file, size))  # type: ignore[return-value]


def _reject(locked: DataFile, reason: str) -> None:
    """Save why a file cannot be imported, and delete its content."""
    locked.state, locked.summary = DataFile.State.REJECTED, {"rejected": reason}
    locked.save(update_fields=["state", "summary"])
    locked.chunks.all().delete()
