"""Model of one time that a repeating step was due."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models.step import ActionStep


class StepOccurrenceQuerySet(OwnedQuerySet["StepOccurrence"]):
    owner_path = "step__goal__plan__user"


class StepOccurrence(models.Model):
    """A time that a repeating step was due, and what became of it. The one that is due now is the step itself.

    `number` counts the times of a step from 1.
    """

    class Outcome(models.TextChoices):
        """What became of it; missed if the next time came before an answer."""

        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        MISSED = "missed", _("Missed")

    step = models.ForeignKey(ActionStep, on_delete=models.CASCADE, related_name="occurrences")
    number = models.PositiveIntegerField(_("number"))
    due_on = models.DateField(_("due date"))
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome)
    closed_at = models.DateTimeField(_("closed at"))

    objects = StepOccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("time of a repeating step")
        verbose_name_plural = _("times of a repeating step")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "number"], name="goals_stepoccurrence_number_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["done", "skipped", "missed"]), name="goals_stepoccurrence_outcome_known"
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("goals", "step_id"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.outcome}"
