"""The plan: one active one a person, and archived ones that stay readable."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Occupation
from careerplan.core.models import OwnedQuerySet


class CareerStage(models.TextChoices):
    """Where somebody stands in their working life."""

    STARTING = "starting", _("At the beginning")
    ESTABLISHED = "established", _("Established in what I do")
    PROMOTION = "promotion", _("Preparing for a promotion")
    CHANGING = "changing", _("Changing direction")
    RETURNING = "returning", _("Returning after a break")
    RETIRING = "retiring", _("Near retirement")


class Horizon(models.TextChoices):
    """How far ahead a plan looks."""

    DATE = "date", _("By a date")
    RETIREMENT = "retirement", _("At retirement")


class PlanQuerySet(OwnedQuerySet["Plan"]):
    """Plans of people."""

    def active(self) -> "PlanQuerySet":
        """Those that are worked on now."""
        return self.filter(state=Plan.State.ACTIVE)


class Direction(models.Model):
    """Where somebody is and where they want to be: the same questions in a plan and in an assessment."""

    career_stage = models.CharField(_("career stage"), max_length=12, choices=CareerStage, blank=True)
    current_role = models.CharField(_("current role"), max_length=200, blank=True)
    target_role = models.CharField(_("target role"), max_length=200, blank=True)
    target_occupation = models.ForeignKey(
        Occupation,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("target occupation"),
    )
    vision = models.TextField(_("vision"), max_length=4000, blank=True)
    horizon = models.CharField(_("horizon"), max_length=10, choices=Horizon, blank=True)
    horizon_on = models.DateField(_("horizon date"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(horizon=Horizon.DATE, horizon_on__isnull=False)
                | (~Q(horizon=Horizon.DATE) & Q(horizon_on__isnull=True)),
                name="%(app_label)s_%(class)s_horizon_date",
            ),
        ]


class Plan(Direction):
    """One career action plan. A person has at most one active plan (a constraint)."""

    class State(models.TextChoices):
        """Archived plans stay readable."""

        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plans")
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    started_on = models.DateField(_("started on"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PlanQuerySet.as_manager()

    class Meta(Direction.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints: ClassVar = [
            *Direction.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="active"), name="plans_plan_one_active_per_user"
            ),
        ]

    def __str__(self) -> str:
        return self.title
