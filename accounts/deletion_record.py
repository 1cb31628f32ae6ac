"""Deletions of accounts, kept in a small file beside the backups: a restored database does not know the later ones.

A line names the id of the account and the time, and nothing else of the person.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

import structlog
from django.conf import settings

from accounts.models import User
from careerplan.core.readonly import allow_closed_changes

log = structlog.get_logger(__name__)


class Repeated(NamedTuple):
    """How many accounts were deleted again, and the numbers of the lines that cannot be read."""

    deleted: int
    unreadable: list[int]


def record_deletion(*, pk: int, now: datetime) -> None:
    """Append a deletion to DELETIONS_FILE. A file that cannot be written is logged: the account is gone already."""
    if not settings.DELETIONS_FILE:
        return
    try:
        with Path(settings.DELETIONS_FILE).open("a+b") as file:
            start = "\n" if _is_cut_off(file) else ""
            file.write(f"{start}{json.dumps({'user': pk, 'deleted_at': now.isoformat()})}\n".encode())
    except OSError as error:
        log.error("deletion_not_recorded", user=pk, error=type(error).__name__)


def repeat_deletions() -> Repeated:
    """Delete the accounts that the file names and the database has again.

    An account that was made after the deletion has got the same id after a restore: it stays. A line that cannot be
    read, as one that was cut off, is passed over.
    """
    file, deleted, unreadable = Path(settings.DELETIONS_FILE or "none"), 0, []
    lines = file.read_text(errors="replace").splitlines() if file.is_file() else []
    for number, line in enumerate(lines, start=1):
        try:
            pk, at = _read(line)
        except (ValueError, KeyError, TypeError):
            log.error("deletion_unreadable", line=number)
            unreadable.append(number)
            continue
        with allow_closed_changes():
            found = User.objects.filter(pk=pk, date_joined__lt=at).first()
            if found is not None:
                found.delete()
                deleted += 1
                log.info("account_deleted", user=pk, reason="restored")
    return Repeated(deleted, unreadable)


def _is_cut_off(file: BinaryIO) -> bool:
    """Return whether the last line has no end: the disk was full, or the machine stopped."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _read(line: str) -> tuple[int, datetime]:
    entry = json.loads(line)
    return int(entry["user"]), datetime.fromisoformat(entry["deleted_at"])
