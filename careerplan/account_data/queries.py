"""What the page about somebody's data says."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

from accounts.models import User
from careerplan.account_data.exporter import rows_of
from careerplan.account_data.models import DataFile

# Up to so many entries a file is made, or taken, while its owner waits: about a second on the slower of two cores
# (`make bench`, "the file of an account"); beyond that by a worker.
AT_ONCE_ROWS = 10_000


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How the download stands: how much there is, the file that is being made or ready, how far it is in per cent."""

    rows: int
    file: DataFile | None
    per_cent: int | None

    @property
    def is_at_once(self) -> bool:
        """Whether it is made while one waits."""
        return self.rows <= AT_ONCE_ROWS


def standing_of(user: User, now: datetime) -> Standing:
    """How the download of somebody stands."""
    file = DataFile.objects.for_user(user).asked_for().filter(expires_at__gt=now).first()
    per_cent = goal_progress(file) if file and file.is_waiting else None
    return Standing(rows=rows_of(user), file=file, per_cent=per_cent)


def waiting_import(user: User, now: datetime) -> DataFile | None:
    """The file that somebody has chosen last, whatever became of it."""
    return DataFile.objects.for_user(user).brought().filter(expires_at__gt=now).first()


def progress_key(file: DataFile) -> str:
    """Where in the cache it stands how much is written or read. Only for show: the database knows what is done."""
    return f"data-file.{file.pk}"


def goal_progress(file: DataFile) -> int | None:
    """How much of a file is written (in entries) or read (in bytes), in per cent; None where nobody knows."""
    whole = file.size if file.way == DataFile.Way.IN else file.rows
    try:
        done = cache.get(progress_key(file))
    except RedisError:
        return None
    if done is None or not whole:
        return None
    return min(99, int(100 * done / whole))
