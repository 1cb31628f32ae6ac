"""What an occupation needs, its tasks and related occupations: reference data that only the loaders write."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models.occupations import Occupation
from careerplan.catalogue.models.skills import Skill


class OccupationNeed(models.Model):
    """How much of one skill or field of knowledge an occupation needs.

    `figure` is the level on O*NET's scale (0 to 7), `level` the same in words (0 to 5, matching/levels.py).
    `importance` is 1 to 5. `low_precision`: the source itself advises caution, or the figure comes from another scale
    or from a related occupation.
    """

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="needs", verbose_name=_("occupation")
    )
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="occupation_needs", verbose_name=_("skill"))
    figure = models.DecimalField(_("level, 0 to 7"), max_digits=3, decimal_places=2)
    level = models.PositiveSmallIntegerField(_("needed level"))
    importance = models.DecimalField(_("importance"), max_digits=3, decimal_places=2)
    low_precision = models.BooleanField(_("low precision"), default=False)

    class Meta:
        verbose_name = _("need of an occupation")
        verbose_name_plural = _("needs of occupations")
        constraints = [
            models.UniqueConstraint(fields=["occupation", "skill"], name="occupationneed_unique"),
            models.CheckConstraint(name="occupationneed_figure_range", condition=Q(figure__range=(0, 7))),
            models.CheckConstraint(name="occupationneed_level_range", condition=Q(level__range=(0, 5))),
            models.CheckConstraint(name="occupationneed_importance_range", condition=Q(importance__range=(1, 5))),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id}: {self.skill_id} {self.level}"


class OccupationRelation(models.Model):
    """An occupation that experts call related to another, the closest first. `is_primary`: closely related."""

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="relations", verbose_name=_("occupation")
    )
    related = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="relations_from", verbose_name=_("related occupation")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    is_primary = models.BooleanField(_("closely related"), default=False)

    class Meta:
        verbose_name = _("related occupation")
        verbose_name_plural = _("related occupations")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["occupation", "related"], name="occupationrelation_unique"),
            models.CheckConstraint(name="occupationrelation_not_itself", condition=~Q(occupation=F("related"))),
        ]

    def __str__(self) -> str:
        return f"{self.occupation_id}: {self.related_id}"


class OccupationTask(models.Model):
    """A task that people in an occupation do, the most telling first."""

    occupation = models.ForeignKey(
        Occupation, on_delete=models.CASCADE, related_name="tasks", verbose_name=_("occupation")
    )
    text = models.CharField(_("task"), max_length=300)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("task of an occupation")
        verbose_name_plural = _("tasks of occupations")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["occupation", "text"], name="occupationtask_unique"),
            models.CheckConstraint(name="occupationtask_not_blank", condition=~Q(text__regex=r"^\s*$")),
        ]

    def __str__(self) -> str:
        return self.text
