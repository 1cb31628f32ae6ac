"""Models of a goal's progress entries, and of changes to its date or target with reasons."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models.goal import Goal
from careerplan.goals.triggers import only_of_numbers, only_removed


class ProgressEntryQuerySet(OwnedQuerySet["ProgressEntry"]):
    owner_path = "goal__plan__user"

    def counted(self) -> "ProgressEntryQuerySet":
        """Return entries that were not removed."""
        return self.filter(removed_at__isnull=True)


class ProgressEntry(models.Model):
    """A dated progress entry. It never changes; a mistaken one is marked as removed and stays in the history."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="progress_entries")
    measured_on = models.DateField(_("day"))
    value = models.DecimalField(_("number"), max_digits=14, decimal_places=2)
    note = models.CharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    form_key = models.UUIDField(default=uuid4)

    objects = ProgressEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress entry")
        verbose_name_plural = _("progress entries")
        ordering: ClassVar = ["measured_on", "id"]
        indexes: ClassVar = [
            models.Index(
                fields=["goal", "-measured_on", "-id"],
                condition=Q(removed_at__isnull=True),
                name="goals_progressentry_newest",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["goal", "form_key"], name="goals_progressentry_form_key_once"),
        ]
        triggers: ClassVar = [
            only_of_numbers(),
            only_removed(),
        ]

    def __str__(self) -> str:
        return f"{self.measured_on}: {self.value}"


class ChangeQuerySet(OwnedQuerySet["Change"]):
    owner_path = "goal__plan__user"


class Change(models.Model):
    """A change of a goal with its reason: the due date, the target or the date of the stop rule."""

    class What(models.TextChoices):
        """What was changed."""

        DUE_DATE = "due_date", _("Due date")
        TARGET = "target", _("Target")
        STOP_DATE = "stop_date", _("Date of the stop rule")

    class Reason(models.TextChoices):
        """Common reasons for a change, so that patterns show."""

        LONGER = "longer", _("It is taking longer than I thought")
        LIFE = "life", _("Life got in the way")
        WAITING = "waiting", _("I am waiting for someone or something")
        LEARNED = "learned", _("I know more now")
        CHANCE = "chance", _("A better opportunity came up")
        FASTER = "faster", _("It is going faster than I thought")
        PAUSE = "pause", _("I paused")
        OTHER = "other", _("Something else")

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(_("what"), max_length=9, choices=What)
    day_from = models.DateField(_("earlier date"), null=True, blank=True)
    day_to = models.DateField(_("new date"), null=True, blank=True)
    value_from = models.DecimalField(_("earlier target"), max_digits=14, decimal_places=2, null=True, blank=True)
    value_to = models.DecimalField(_("new target"), max_digits=14, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=7, choices=Reason)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    steps_moved = models.PositiveSmallIntegerField(_("open steps moved with it"), default=0)
    made_at = models.DateTimeField(_("made at"))

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering: ClassVar = ["-made_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    what="target",
                    value_from__isnull=False,
                    value_to__isnull=False,
                    day_from__isnull=True,
                    day_to__isnull=True,
                )
                | Q(
                    what__in=["due_date", "stop_date"],
                    value_from__isnull=True,
                    value_to__isnull=True,
                    day_from__isnull=False,
                    day_to__isnull=False,
                ),
                name="goals_change_from_and_to",
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("goals", "goal_id"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.made_at:%Y-%m-%d}"

    @property
    def reason_text(self) -> str:
        """Return the reason in words: a pause moves dates later, and its end moves them back."""
        if self.reason == self.Reason.PAUSE and self.day_from and self.day_to and self.day_to < self.day_from:
            return str(_("I came back from a pause"))
        return str(self.get_reason_display())
