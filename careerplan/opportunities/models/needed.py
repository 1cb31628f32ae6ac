"""What an opportunity asks for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Skill
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.opportunities.models.opportunity import Opportunity
from careerplan.opportunities.triggers import keep_parts, of_visible_skills


class NeededSkillQuerySet(OwnedQuerySet["NeededSkill"]):
    """Skills that people's opportunities ask for."""

    owner_path = "opportunity__plan__user"


class NeededSkill(models.Model):
    """One skill that an opportunity asks for, at a level from 1, beginner, to 5, expert: 0 would ask for nothing."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="needed_skills")
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"))

    objects = NeededSkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("needed skill")
        verbose_name_plural = _("needed skills")
        ordering: ClassVar = ["-level", "skill__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "skill"], name="opportunities_neededskill_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="opportunities_neededskill_level"),
        ]
        triggers: ClassVar = [
            # With an own skill that is deleted its mentions go, from archived plans too.
            *keep_parts("neededskill", also="EXISTS (SELECT 1 FROM catalogue_skill WHERE id = OLD.skill_id)"),
            of_visible_skills(),
            immutable_fk("opportunities", "opportunity_id"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}: {self.level}"
