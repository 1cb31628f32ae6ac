"""How an opportunity is weighed: by the goals and priorities of its plan, and by the person's own criteria."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import immutable_fk
from careerplan.goals.models import Goal
from careerplan.opportunities.models.opportunity import NOT_BLANK, Opportunity, Score
from careerplan.opportunities.triggers import keep_parts, of_the_same_plan
from careerplan.plans.models import Plan
from careerplan.plans.triggers import keep_archived

CRITERIA_MAX = 6


class GoalEffectQuerySet(OwnedQuerySet["GoalEffect"]):
    """What opportunities do to goals."""

    owner_path = "opportunity__plan__user"


class GoalEffect(models.Model):
    """What an opportunity does to one goal of the same plan, as the person sees it. No row: not said."""

    class Effect(models.TextChoices):
        """Does it help?"""

        SERVES = "serves", _("Serves it")
        DELAYS = "delays", _("Delays it")
        NEITHER = "neither", _("Neither")

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="effects")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    effect = models.CharField(_("effect"), max_length=7, choices=Effect)

    objects = GoalEffectQuerySet.as_manager()

    class Meta:
        verbose_name = _("effect on a goal")
        verbose_name_plural = _("effects on goals")
        ordering: ClassVar = ["goal__due_on", "goal_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "goal"], name="opportunities_goaleffect_once"),
            models.CheckConstraint(
                condition=Q(effect__in=["serves", "delays", "neither"]), name="opportunities_goaleffect_known"
            ),
        ]
        triggers: ClassVar = [
            *keep_parts("goaleffect", also="EXISTS (SELECT 1 FROM goals_goal WHERE id = OLD.goal_id)"),
            of_the_same_plan("goaleffect", "goals_goal"),
            immutable_fk("opportunities", "opportunity_id"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.effect}"


class PriorityScoreQuerySet(OwnedQuerySet["PriorityScore"]):
    """How opportunities answer priorities."""

    owner_path = "opportunity__plan__user"


class PriorityScore(models.Model):
    """How well an opportunity answers one priority of the plan, by its words: 1 to 5. Counts while the plan has it."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="priority_scores")
    priority = models.CharField(_("priority"), max_length=120)
    score = models.PositiveSmallIntegerField(_("how well"), choices=Score)

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
        triggers: ClassVar = [*keep_parts("priorityscore"), immutable_fk("opportunities", "opportunity_id")]

    def __str__(self) -> str:
        return f"{self.priority}: {self.score}"


class CriterionQuerySet(OwnedQuerySet["Criterion"]):
    """Criteria of people."""

    owner_path = "plan__user"


class Criterion(models.Model):
    """Something of their own that a person weighs every opportunity by, such as pay: how much it counts, 1 to 5."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="criteria")
    name = models.CharField(_("criterion"), max_length=80)
    weight = models.PositiveSmallIntegerField(_("how much it counts"))

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
        triggers: ClassVar = [keep_archived("opportunities_criterion"), immutable_fk("opportunities", "plan_id")]

    def __str__(self) -> str:
        return self.name


class CriterionScoreQuerySet(OwnedQuerySet["CriterionScore"]):
    """How opportunities meet criteria."""

    owner_path = "opportunity__plan__user"


class CriterionScore(models.Model):
    """How well an opportunity meets a criterion of the same plan: 1 to 5."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="criterion_scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="scores")
    score = models.PositiveSmallIntegerField(_("how well"), choices=Score)

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
            *keep_parts("criterionscore"),
            of_the_same_plan("criterionscore", "opportunities_criterion"),
            immutable_fk("opportunities", "opportunity_id"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.score}"
