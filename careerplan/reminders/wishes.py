"""What somebody wishes about reminders, and whether they are still there. Whoever has no row has the defaults."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from careerplan.core.models import OwnedQuerySet
from careerplan.goals.models import Goal
from careerplan.reminders.kinds import (
    DEFAULT_HOUR,
    LEAD_CHOICES,
    WEEK_DAYS,
    ReminderKind,
    default_goal_leads,
    default_opportunity_leads,
    default_step_leads,
)
from careerplan.reminders.turns import turn_of_preferences


class PreferencesQuerySet(OwnedQuerySet["Preferences"]):
    """Preferences of people."""


class Preferences(models.Model):
    """When somebody wants to be reminded, how early, how often at most, and of what."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preferences")
    hour = models.PositiveSmallIntegerField(_("hour of the e-mail"), default=DEFAULT_HOUR)
    weekly_maximum = models.PositiveSmallIntegerField(_("e-mails in seven days, at most"), default=WEEK_DAYS)
    goal_leads = ArrayField(models.SmallIntegerField(), verbose_name=_("before a goal"), default=default_goal_leads)
    step_leads = ArrayField(models.SmallIntegerField(), verbose_name=_("before a step"), default=default_step_leads)
    opportunity_leads = ArrayField(
        models.SmallIntegerField(), verbose_name=_("before an opportunity closes"), default=default_opportunity_leads
    )
    muted_kinds = ArrayField(models.CharField(max_length=20, choices=ReminderKind), default=list, blank=True)

    objects = PreferencesQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder preferences")
        verbose_name_plural = _("reminder preferences")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminders_preferences_hour"),
            models.CheckConstraint(
                condition=Q(weekly_maximum__gte=1, weekly_maximum__lte=WEEK_DAYS),
                name="reminders_preferences_weekly_maximum",
            ),
            models.CheckConstraint(
                condition=Q(
                    goal_leads__contained_by=list(LEAD_CHOICES),
                    step_leads__contained_by=list(LEAD_CHOICES),
                    opportunity_leads__contained_by=list(LEAD_CHOICES),
                ),
                name="reminders_preferences_leads",
            ),
            models.CheckConstraint(
                condition=Q(muted_kinds__contained_by=ReminderKind.values), name="reminders_preferences_kinds_known"
            ),
        ]
        triggers: ClassVar = turn_of_preferences()

    def __str__(self) -> str:
        return f"{self.hour}:00"


class GoalRemindersQuerySet(OwnedQuerySet["GoalReminders"]):
    """Wishes about single goals."""

    owner_path = "goal__plan__user"


class GoalReminders(models.Model):
    """What somebody wishes for one goal: lead times of its own (null: those of the settings), or no e-mail at all.

    Muted, neither the goal nor its steps are in an e-mail; lead times are for its own due date only.
    """

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, primary_key=True, related_name="reminders")
    leads = ArrayField(models.SmallIntegerField(), verbose_name=_("days before"), null=True, blank=True)
    is_muted = models.BooleanField(_("muted"), default=False)

    objects = GoalRemindersQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminders of a goal")
        verbose_name_plural = _("reminders of goals")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(leads__isnull=True) | Q(leads__contained_by=list(LEAD_CHOICES)),
                name="reminders_goalreminders_leads",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}"


class Presence(models.Model):
    """When somebody was last seen: signed in, on a page, or answering a mail. Noted once an hour at most.

    After three mails in a row without a sign of life they come once a week at most, and the next one asks once whether
    hour, amount or plan is wrong. Who comes back is asked so in the app: from `asked_at` until they answer.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="presence"
    )
    seen_at = models.DateTimeField(_("last seen"))
    asked_at = models.DateTimeField(_("asked since"), null=True, blank=True)

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at:%Y-%m-%d %H:%M}"


class SweepRecord(models.Model):
    """The last sweep: one row. When it is old, no worker looks at what is owed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    swept_at = models.DateTimeField(_("last sweep"))
    made = models.PositiveIntegerField(_("reminders it made"), default=0)
    # By which release of the IANA data the turns were worked out.
    zone_data = models.CharField(_("time-zone data"), max_length=20, default="")

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="reminders_sweeprecord_one_row")]

    def __str__(self) -> str:
        return f"{self.swept_at:%Y-%m-%d %H:%M:%S}"
