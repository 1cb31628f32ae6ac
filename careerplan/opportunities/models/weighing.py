"""What an opportunity is weighed up by: the skills it needs, its effects on goals, and scores."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Skill
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models import Goal
from careerplan.opportunities.models.opportunity import NOT_BLANK, Opportunity, Score
from careerplan.opportunities.triggers import of_the_same_plan, of_visible_skills
from careerplan.plans.models import Plan

CRITERIA_MAX = 6


class NeededSkillQuerySet(OwnedQuerySet["NeededSkill"]):
    owner_path = "opportunity__plan__user"


class NeededSkill(models.Model):
    """A skill that an opportunity needs, at a level from 1 to 5."""

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
            of_visible_skills(),
            immutable_fk("opportunities", "opportunity_id"),
        ]

    def __str__(self) -> str:
        return f"{self.skill_id}: {self.level}"


class GoalEffectQuerySet(OwnedQuerySet["GoalEffect"]):
    owner_path = "opportunity__plan__user"


class GoalEffect(models.Model):
    """How an opportunity affects a goal of the same plan. No row: not answered."""

    class Effect(models.TextChoices):
        """Whether it helps the goal."""

        HELPS = "helps", _("Helps")
        SLOWS_DOWN = "slows_down", _("Slows down")
        NEITHER = "neither", _("Neither")

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="effects")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    effect = models.CharField(_("effect"), max_length=10, choices=Effect)

    objects = GoalEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("effect on a goal")
        verbose_name_plural = _("effects on goals")
        ordering: ClassVar = ["goal__due_on", "goal_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "goal"], name="opportunities_goaleffect_once"),
            models.CheckConstraint(
                condition=Q(effect__in=["helps", "slows_down", "neither"]), name="opportunities_goaleffect_known"
            ),
        ]
        triggers: ClassVar = [
            of_the_same_plan("goaleffect", "goals_goal"),
            immutable_fk("opportunities", "opportunity_id"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.effect}"


class PriorityScoreQuerySet(OwnedQuerySet["PriorityScore"]):
    owner_path = "opportunity__plan__user"


class PriorityScore(models.Model):
    """How well an opportunity fits a priority of the plan, 1 to 5. Used while the plan has a priority of this text."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="priority_scores")
    priority = models.CharField(_("priority"), max_length=120)
    score = models.PositiveSmallIntegerField(_("score"), choices=Score)

    objects = PriorityScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score of a priority")
        verbose_name_plural = _("scores of priorities")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "priority"], name="opportunities_priorityscore_once"),
            models.CheckConstraint(condition=Q(priority__regex=NOT_BLANK), name="opportunities_priorityscore_given"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="opportunities_priorityscore_1_to_5"),
        ]
        triggers: ClassVar = [immutable_fk("opportunities", "opportunity_id")]

    def __str__(self) -> str:
        return f"{self.priority}: {self.score}"


class CriterionQuerySet(OwnedQuerySet["Criterion"]):
    owner_path = "plan__user"


class Criterion(models.Model):
    """One of the user's own criteria for every opportunity, such as pay, with its weight from 1 to 5."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("criterion"), max_length=80)
    weight = models.PositiveSmallIntegerField(_("weight"))

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "name"], name="opportunities_criterion_once"),
            models.CheckConstraint(condition=Q(name__regex=NOT_BLANK), name="opportunities_criterion_given"),
            models.CheckConstraint(condition=Q(weight__range=(1, 5)), name="opportunities_criterion_weight_1_to_5"),
        ]
        triggers: ClassVar = [immutable_fk("opportunities", "plan_id")]

    def __str__(self) -> str:
        return self.name


class CriterionScoreQuerySet(OwnedQuerySet["CriterionScore"]):
    owner_path = "opportunity__plan__user"


class CriterionScore(models.Model):
    """How well an opportunity meets a criterion of the same plan, 1 to 5."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="criterion_scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="scores")
    score = models.PositiveSmallIntegerField(_("score"), choices=Score)

    objects = CriterionScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score of a criterion")
        verbose_name_plural = _("scores of criteria")
        ordering: ClassVar = ["criterion_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "criterion"], name="opportunities_criterionscore_once"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="opportunities_criterionscore_1_to_5"),
        ]
        triggers: ClassVar = [
            of_the_same_plan("criterionscore", "opportunities_criterion"),
            immutable_fk("opportunities", "opportunity_id"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.score}"
