"""How much the user would like an activity."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.skills.models.assessment import Assessment

ACTIVITY_LENGTH = 40


class Liking(models.IntegerChoices):
    """How much someone would like an activity. An activity without an answer is null, never a number."""

    STRONGLY_DISLIKE = 1, pgettext_lazy("liking", "Strongly dislike")
    DISLIKE = 2, pgettext_lazy("liking", "Dislike")
    NEITHER = 3, pgettext_lazy("liking", "Neither")
    LIKE = 4, pgettext_lazy("liking", "Like")
    STRONGLY_LIKE = 5, pgettext_lazy("liking", "Strongly like")


class InterestAnswer(models.Model):
    """How much the user would like an activity (catalogue/interests.py), in an assessment.

    No row: not asked yet; liking null: asked, and left without an answer.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="interest_answers")
    activity = models.CharField(_("activity"), max_length=ACTIVITY_LENGTH)
    liking = models.PositiveSmallIntegerField(_("liking"), choices=Liking, null=True, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed"))

    class Meta:
        verbose_name = _("answer about an activity")
        verbose_name_plural = _("answers about activities")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "activity"], name="skills_interest_once"),
            models.CheckConstraint(
                condition=Q(liking__isnull=True) | Q(liking__range=(Liking.STRONGLY_DISLIKE, Liking.STRONGLY_LIKE)),
                name="skills_interest_liking_range",
            ),
            models.CheckConstraint(
                condition=Q(activity__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="skills_interest_activity_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}: {self.liking}"
