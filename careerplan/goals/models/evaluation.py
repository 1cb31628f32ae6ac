"""Model of the rating of a finished step."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions, immutable_fk
from careerplan.goals.models.step import ActionStep
from careerplan.goals.triggers import only_of_done_steps


class EvaluationQuerySet(OwnedQuerySet["Evaluation"]):
    owner_path = "step__goal__plan__user"


@track_history()
class Evaluation(models.Model):
    """The owner's rating of a finished step. Kept if the step is reopened; counts only while it is done."""

    class Worth(models.IntegerChoices):
        """Whether it was worth the time and effort."""

        NOT_AT_ALL = 1, _("Not at all")
        HARDLY = 2, _("A little")
        PARTLY = 3, _("Partly")
        MOSTLY = 4, _("Mostly")
        FULLY = 5, _("Fully")

    class WouldRepeat(models.TextChoices):
        """Whether the owner would do it again."""

        YES = "yes", _("Yes")
        DIFFERENTLY = "differently", _("Yes, but differently")
        NO = "no", _("No")

    step = models.OneToOneField(ActionStep, on_delete=models.CASCADE, related_name="evaluation")
    worth = models.PositiveSmallIntegerField(_("was it worth your time and effort?"), choices=Worth)
    hours_spent = models.DecimalField(_("hours spent"), max_digits=6, decimal_places=2, null=True, blank=True)
    learned = models.TextField(_("what did you learn?"), max_length=4000, blank=True)
    would_repeat = models.CharField(_("would you do it again?"), max_length=11, choices=WouldRepeat, blank=True)
    made_at = models.DateTimeField(_("made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(worth__gte=1, worth__lte=5), name="goals_evaluation_worth_1_to_5"),
            models.CheckConstraint(
                condition=Q(hours_spent__isnull=True) | Q(hours_spent__gte=Decimal(0)),
                name="goals_evaluation_hours_not_negative",
            ),
        ]
        triggers: ClassVar = [
            only_of_done_steps(),
            immutable_fk("goals", "step_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return f"{self.worth}"


class EvaluationDraftQuerySet(OwnedQuerySet["EvaluationDraft"]):
    owner_path = "step__goal__plan__user"


class EvaluationDraft(models.Model):
    """Answers typed before the owner chose to rate later; deleted with the rating."""

    step = models.OneToOneField(ActionStep, on_delete=models.CASCADE, related_name="evaluation_draft")
    worth = models.PositiveSmallIntegerField(
        _("was it worth your time and effort?"), choices=Evaluation.Worth, null=True, blank=True
    )
    hours_spent = models.DecimalField(_("hours spent"), max_digits=6, decimal_places=2, null=True, blank=True)
    learned = models.TextField(_("what did you learn?"), blank=True)
    would_repeat = models.CharField(
        _("would you do it again?"), max_length=11, choices=Evaluation.WouldRepeat, blank=True
    )
    saved_at = models.DateTimeField(_("saved at"))

    objects = EvaluationDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("unfinished evaluation")
        verbose_name_plural = _("unfinished evaluations")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(worth__isnull=True) | Q(worth__gte=1, worth__lte=5), name="goals_evaluationdraft_worth"
            ),
            models.CheckConstraint(
                condition=Q(hours_spent__isnull=True) | Q(hours_spent__gte=Decimal(0)),
                name="goals_evaluationdraft_hours",
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("goals", "step_id"),
        ]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d}"
