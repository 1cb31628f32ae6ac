"""Files of somebody's data: one that is made for them, and one that they bring in. Kept in the database, as web
processes and workers share nothing else (docs/adr/0010), for a few days.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet

KEPT: timedelta = timedelta(days=7)


class DataFileQuerySet(OwnedQuerySet["DataFile"]):
    """Files of people."""

    def to_download(self, now: datetime) -> "DataFileQuerySet":
        """Those that are ready and not over."""
        return self.filter(way=DataFile.Way.OUT, state=DataFile.State.READY, expires_at__gt=now)

    def untold(self) -> "DataFileQuerySet":
        """Those of which there is news to tell: made for somebody, or at an end of the way in."""
        news = Q(way=DataFile.Way.OUT, state=DataFile.State.READY)
        news |= Q(way=DataFile.Way.IN) & ~Q(state=DataFile.State.WAITING)
        return self.filter(news, told_at__isnull=True)

    def brought(self) -> "DataFileQuerySet":
        """Those that somebody brings in."""
        return self.filter(way=DataFile.Way.IN)

    def asked_for(self) -> "DataFileQuerySet":
        """Those that are made for somebody."""
        return self.filter(way=DataFile.Way.OUT)


class DataFile(models.Model):
    """One file. At most one each way for a person: a newer one takes its place.

    `not_before`: while a worker is at it, until when it is left alone; then another one takes over. A large file that
    is brought in waits twice: to be looked at, and when its owner has decided (`is_decided`) to be brought in.
    `summary` says what it would bring, or brought; of a refused one the reason, as `refused`.
    """

    class Way(models.TextChoices):
        """Out of the product, or into it."""

        OUT = "out", _("Download")
        IN = "in", _("Brought in")

    class State(models.TextChoices):
        """Waiting for a worker; ready to be downloaded or to be brought in; brought in; refused, with the reason;
        failed, with no more tries.
        """

        WAITING = "waiting", _("Being made")
        READY = "ready", _("Ready")
        DONE = "done", _("Brought in")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_files")
    way = models.CharField(_("way"), max_length=3, choices=Way)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked at"))
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    rows = models.PositiveIntegerField(_("entries"), default=0)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"))
    summary = models.JSONField(_("what it would bring"), default=dict, blank=True)
    told_at = models.DateTimeField(_("announced at"), null=True, blank=True)

    objects = DataFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of data")
        verbose_name_plural = _("files of data")
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="waiting"), name="account_data_file_waiting"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "way"], name="account_data_datafile_one_each_way"),
            models.CheckConstraint(
                condition=(Q(state="ready") & Q(ready_at__isnull=False))
                | (~Q(state="ready") & Q(ready_at__isnull=True)),
                name="account_data_datafile_ready_at",
            ),
            models.CheckConstraint(condition=Q(way__in=["out", "in"]), name="account_data_datafile_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.user_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        """Whether a worker still has to make it."""
        return self.state == self.State.WAITING

    @property
    def is_decided(self) -> bool:
        """Whether its owner has said that it is to be brought in; a worker does it."""
        return "replace_active" in self.summary

    @property
    def is_brought_in(self) -> bool:
        """Whether everything in it has become the owner's."""
        return self.state == self.State.DONE

    @property
    def refused(self) -> str:
        """Why it was not taken; blank where it was."""
        return str(self.summary.get("refused", ""))

    @property
    def is_failed(self) -> bool:
        """Whether no worker came through with it."""
        return self.state == self.State.FAILED

    @property
    def is_ready(self) -> bool:
        """Whether it is there."""
        return self.state == self.State.READY


class DataChunk(models.Model):
    """A piece of a file, so that nobody ever holds all of it in memory."""

    file = models.ForeignKey(DataFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(_("place"))
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
