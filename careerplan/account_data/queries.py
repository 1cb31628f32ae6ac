"""Queries of the pages for account data."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import QuerySet
from redis.exceptions import RedisError

from accounts.models import User
from careerplan.account_data.exporter import count_rows
from careerplan.account_data.models import DataFile, DataImport

# Up to this many entries a file is exported or imported while its owner waits: about a second on the slower of two
# cores (`make bench`, "the file of an account"). A worker handles larger files.
IMMEDIATE_ROWS = 10_000
# A larger file is not even looked into while its owner waits: its size is known before the work.
IMMEDIATE_BYTES = 1_000_000


@dataclass(frozen=True, kw_only=True)
class ExportStatus:
    """The export of an account: its number of rows, the file being written or ready, and its progress."""

    rows: int
    file: DataFile | None
    percent: int | None

    @property
    def is_immediate(self) -> bool:
        """Return whether it is written while its owner waits."""
        return self.rows <= IMMEDIATE_ROWS


def export_status(user: User, now: datetime) -> ExportStatus:
    """Return how large an export would be, and the one that is being written or can be downloaded."""
    file = DataFile.objects.for_user(user).exports().filter(expires_at__gt=now).first()
    percent = progress_of(file) if file and file.is_waiting else None
    return ExportStatus(rows=count_rows(user), file=file, percent=percent)


def latest_import(user: User, now: datetime) -> DataFile | None:
    """Return the file that a user chose last, in any state."""
    return DataFile.objects.for_user(user).imports().filter(expires_at__gt=now).first()


def undoable_imports(user: User, now: datetime) -> QuerySet[DataImport]:
    """Return the imports that can still be undone, newest first."""
    imports: QuerySet[DataImport] = DataImport.objects.for_user(user)
    return imports.filter(expires_at__gt=now).order_by("-imported_at", "-pk")


def previous_import(file: DataFile, now: datetime) -> DataImport | None:
    """Return the last import of the same file that was not undone."""
    return undoable_imports(file.user, now).filter(checksum=file.checksum).exclude(checksum="").first()


def progress_key(file: DataFile) -> str:
    """Return the cache key of the progress. For display only: the database knows what is done."""
    return f"data-file.{file.pk}"


def progress_of(file: DataFile) -> int | None:
    """Return the progress of a file in per cent, by entries written or bytes read; None if unknown."""
    total = file.size if file.direction == DataFile.Direction.IN else file.rows
    try:
        done = cache.get(progress_key(file))
    except RedisError:
        return None
    if done is None or not total:
        return None
    return min(99, int(100 * done / total))
