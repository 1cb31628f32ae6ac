"""The education of a user."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import EducationLevel
from careerplan.skills.models.assessment import Assessment

LONG_TEXT_LENGTH = 2000


class Education(models.Model):
    """The user's education, and whether it is enough for the target role."""

    class Enough(models.TextChoices):
        """Whether the user thinks it is enough."""

        YES = "yes", _("Yes, it is enough")
        NO = "no", _("No, something is missing")
        UNSURE = "unsure", _("I am not sure")

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="education")
    level = models.CharField(_("highest level"), max_length=12, choices=EducationLevel, blank=True)
    field = models.CharField(_("field"), max_length=200, blank=True)
    credentials = models.TextField(_("certificates"), max_length=LONG_TEXT_LENGTH, blank=True)
    enough = models.CharField(_("enough for the target"), max_length=6, choices=Enough, blank=True)
    missing = models.TextField(_("what is missing"), max_length=LONG_TEXT_LENGTH, blank=True)

    class Meta:
        verbose_name = _("education")
        verbose_name_plural = _("education")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level__in=["", *EducationLevel.values]), name="skills_education_level_known"
            ),
            models.CheckConstraint(
                condition=Q(enough__in=["", "yes", "no", "unsure"]), name="skills_education_enough_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_level_display()

    @property
    def stated_missing(self) -> str:
        """Return what is missing, in the user's words, if they say that something is.

        `missing` itself does not change, so that it is shown again if they change their mind.
        """
        return self.missing if self.enough == self.Enough.NO else ""
