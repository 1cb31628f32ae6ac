"""Reminder preferences and activity of users. Without a row the defaults apply."""

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
from careerplan.reminders.models.schedule import preferences_triggers


class PreferencesQuerySet(OwnedQuerySet["Preferences"]):
    pass


class Preferences(models.Model):
    """When, how early, how often and about what a user gets reminders."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder_preferences")
    hour = models.PositiveSmallIntegerField(_("time of day"), default=DEFAULT_HOUR)
    weekly_maximum = models.PositiveSmallIntegerField(_("most emails in 7 days"), default=WEEK_DAYS)
    goal_leads = ArrayField(models.SmallIntegerField(), verbose_name=_("before a goal"), default=default_goal_leads)
    step_leads = ArrayField(models.SmallIntegerField(), verbose_name=_("before a step"), default=default_step_leads)
    opportunity_leads = ArrayField(
        models.SmallIntegerField(), verbose_name=_("before an opportunity closes"), default=default_opportunity_leads
    )
    muted_kinds = ArrayField(models.CharField(max_length=30, choices=ReminderKind), default=list, blank=True)

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
        triggers: ClassVar = preferences_triggers()

    def __str__(self) -> str:
        return f"{self.hour}:00"


class GoalRemindersQuerySet(OwnedQuerySet["GoalReminders"]):
    owner_path = "goal__plan__user"


class GoalReminders(models.Model):
    """Reminder settings of one goal: its own lead times (null: those of the preferences), or no email at all.

    If muted, neither the goal nor its steps are in an email; lead times apply only to its own due date.
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


class UserActivity(models.Model):
    """When a user was last active: signing in, on a page, or answering an email. Recorded once an hour at most.

    After 3 unanswered emails in a row we send one a week at most, and the next one asks once whether time of day,
    number of emails or plan is wrong. When the user returns, the app asks the same, from `feedback_asked_at` until they
    answer.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="activity"
    )
    seen_at = models.DateTimeField(_("last seen"))
    feedback_asked_at = models.DateTimeField(_("asked for feedback at"), null=True, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity")

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at:%Y-%m-%d %H:%M}"
