"""The level of a skill in an assessment."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.skills.models.assessment import Assessment

LEVEL_MAX = 5
EVIDENCE_LENGTH = TASK_LENGTH = 300


class Level(models.IntegerChoices):
    """Level of a skill, on the scale of the catalogue (catalogue/models/skills.py). "Not sure" is not a level: null."""

    NONE = 0, _("None")
    BEGINNER = 1, _("Beginner")
    BASIC = 2, _("Basic")
    SKILLED = 3, _("Skilled")
    ADVANCED = 4, _("Advanced")
    EXPERT = 5, _("Expert")

    @property
    def phrase(self) -> str:
        """Return the level in words: "2 basic"."""
        return str(LEVEL_PHRASES[self])

    @property
    def adjective(self) -> str:
        """Return the level as it is in the middle of a sentence: "basic"."""
        return str(LEVEL_ADJECTIVES[self])


LEVEL_PHRASES = (_("0 none"), _("1 beginner"), _("2 basic"), _("3 skilled"), _("4 advanced"), _("5 expert"))
LEVEL_ADJECTIVES = (
    pgettext_lazy("level in a sentence", "none"),
    pgettext_lazy("level in a sentence", "beginner"),
    pgettext_lazy("level in a sentence", "basic"),
    pgettext_lazy("level in a sentence", "skilled"),
    pgettext_lazy("level in a sentence", "advanced"),
    pgettext_lazy("level in a sentence", "expert"),
)


class Rating(models.Model):
    """A skill in an assessment. No row: not asked or not answered; level null: "not sure"."""

    class Category(models.TextChoices):
        """Strength or weakness; blank until the user has sorted it."""

        STRENGTH = "strength", _("Strength")
        NEITHER = "neither", _("Neither")
        WEAKNESS = "weakness", _("Weakness")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="ratings")
    # RESTRICT: an own skill is deleted together with its assessments, and never alone.
    skill = models.ForeignKey(Skill, on_delete=models.RESTRICT, related_name="ratings")
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, null=True, blank=True, validators=[MaxValueValidator(LEVEL_MAX)]
    )
    category = models.CharField(_("strength or weakness"), max_length=8, choices=Category, blank=True)
    wants_to_learn = models.BooleanField(_("wants to learn this skill"), null=True, blank=True)
    evidence = models.CharField(_("example"), max_length=EVIDENCE_LENGTH, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "skill"], name="skills_rating_once"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(0, LEVEL_MAX)), name="skills_rating_level_range"
            ),
            models.CheckConstraint(
                condition=Q(category__in=["", "strength", "neither", "weakness"]), name="skills_rating_category_known"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=False) | Q(category=""), name="skills_rating_category_needs_level"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}: {self.level}"
