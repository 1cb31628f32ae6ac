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
from careerplan.account_data import chunks
from careerplan.account_data.exporter import rows_of, write_export
from careerplan.account_data.importer import Brought, TooMuchAtOnce, bring_in
from careerplan.account_data.models import KEPT, DataFile
from careerplan.account_data.parser import Refused
from careerplan.account_data.queries import progress_key

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


@transaction.atomic
def discard_import(*, file: DataFile) -> bool:
    """Remove a file that is not to be brought in; says whether that came in time. Idempotent."""
    held = DataFile.objects.select_for_update().brought().filter(pk=file.pk).first()
    if held is not None and held.is_brought_in:
        return False
    if held is not None:
        held.delete()
    return True


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


def work_on(*, file: DataFile, clock: Clock) -> bool:
    """Do what a claimed file waits for. Says whether it came to an end here, and not at somebody else's."""
    if file.way == DataFile.Way.OUT:
        return make_file(file=file, clock=clock)
    return bring_in_decided(file=file, clock=clock) if file.is_decided else look_at_kept(file=file, clock=clock)


def make_file(*, file: DataFile, clock: Clock) -> bool:
    """Write a claimed file. Says whether it is ready; not where somebody else has it by now, or it is gone."""
    claimed_until = file.not_before
    with TemporaryFile() as out:
        rows = write_export(file.user, out, now=clock(), progress=lambda done: _note(file, done))
        with transaction.atomic():
            held = _still_claimed(file, claimed_until)
            if held is None:
                return False
            now = clock()
            held.size, held.rows, held.ready_at = chunks.put(held, out), rows, now
            held.state, held.expires_at = DataFile.State.READY, now + KEPT
            held.save(update_fields=["size", "rows", "ready_at", "state", "expires_at"])
    log.info("data file ready", file=file.pk, rows=rows)
    return True


def _still_claimed(file: DataFile, claimed_until: datetime) -> DataFile | None:
    """The file, held; None where somebody else has taken over, or it was decided otherwise."""
    waiting = DataFile.objects.select_for_update().filter(state=DataFile.State.WAITING)
    return waiting.filter(pk=file.pk, not_before=claimed_until).first()


def _note(file: DataFile, done: int) -> None:
    with suppress(RedisError):
        cache.set(progress_key(file), done, 600)


def to_announce() -> list[DataFile]:
    """Files that wait for nobody but their owner and were not announced yet, of people who are written to: not of who
    is leaving.
    """
    news = DataFile.objects.untold().filter(user__is_active=True, user__deletion_due_at=None)
    return list(news.select_related("user")[:100])


def note_announced(*, file: DataFile, now: datetime) -> None:
    """That it is as it is was announced; what has become of it since is news. Idempotent."""
    DataFile.objects.filter(pk=file.pk, state=file.state, told_at__isnull=True).update(told_at=now)


def remove_expired(*, now: datetime) -> int:
    """Remove files whose time is over; gives how many rows went."""
    return DataFile.objects.filter(expires_at__lte=now).delete()[0]


