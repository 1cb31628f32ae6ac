"""Backups that were made or asked for, so that operators see them. The files are not in the database."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
