"""The answer "Not now" to the goals suggested from results."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.skills.models import Assessment


class DeclinedFirstGoalsQuerySet(OwnedQuerySet["DeclinedFirstGoals"]):
    owner_path = "assessment__user"


class DeclinedFirstGoals(models.Model):
    """The user chose "Not now" for the goals suggested from these results: they are no longer offered on their own."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="declined_first_goals")
    declined_at = models.DateTimeField(_("declined at"))

    objects = DeclinedFirstGoalsQuerySet.as_manager()

    class Meta:
        verbose_name = _("declined suggestions of goals")
        verbose_name_plural = _("declined suggestions of goals")
        triggers: ClassVar = [immutable_fk("goals", "assessment_id")]

    def __str__(self) -> str:
        return f"{self.declined_at:%Y-%m-%d}"