@transaction.atomic
def keep_import(*, user: User, content: BinaryIO, brought: Brought | None, now: datetime) -> DataFile:
    """Keep a file until its owner says what becomes of it; the one before goes.

    `brought` is what was found when it was looked at; None for a large one, which a worker looks at.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    DataFile.objects.for_user(user).brought().delete()
    file = DataFile.objects.create(
        user=user,
        way=DataFile.Way.IN,
        state=DataFile.State.READY if brought else DataFile.State.WAITING,
        asked_at=now,
        not_before=now,
        ready_at=now if brought else None,
        told_at=now if brought else None,  # by the page that comes next
        expires_at=now + IMPORT_KEPT,
        rows=sum(brought.counts.values()) if brought else 0,
        summary=asdict(brought) if brought else {},
    )
    file.size = chunks.put(file, content)
    file.save(update_fields=["size"])
    return file


def look_at_import(*, user: User, content: BinaryIO, now: datetime, most_rows: int | None = None) -> Brought | None:
    """What a file would bring: everything is written, held against every rule, and taken back. Raises Refused.

    None where it has more than `most_rows` entries: what is wrong in the first of them is said all the same.
    """
    try:
        with transaction.atomic():
            brought = bring_in(user=user, file=content, now=now, most_rows=most_rows)
            transaction.set_rollback(True)
    except TooMuchAtOnce:
        return None
    return brought


def look_at_kept(*, file: DataFile, clock: Clock) -> bool:
    """Look at a claimed file for its owner, who then decides. Says whether what was found is kept."""
    claimed_until = file.not_before
    brought, reason = None, ""
    try:
        brought = look_at_import(user=file.user, content=_content(file), now=clock())
    except Refused as refused:
        reason = str(refused)
    with transaction.atomic():
        held = _still_claimed(file, claimed_until)
        if held is None:
            return False
        if brought is None:
            _refuse(held, reason)
            return True
        held.state, held.ready_at, held.attempts = DataFile.State.READY, clock(), 0
        held.rows, held.summary = sum(brought.counts.values()), asdict(brought)
        held.save(update_fields=["state", "ready_at", "attempts", "rows", "summary"])
    return True


@transaction.atomic
def ask_to_bring_in(*, file: DataFile, now: datetime, replace_active: bool) -> DataFile | None:
    """Have a worker bring in a file that was looked at. None where it is not there any more, or under way already."""
    ready = DataFile.objects.select_for_update().brought().filter(state=DataFile.State.READY)
    held = ready.filter(pk=file.pk).first()
    if held is None:
        return None
    held.state, held.ready_at, held.not_before, held.attempts = DataFile.State.WAITING, None, now, 0
    held.summary, held.told_at = {**held.summary, "replace_active": replace_active}, None
    held.save(update_fields=["state", "ready_at", "not_before", "attempts", "summary", "told_at"])
    _note(held, 0)
    return held


def bring_in_decided(*, file: DataFile, clock: Clock) -> bool:
    """Bring in a claimed file, once: what another worker has brought in by then, or its owner discarded, is taken back.

    Says whether it is settled here: brought in, or refused with a reason.
    """
    claimed_until, replace_active = file.not_before, bool(file.summary["replace_active"])
    try:
        with transaction.atomic():
            now = clock()
            brought = bring_in(user=file.user, file=_content(file), now=now, replace_active=replace_active)
            held = _still_claimed(file, claimed_until)
            if held is None:
                transaction.set_rollback(True)
                return False
            held.state, held.summary = DataFile.State.DONE, asdict(brought)
            held.save(update_fields=["state", "summary"])
            held.chunks.all().delete()
    except Refused as refused:
        with transaction.atomic():
            held = _still_claimed(file, claimed_until)
            if held is not None:
                _refuse(held, str(refused))
        return held is not None
    log.info("data brought in", user=file.user_id, rows=sum(brought.counts.values()))
    return True


def _content(file: DataFile) -> BinaryIO:
    return chunks.KeptFile(file, lambda size: _note(file, size))  # type: ignore[return-value]


def _refuse(held: DataFile, reason: str) -> None:
    """Keep why a file was not taken, and nothing else of it."""
    held.state, held.summary = DataFile.State.REFUSED, {"refused": reason}
    held.save(update_fields=["state", "summary"])
    held.chunks.all().delete()


@transaction.atomic
def finish_import(*, file: DataFile, now: datetime, replace_active: bool = False) -> Brought | None:
    """Bring in a kept file, once: None where that was done before. Raises Refused, and then nothing is changed."""
    ready = DataFile.objects.select_for_update().brought().filter(state=DataFile.State.READY)
    held = ready.filter(pk=file.pk).first()
    if held is None:
        return None
    brought = bring_in(user=held.user, file=chunks.KeptFile(held), now=now, replace_active=replace_active)  # type: ignore[arg-type]
    held.delete()
    log.info("data brought in", user=held.user_id, rows=sum(brought.counts.values()))
    return brought
