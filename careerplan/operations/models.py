"""Backups that were made or asked for, so that operators see them. The files are not in the database."""

from typing import ClassVar

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from careerplan.core.version import NUMBER, number_of

PROBLEM_LENGTH = 500


class Backup(models.Model):
    """A backup: one that an operator asked for and a worker makes, or one that a command made.

    `not_before`: until when the worker that claimed it has it alone (core/jobs.py).
    """

    class State(models.TextChoices):
        """Waiting for a worker or being made; made; failed for the last time."""

        WAITING = "waiting", _("Waiting")
        MADE = "made", _("Made")
        FAILED = "failed", _("Failed")

    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked for at"), db_index=True)
    asked_by = models.CharField(_("who asked"), max_length=100)
    is_from_page = models.BooleanField(_("asked for on a page"), default=False)
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    made_at = models.DateTimeField(_("made at"), null=True, blank=True)
    name = models.CharField(_("name of the file"), max_length=200, blank=True)
    folder = models.CharField(_("folder of the file"), max_length=500, blank=True, db_default="")
    size = models.PositiveBigIntegerField(_("bytes"), null=True, blank=True)
    version = models.CharField(_("version"), max_length=100, blank=True)
    problem = models.CharField(_("what went wrong"), max_length=PROBLEM_LENGTH, blank=True)
    check_asked_at = models.DateTimeField(_("check asked for at"), null=True, blank=True)
    check_claimed_until = models.DateTimeField(_("a worker checks it until"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="made", made_at__isnull=False, size__isnull=False) & ~Q(name="")
                | Q(state__in=["waiting", "failed"], made_at__isnull=True),
                name="operations_backup_made",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="waiting"), name="operations_backup_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M} {self.state}"

    @property
    def is_newer(self) -> bool:
        """Whether a newer version made it, so that this one may not know its tables."""
        return number_of(self.version) > number_of(NUMBER)


class ServerJob(models.Model):
    """What an operator asked of the server itself. The agent there writes down how it went (deploy/compose/agent)."""

    class Kind(models.TextChoices):
        """What the agent can do."""

        RESTORE = "restore", _("Restore a backup")
        UPGRADE = "upgrade", _("Upgrade")
        BACK = "back", _("Go back to the earlier version")
        RESTART = "restart", _("Restart with changed settings")

    class State(models.TextChoices):
        """Waiting for the agent; being done; done; not done."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    OPEN: ClassVar = (State.WAITING, State.RUNNING)

    kind = models.CharField(_("what"), max_length=7, choices=Kind)
    target = models.CharField(_("backup or version"), max_length=200)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked for at"))
    asked_by = models.CharField(_("who asked"), max_length=100)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    said = models.CharField(_("what the agent said"), max_length=PROBLEM_LENGTH, blank=True, db_default="")

    class Meta:
        verbose_name = _("request to the server")
        verbose_name_plural = _("requests to the server")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Value(1), condition=Q(state__in=["waiting", "running"]), name="operations_serverjob_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(state__in=["done", "failed"], ended_at__isnull=False),
                name="operations_serverjob_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target} {self.state}"


class AgentReport(models.Model):
    """What the agent at the server said last: when, and to which versions it can change over. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField(_("reported at"))
    upgrade_to = models.CharField(_("next version"), max_length=50, blank=True, db_default="")
    back_to = models.CharField(_("earlier version"), max_length=50, blank=True, db_default="")
    fetch_failed = models.BooleanField(_("could not look for newer versions"), default=False, db_default=False)

    class Meta:
        verbose_name = _("report of the agent")
        verbose_name_plural = _("reports of the agent")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="operations_agentreport_one"),
        ]

    def __str__(self) -> str:
        return f"{self.seen_at:%Y-%m-%d %H:%M}"
