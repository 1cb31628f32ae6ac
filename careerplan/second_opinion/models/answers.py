"""What the mentor answered, and what the owner decided. The mentor's side reads only the first of the two."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.second_opinion.models.opinion import OpinionSkill
from careerplan.second_opinion.triggers import decide_what_is_opened, rate_until_opened
from careerplan.skills.models import LEVEL_MAX, Level

EVIDENCE_LENGTH = 300


class OpinionRatingQuerySet(OwnedQuerySet["OpinionRating"]):
    """Answers of mentors. The owner's pages read them through `visible` only."""

    owner_path = "asked__opinion__mentorship__owner"

    def visible(self) -> "OpinionRatingQuerySet":
        """Keep the answers that the owner has opened: before, the mentor may still change them."""
        return self.filter(asked__opinion__opened_at__isnull=False)


class OpinionRating(models.Model):
    """A mentor's answer about one skill; level null: "I cannot judge this"."""

    asked = models.OneToOneField(OpinionSkill, on_delete=models.CASCADE, related_name="rating")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)
    evidence = models.CharField(_("what the mentor saw"), max_length=EVIDENCE_LENGTH, blank=True)
    rated_at = models.DateTimeField(_("rated at"))

    objects = OpinionRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating by a mentor")
        verbose_name_plural = _("ratings by mentors")
        ordering: ClassVar = ["asked"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(0, LEVEL_MAX)), name="second_opinion_level_range"
            ),
        ]
        triggers: ClassVar = [rate_until_opened()]

    def __str__(self) -> str:
        return f"{self.asked_id}: {self.level}"


class OpinionDecisionQuerySet(OwnedQuerySet["OpinionDecision"]):
    owner_path = "rating__asked__opinion__mentorship__owner"

    def shown(self) -> "OpinionDecisionQuerySet":
        """Keep those whose two levels the mentor sees, because the owner said so."""
        return self.filter(shown_at__isnull=False)


class OpinionDecision(models.Model):
    """A difference: the owner's level when the answers were opened, and what the owner made of it.

    `level` is the chosen one, null while nothing is chosen. The mentor sees a difference from `shown_at` on
    ("Talk about it"), and never what was chosen.
    """

    class Choice(models.TextChoices):
        """Which level the owner chose. In the middle only where there is a whole level between the two."""

        MINE = "mine", _("Kept mine")
        MIDDLE = "middle", _("Met in between")
        THEIRS = "theirs", _("Took theirs")

    rating = models.OneToOneField(OpinionRating, on_delete=models.CASCADE, related_name="decision")
    own_level = models.PositiveSmallIntegerField(_("your level"), choices=Level)
    choice = models.CharField(_("choice"), max_length=6, choices=Choice, blank=True)
    level = models.PositiveSmallIntegerField(_("chosen level"), choices=Level, null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    shown_at = models.DateTimeField(_("shown to the mentor at"), null=True, blank=True)

    objects = OpinionDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference in a second opinion")
        verbose_name_plural = _("differences in second opinions")
        ordering: ClassVar = ["rating"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(own_level__range=(0, LEVEL_MAX)), name="second_opinion_own_level_range"),
            models.CheckConstraint(
                condition=Q(choice="", level__isnull=True, decided_at__isnull=True)
                | Q(
                    choice__in=["mine", "middle", "theirs"],
                    level__range=(0, LEVEL_MAX),
                    level__isnull=False,
                    decided_at__isnull=False,
                ),
                name="second_opinion_level_is_chosen",
            ),
            models.CheckConstraint(
                condition=~Q(choice="mine") | Q(level=F("own_level")), name="second_opinion_mine_is_own_level"
            ),
        ]
        triggers: ClassVar = [decide_what_is_opened()]

    def __str__(self) -> str:
        return f"{self.rating_id}: {self.choice}"
