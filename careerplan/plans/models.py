"""Models of the plan: one active plan per user, and archived ones."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from careerplan.catalogue.models import Occupation
from careerplan.core.history import track_history
from careerplan.core.models import OwnedQuerySet
from careerplan.core.triggers import count_versions

PRIORITIES_MAX = 5
HOURS_IN_A_WEEK = 168


class CareerStage(models.TextChoices):
    STARTING = "starting", _("Starting out")
    ESTABLISHED = "established", _("Established in my field")
    PROMOTION = "promotion", _("Preparing for a promotion")
    CHANGING = "changing", _("Changing direction")
    RETURNING = "returning", _("Returning after a break")
    RETIRING = "retiring", _("Near retirement")


class Horizon(models.TextChoices):
    """How far ahead a plan looks."""

    DATE = "date", _("By a date")
    RETIREMENT = "retirement", _("At retirement")


class PlanQuerySet(OwnedQuerySet["Plan"]):
    def active(self) -> "PlanQuerySet":
        return self.filter(state=Plan.State.ACTIVE)


class Direction(models.Model):
    """The direction of a user: the same questions in a plan and in an assessment."""

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
    horizon = models.CharField(_("when"), max_length=10, choices=Horizon, blank=True)
    horizon_on = models.DateField(_("target date"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(horizon=Horizon.DATE, horizon_on__isnull=False)
                | (~Q(horizon=Horizon.DATE) & Q(horizon_on__isnull=True)),
                name="%(app_label)s_%(class)s_horizon_date",
            ),
        ]


@track_history()
class Plan(Direction):
    """A career plan. A user has at most one active plan (a constraint)."""

    class State(models.TextChoices):
        """Archived plans are read-only."""

        ACTIVE = "active", _("Active")
        ARCHIVED = "archived", _("Archived")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plans")
    title = models.CharField(_("title"), max_length=120)
    priorities = ArrayField(
        models.CharField(max_length=120), verbose_name=_("priorities"), default=list, blank=True, size=PRIORITIES_MAX
    )
    hours_a_week = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=1, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("Such as EUR or GBP."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    started_on = models.DateField(_("started on"))
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    closing_notes = models.TextField(_("how this plan went"), max_length=4000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = PlanQuerySet.as_manager()

    class Meta(Direction.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints: ClassVar = [
            *Direction.Meta.constraints,
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="active"), name="plans_plan_one_active_per_user"
            ),
            models.CheckConstraint(condition=Q(title__regex=r"\S"), name="plans_plan_title_given"),
            models.CheckConstraint(
                condition=Q(priorities__len__lte=PRIORITIES_MAX), name="plans_plan_five_priorities_at_most"
            ),
            models.CheckConstraint(
                condition=Q(hours_a_week__isnull=True)
                | Q(hours_a_week__gt=Decimal(0), hours_a_week__lte=Decimal(HOURS_IN_A_WEEK)),
                name="plans_plan_hours_in_a_week",
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__regex="^[A-Z]{3}$"), name="plans_plan_currency_code"
            ),
            models.CheckConstraint(
                condition=Q(state="active", archived_at__isnull=True) | Q(state="archived", archived_at__isnull=False),
                name="plans_plan_archived_at",
            ),
        ]
        triggers: ClassVar = [count_versions()]

    def __str__(self) -> str:
        return self.title

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_closed(self) -> bool:
        """Return whether it is archived and read-only (readonly_rules.py)."""
        return self.state == self.State.ARCHIVED

    @property
    def archived_on(self) -> date | None:
        """Return the day it was archived, in the user's time zone."""
        return timezone.localdate(self.archived_at) if self.archived_at else None


class PauseQuerySet(OwnedQuerySet["Pause"]):
    owner_path = "plan__user"

    def on(self, day: date) -> "PauseQuerySet":
        """Return pauses that include a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def of_active_plans(self) -> "PauseQuerySet":
        return self.filter(plan__state=Plan.State.ACTIVE)


@track_history()
class Pause(models.Model):
    """A time without due dates and reminders; both days belong to it.

    Open dates moved by `days_moved` when it was made. Pauses of a plan do not overlap (a constraint).
    """

    class Reason(models.TextChoices):
        """Reason for a pause, for the user only."""

        ILLNESS = "illness", _("Illness")
        LEAVE = "leave", _("Leave or holidays")
        EXAMS = "exams", _("Exams or a busy time")
        CARING = "caring", _("Caring for someone")
        OTHER = "other", _("Something else")

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="pauses")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=7, choices=Reason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    days_moved = models.PositiveSmallIntegerField(_("days by which open dates were moved"), default=0)
    made_at = models.DateTimeField(_("made at"))
    caught_up_at = models.DateTimeField(_("caught up after the pause"), null=True, blank=True)
    form_key = models.UUIDField()

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering: ClassVar = ["starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "form_key"], name="plans_pause_form_key_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="plans_pause_ends_after_start"),
            ExclusionConstraint(
                name="plans_pause_no_overlap",
                expressions=[
                    ("plan", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} - {self.ends_on}"

    @property
    def days(self) -> int:
        """Return the length in days, including both ends."""
        return (self.ends_on - self.starts_on).days + 1
