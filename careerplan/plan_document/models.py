"""The file of a long plan, made by a worker. Short plans are downloaded at once and stored nowhere."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.plan_document.document import SHORT, DocumentPart
from careerplan.plans.models import Plan

LIFETIME: timedelta = timedelta(hours=24)


class PlanFileQuerySet(OwnedQuerySet["PlanFile"]):
    def current(self, now: datetime) -> "PlanFileQuerySet":
        """Keep files that have not expired; their content is not read."""
        return self.filter(expires_at__gt=now).select_related("plan").defer("content")

    def to_download(self, now: datetime) -> "PlanFileQuerySet":
        """Keep files that are made and have not expired."""
        return self.filter(state=PlanFile.State.READY, expires_at__gt=now)


class PlanFile(models.Model):
    """A PDF or Word file of a plan with the chosen parts. A person has at most one: a newer one replaces it.

    `not_before`: until when the worker that claimed it has it alone (core/jobs.py).
    """

    class Ending(models.TextChoices):
        """The kind of file, by the ending of its name."""

        PDF = "pdf", _("PDF")
        WORD = "docx", _("Word")

    class State(models.TextChoices):
        """Waiting for a worker or being made; ready to download; failed for the last time."""

        WAITING = "waiting", _("Waiting")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan_file")
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="+")
    ending = models.CharField(_("kind"), max_length=4, choices=Ending)
    parts = ArrayField(models.CharField(max_length=20, choices=DocumentPart), verbose_name=_("parts"))
    entries = models.PositiveIntegerField(_("goals and steps"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    requested_at = models.DateTimeField(_("requested at"))
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    content = models.BinaryField(_("content"), null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires at"))

    objects = PlanFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan file")
        verbose_name_plural = _("plan files")
        indexes: ClassVar = [
            models.Index(fields=["not_before", "id"], condition=Q(state="waiting"), name="plan_document_file_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(state="ready", ready_at__isnull=False, content__isnull=False) & ~Q(name=""))
                | (~Q(state="ready") & Q(ready_at__isnull=True, content__isnull=True, name="")),
                name="plan_document_planfile_ready",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "failed"]), name="plan_document_planfile_state_known"
            ),
            models.CheckConstraint(condition=Q(ending__in=["pdf", "docx"]), name="plan_document_planfile_ending_known"),
            models.CheckConstraint(
                condition=Q(parts__len__gt=0, parts__contained_by=DocumentPart.values),
                name="plan_document_planfile_parts",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("requested_at")), name="plan_document_planfile_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.ending} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_being_made(self) -> bool:
        """Whether a worker has begun with it."""
        return self.is_waiting and self.attempts > 0

    @property
    def query(self) -> str:
        """Return the query string of the page with these parts; blank for the parts that it shows by itself."""
        return "" if set(self.parts) == SHORT else f"?{urlencode({'part': self.parts}, doseq=True)}"
