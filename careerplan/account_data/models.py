"""Files that an account exports or imports, and what an import made.

Files are stored in the database for a few days, because web processes and workers share nothing else (docs/adr/0010).
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import BinaryIO, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.plans.models import Plan

EXPORT_LIFETIME: timedelta = timedelta(days=7)
UNDO_PERIOD: timedelta = timedelta(days=30)


class DataFileQuerySet(OwnedQuerySet["DataFile"]):
    def to_download(self, now: datetime) -> "DataFileQuerySet":
        """Return exports that are ready and have not expired."""
        return self.filter(direction=DataFile.Direction.OUT, state=DataFile.State.READY, expires_at__gt=now)

    def to_notify(self) -> "DataFileQuerySet":
        """Return files whose owner gets an email: a ready export, or an import that was checked or has ended."""
        news = Q(direction=DataFile.Direction.OUT, state=DataFile.State.READY)
        news |= Q(direction=DataFile.Direction.IN) & ~Q(state=DataFile.State.WAITING)
        return self.filter(news, notified_at__isnull=True)

    def imports(self) -> "DataFileQuerySet":
        return self.filter(direction=DataFile.Direction.IN)

    def exports(self) -> "DataFileQuerySet":
        return self.filter(direction=DataFile.Direction.OUT)


class DataFile(models.Model):
    """A file of an account, which has at most one per direction: a newer one replaces it.

    `not_before`: until when the worker that claimed it has it alone. A large import needs a worker twice: to be
    checked, and to be imported once its owner has confirmed (`is_confirmed`). `summary` is the ImportSummary; for a
    rejected file it has the reason, as `rejected`. `checksum`: SHA-256 of an import, to recognise the same file.
    """

    class Direction(models.TextChoices):
        """An export or an import."""

        OUT = "out", _("Export")
        IN = "in", _("Import")

    class State(models.TextChoices):
        """Waiting for a worker; ready to download or confirm; imported; rejected, with the reason; failed for the
        last time.
        """

        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        DONE = "done", _("Imported")
        REJECTED = "rejected", _("Rejected")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_files")
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    requested_at = models.DateTimeField(_("requested at"))
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows = models.PositiveIntegerField(_("entries"), default=0)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"))
    summary = models.JSONField(_("summary"), default=dict, blank=True)
    checksum = models.CharField(_("checksum"), max_length=64, blank=True)
    notified_at = models.DateTimeField(_("notified at"), null=True, blank=True)

    objects = DataFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("data file")
        verbose_name_plural = _("data files")
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="waiting"), name="account_data_file_waiting"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "direction"], name="account_data_datafile_one_each_direction"),
            models.CheckConstraint(
                condition=(Q(state="ready") & Q(ready_at__isnull=False))
                | (~Q(state="ready") & Q(ready_at__isnull=True)),
                name="account_data_datafile_ready_at",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["out", "in"]), name="account_data_datafile_direction_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.user_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        """Return whether a worker still has to process it."""
        return self.state == self.State.WAITING

    @property
    def is_confirmed(self) -> bool:
        """Return whether its owner has confirmed the import, which a worker then runs."""
        return "replace_active" in self.summary

    @property
    def is_imported(self) -> bool:
        return self.state == self.State.DONE

    @property
    def rejected(self) -> str:
        """Return why it cannot be imported; blank if it can."""
        return str(self.summary.get("rejected", ""))

    @property
    def is_failed(self) -> bool:
        """Return whether no worker could process it."""
        return self.state == self.State.FAILED

    @property
    def is_ready(self) -> bool:
        """Return whether it can be downloaded, or its import confirmed."""
        return self.state == self.State.READY


class DataChunk(models.Model):
    """A chunk of a file, so that no process holds the whole file in memory."""

    file = models.ForeignKey(DataFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(_("number"))
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("piece of a file")
        verbose_name_plural = _("pieces of files")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file", "number"], name="account_data_datachunk_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"


class DataImport(models.Model):
    """An import that can be undone for UNDO_PERIOD. `archived_plan`: the plan that the imported one replaced."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_imports")
    checksum = models.CharField(_("checksum"), max_length=64, blank=True)
    imported_at = models.DateTimeField(_("imported at"))
    expires_at = models.DateTimeField(_("expires at"))
    counts = models.JSONField(_("counts"), default=dict)
    archived_plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects: ClassVar = OwnedQuerySet["DataImport"].as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="account_data_import_expiry")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.imported_at:%Y-%m-%d}"


class ImportedRows(models.Model):
    """Rows of one section that an import made.

    A plan or an assessment has its own row with `fingerprints`: by section, a digest of its rows. If a digest differs
    now, the owner has changed something since.
    """

    data_import = models.ForeignKey(DataImport, on_delete=models.CASCADE, related_name="rows")
    section = models.CharField(_("section"), max_length=40)
    ids = ArrayField(models.BigIntegerField(), verbose_name=_("ids"))
    fingerprints = models.JSONField(_("fingerprints"), default=dict)

    class Meta:
        verbose_name = _("imported rows")
        verbose_name_plural = _("imported rows")

    def __str__(self) -> str:
        return f"{self.data_import_id} {self.section}"


CHUNK_BYTES = 256 * 1024  # bytes


def store_content(file: DataFile, content: BinaryIO) -> tuple[int, str]:
    """Store the content of a file and return its size in bytes and its SHA-256. Runs in a transaction of the caller."""
    file.chunks.all().delete()
    content.seek(0)
    number, size, digest = 0, 0, hashlib.sha256()
    while chunk := content.read(CHUNK_BYTES):
        DataChunk.objects.create(file=file, number=number, content=chunk)
        number, size = number + 1, size + len(chunk)
        digest.update(chunk)
    return size, digest.hexdigest()


def read_chunks(file: DataFile) -> Iterator[bytes]:
    """Yield the content with one query per chunk, so that no cursor stays open during a slow download."""
    number = 0
    while True:
        found = DataChunk.objects.filter(file=file, number=number).values_list("content", flat=True).first()
        if found is None:
            return
        yield bytes(found)
        number += 1


class StoredFile(io.RawIOBase):
    """The content of a file as a binary file, which can only be read from its start."""

    def __init__(self, file: DataFile, progress: Callable[[int], None] = lambda size: None) -> None:
        """Create a reader; `progress` is called with the bytes read so far, for each chunk."""
        super().__init__()
        self._file, self._progress, self._read = file, progress, 0
        self._chunks = read_chunks(file)
        self._left = b""

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go back to the start, and nowhere else."""
        if (offset, whence) != (0, 0):
            raise io.UnsupportedOperation("a stored file can only be read from its start")
        self._chunks, self._left, self._read = read_chunks(self._file), b"", 0
        return 0

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read the next bytes; 0 at the end."""
        if not self._left:
            self._left = next(self._chunks, b"")
            self._read += len(self._left)
            self._progress(self._read)
        data = self._left[: len(buffer)]
        buffer[: len(data)] = data
        self._left = self._left[len(data) :]
        return len(data)
