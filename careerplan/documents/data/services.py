"""Files out of an account and into it."""

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
from careerplan.documents.data import chunks
from careerplan.documents.data.incoming import Brought, bring_in
from careerplan.documents.data.models import KEPT, DataFile
from careerplan.documents.data.outgoing import rows_of, write_export
from careerplan.documents.data.queries import progress_key

LEASE = timedelta(minutes=6)  # longer than a task may take
MOST_ATTEMPTS = 3
IMPORT_KEPT = timedelta(hours=24)
Clock = Callable[[], datetime]

log = structlog.get_logger(__name__)


def export_at_once(*, user: User, now: datetime) -> BinaryIO:
    """The file of somebody, written to a temporary file and ready to be read."""
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    write_export(user, file, now=now)
    file.seek(0)
    return file


@transaction.atomic
def ask_for_file(*, user: User, now: datetime) -> DataFile:
    """Have a worker make the file of somebody. Idempotent while one is being made; a ready one is replaced."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    own = DataFile.objects.for_user(user).asked_for()
    waiting = own.filter(state=DataFile.State.WAITING).first()
    if waiting is not None:
        return waiting
    own.delete()
    return DataFile.objects.create(
        user=user, way=DataFile.Way.OUT, asked_at=now, not_before=now, expires_at=now + KEPT, rows=rows_of(user)
    )


def discard_file(*, file: DataFile) -> None:
    """Remove a file before its time. Idempotent."""
    DataFile.objects.filter(pk=file.pk).delete()


def take_next(*, now: datetime) -> DataFile | None:
    """Claim the file that waits longest, for LEASE; None where none is free. One whose worker died is free again."""
    with transaction.atomic():
        free = DataFile.objects.filter(state=DataFile.State.WAITING, not_before__lte=now)
        file = free.select_for_update(skip_locked=True).order_by("not_before", "pk").first()
        if file is None:
            return None
        file.attempts += 1
        file.not_before = now + LEASE
        if file.attempts > MOST_ATTEMPTS:
            file.state = DataFile.State.FAILED
        file.save(update_fields=["attempts", "not_before", "state"])
    return file if file.is_waiting else take_next(now=now)


def make_file(*, file: DataFile, clock: Clock) -> bool:
    """Write a claimed file. Says whether it is ready; not where somebody else has it by now, or it is gone."""
    claimed_until = file.not_before
    with TemporaryFile() as out:
        rows = write_export(file.user, out, now=clock(), progress=lambda done: _note(file, done))
        with transaction.atomic():
            held = DataFile.objects.select_for_update().filter(pk=file.pk, not_before=claimed_until).first()
            if held is None or not held.is_waiting:
                return False
            now = clock()
            held.size, held.rows, held.ready_at = chunks.put(held, out), rows, now
            held.state, held.expires_at = DataFile.State.READY, now + KEPT
            held.save(update_fields=["size", "rows", "ready_at", "state", "expires_at"])
    log.info("data file ready", file=file.pk, rows=rows)
    return True


def _note(file: DataFile, done: int) -> None:
    with suppress(RedisError):
        cache.set(progress_key(file), done, 600)


def to_announce() -> list[DataFile]:
    """Files that are ready and were not announced yet, of people who can be written to."""
    ready = DataFile.objects.asked_for().filter(state=DataFile.State.READY, told_at__isnull=True)
    return list(ready.filter(user__is_active=True).select_related("user")[:100])


def note_announced(*, file: DataFile, now: datetime) -> None:
    """It was announced. Idempotent."""
    DataFile.objects.filter(pk=file.pk, told_at__isnull=True).update(told_at=now)


def remove_expired(*, now: datetime) -> int:
    """Remove files whose time is over; gives how many rows went."""
    return DataFile.objects.filter(expires_at__lte=now).delete()[0]


@transaction.atomic
def keep_import(*, user: User, content: BinaryIO, brought: Brought, now: datetime) -> DataFile:
    """Keep a file that was looked at until its owner says what becomes of it; the one before goes."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    DataFile.objects.for_user(user).brought().delete()
    file = DataFile.objects.create(
        user=user,
        way=DataFile.Way.IN,
        state=DataFile.State.READY,
        asked_at=now,
        not_before=now,
        ready_at=now,
        expires_at=now + IMPORT_KEPT,
        rows=sum(brought.counts.values()),
        summary=asdict(brought),
    )
    file.size = chunks.put(file, content)
    file.save(update_fields=["size"])
    return file


def look_at_import(*, user: User, content: BinaryIO, now: datetime, replace_active: bool = False) -> Brought:
    """What a file would bring: everything is written, held against every rule, and taken back. Raises Refused."""
    with transaction.atomic():
        brought = bring_in(user=user, file=content, now=now, replace_active=replace_active)
        transaction.set_rollback(True)
    return brought


@transaction.atomic
def finish_import(*, file: DataFile, now: datetime, replace_active: bool = False) -> Brought | None:
    """Bring in a kept file, once: None where that was done before. Raises Refused, and then nothing is changed."""
    held = DataFile.objects.select_for_update().filter(pk=file.pk, way=DataFile.Way.IN).first()
    if held is None:
        return None
    brought = bring_in(user=held.user, file=chunks.KeptFile(held), now=now, replace_active=replace_active)  # type: ignore[arg-type]
    held.delete()
    log.info("data brought in", user=held.user_id, rows=sum(brought.counts.values()))
    return brought
