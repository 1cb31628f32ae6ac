"""Deletions of accounts, kept in a small file beside the backups: a restored database does not know the later ones.

A line names the id of the account and the time, and nothing else of the person.
"""

import json
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings

from accounts.models import User
from careerplan.core.readonly import allow_closed_changes

log = structlog.get_logger(__name__)


def record_deletion(*, pk: int, now: datetime) -> None:
    """Append a deletion to DELETIONS_FILE. A file that cannot be written is logged: the account is gone already."""
    if not settings.DELETIONS_FILE:
        return
    try:
        with Path(settings.DELETIONS_FILE).open("a") as file:
            file.write(json.dumps({"user": pk, "deleted_at": now.isoformat()}) + "\n")
    except OSError as error:
        log.error("deletion_not_recorded", user=pk, error=type(error).__name__)


def repeat_deletions() -> int:
    """Delete the accounts that the file names and the database has again; return how many.

    An account that was made after the deletion has got the same id after a restore: it stays.
    """
    file, deleted = Path(settings.DELETIONS_FILE or "none"), 0
    for line in file.read_text().splitlines() if file.is_file() else ():
        entry = json.loads(line)
        at = datetime.fromisoformat(entry["deleted_at"])
        with allow_closed_changes():
            found = User.objects.filter(pk=entry["user"], date_joined__lt=at).first()
            if found is not None:
                found.delete()
                deleted += 1
                log.info("account_deleted", user=entry["user"], reason="restored")
    return deleted
