"""Opportunities: details, skills needed, scores and decisions."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from careerplan.catalogue.models import Skill
from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions, immutable_fk
from careerplan.goals.models import Goal
from careerplan.opportunities.triggers import of_the_same_plan, of_visible_skills
from careerplan.plans.models import Plan

TITLE_LENGTH = 200
LINK_LENGTH = 1000
WORDS_LENGTH = 2000
CRITERIA_MAX = 6
NOT_BLANK = r"\S"
WEB_ADDRESS = r"^https?://[^\s/]\S*$"
OUTCOME_REVIEW_AFTER = timedelta(days=90)
"""Time after a decision at which we ask whether it was right (PRODUCT.md)."""


class Score(models.IntegerChoices):
    """Scale of how well an opportunity fits a vision, a priority or a criterion."""

    NOT_AT_ALL = 1, _("Not at all")
    A_LITTLE = 2, _("A little")
    PARTLY = 3, _("Partly")
    MOSTLY = 4, _("Mostly")
    FULLY = 5, _("Fully")


class OpportunityQuerySet(OwnedQuerySet["Opportunity"]):
    owner_path = "plan__user"

    def open(self) -> "OpportunityQuerySet":
        """Return opportunities that are considered or pursued."""
        return self.filter(state__in=Opportunity.OPEN_STATES)

    def of_active_plans(self) -> "OpportunityQuerySet":
        return self.filter(plan__state=Plan.State.ACTIVE)


@track_history()
class Opportunity(models.Model):
    """A job, project or course that could help the user advance.

    `pros` and `cons` hold one reason per line. `decided_at` is the last decision to pursue or decline, `outcome_at`
    when the user got it or not. Reopening keeps `reason`, so that the next decision starts with it.
    """

    class State(models.TextChoices):
        """Stage of the decision."""

        CONSIDERING = "considering", _("Considering")
        PURSUING = "pursuing", _("Pursuing")
        DECLINED = "declined", _("Declined")
        WON = "won", pgettext_lazy("opportunity", "Got it")
        LOST = "lost", pgettext_lazy("opportunity", "Did not get it")

    class OutcomeReview(models.TextChoices):
        """Whether the decision was right, as the user sees it 90 days later."""

        YES = "yes", _("Yes")
        PARTLY = "partly", _("Partly")
        NO = "no", _("No")

    OPEN_STATES: ClassVar = ("considering", "pursuing")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="opportunities")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    organisation = models.CharField(_("organisation"), max_length=TITLE_LENGTH, blank=True)
    link = models.CharField(_("link"), max_length=LINK_LENGTH, blank=True)
    closes_on = models.DateField(_("closing date"), null=True, blank=True)
    closes_set_at = models.DateTimeField(_("closing date changed at"), null=True, blank=True)
    summary = models.CharField(_("in one line"), max_length=300, blank=True)
    pros = models.TextField(_("reasons for"), max_length=WORDS_LENGTH, blank=True)
    cons = models.TextField(_("reasons against"), max_length=WORDS_LENGTH, blank=True)
    vision_score = models.PositiveSmallIntegerField(_("fit with the vision"), choices=Score, null=True, blank=True)
    weighed_at = models.DateTimeField(_("weighed up at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.CONSIDERING)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("why"), max_length=WORDS_LENGTH, blank=True)
    outcome_at = models.DateTimeField(_("outcome known at"), null=True, blank=True)
    outcome_review = models.CharField(_("was the decision right?"), max_length=6, choices=OutcomeReview, blank=True)
    outcome_review_note = models.TextField(_("note on the decision"), max_length=WORDS_LENGTH, blank=True)
    outcome_reviewed_at = models.DateTimeField(_("looked back at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    version = models.PositiveIntegerField(_("version"), default=1)
    # Sent by the form, so that a double click or a reload adds one opportunity and not two.
    form_key = models.UUIDField()

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering: ClassVar = [F("closes_on").asc(nulls_last=True), "id"]
        indexes: ClassVar = [
            # For the reminders of closing dates and outcome reviews.
            models.Index(
                fields=["closes_on", "id"],
                condition=Q(state__in=["considering", "pursuing"], closes_on__isnull=False),
                name="opportunities_closing",
            ),
            models.Index(
                fields=["decided_at", "id"],
                condition=Q(decided_at__isnull=False, outcome_reviewed_at__isnull=True),
                name="opportunities_outcome_review",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "form_key"], name="opportunities_form_key_once"),
            models.CheckConstraint(condition=Q(title__regex=NOT_BLANK), name="opportunities_title_given"),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__iregex=WEB_ADDRESS), name="opportunities_link_is_web_address"
            ),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True, closes_set_at__isnull=True)
                | Q(closes_on__isnull=False, closes_set_at__isnull=False),
                name="opportunities_closes_set_at",
            ),
            models.CheckConstraint(
                condition=Q(vision_score__isnull=True) | Q(vision_score__range=(1, 5)),
                name="opportunities_vision_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(state="considering", decided_at__isnull=True, outcome_at__isnull=True)
                | Q(state__in=["pursuing", "declined"], decided_at__isnull=False, outcome_at__isnull=True)
                | Q(
                    state__in=["won", "lost"],
                    decided_at__isnull=False,
                    outcome_at__isnull=False,  # a comparison with null refuses nothing
                    outcome_at__gte=F("decided_at"),
                ),
                name="opportunities_state_and_moments",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(reason__regex=NOT_BLANK), name="opportunities_reason_given"
            ),
            models.CheckConstraint(
                condition=Q(outcome_review="", outcome_reviewed_at__isnull=True)
                | Q(
                    outcome_review__in=["yes", "partly", "no"],
                    decided_at__isnull=False,
                    outcome_reviewed_at__isnull=False,
                    outcome_reviewed_at__gte=F("decided_at"),
                ),
                name="opportunities_outcome_reviewed_after_decision",
            ),
        ]
        triggers: ClassVar = [
            immutable_fk("opportunities", "plan_id"),
            count_versions(),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page of this opportunity."""
        return reverse("opportunities:detail", args=[self.pk])

    @property
    def is_considering(self) -> bool:
        """Whether no decision was made."""
        return self.state == self.State.CONSIDERING

    @property
    def is_open(self) -> bool:
        """Whether it is being considered or pursued."""
        return self.state in self.OPEN_STATES

    @property
    def decided_on(self) -> date | None:
        """Day of the decision in the current time zone."""
        return timezone.localdate(self.decided_at) if self.decided_at else None

    @property
    def outcome_on(self) -> date | None:
        """Day of the outcome in the current time zone."""
        return timezone.localdate(self.outcome_at) if self.outcome_at else None

    @property
    def outcome_reviewed_on(self) -> date | None:
        """Day of the outcome review in the current time zone."""
        return timezone.localdate(self.outcome_reviewed_at) if self.outcome_reviewed_at else None

    @property
    def outcome_review_due_on(self) -> date | None:
        """First day on which the user is asked whether the decision was right."""
        return self.decided_on + OUTCOME_REVIEW_AFTER if self.decided_on else None

    @property
    def pro_lines(self) -> list[str]:
        """Reasons for it, one per line."""
        return _lines(self.pros)

    @property
    def con_lines(self) -> list[str]:
        """Reasons against it, one per line."""
        return _lines(self.cons)

    @property
    def headline(self) -> str:
        """Organisation and summary in one line."""
        return ". ".join(filter(None, [self.organisation, self.summary]))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


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
