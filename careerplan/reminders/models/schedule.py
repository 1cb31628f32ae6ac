"""Models of when users get reminders: their preferences and activity, the next check of each, and the scheduler runs.

Without a row the default preferences apply. docs/adr/0009 explains the schedule.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
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

CHECK_NOW = "'epoch'::timestamptz"  # earlier than any check, so due at once


class ReminderSchedule(models.Model):
    """When the scheduler next checks whether a user has due reminders: once a day, at their time of day.

    create_due_reminders.sql decides what is due, so an extra check costs nothing and a late one finds everything.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    next_check_at = models.DateTimeField(_("next check at"), db_index=True)

    class Meta:
        verbose_name = _("reminder schedule")
        verbose_name_plural = _("reminder schedules")

    def __str__(self) -> str:
        return f"{self.user_id} {self.next_check_at:%Y-%m-%d %H:%M}"


def _check_now_triggers(name: str, user: str, changed: str) -> list[pgtrigger.Trigger]:
    """Have the next scheduler run check new and returning users, and those whose local time changed."""
    statement = (  # fixed text, no input
        f"INSERT INTO reminders_reminderschedule (user_id, next_check_at) VALUES ({user}, {CHECK_NOW})"  # noqa: S608
        f" ON CONFLICT (user_id) DO UPDATE SET next_check_at = {CHECK_NOW}; RETURN NULL;"
    )
    return [
        pgtrigger.Trigger(
            name=f"{name}_comes", level=pgtrigger.Row, when=pgtrigger.After, operation=pgtrigger.Insert, func=statement
        ),
        pgtrigger.Trigger(
            name=f"{name}_changes",
            level=pgtrigger.Row,
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"({changed})"),
            func=statement,
        ),
    ]


def preferences_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers for a changed time of day."""
    return _check_now_triggers("schedule_of_hour", "NEW.user_id", "OLD.hour IS DISTINCT FROM NEW.hour")


class RemindedUser(User):
    """Proxy that carries triggers: the database gives each new user a schedule."""

    class Meta:
        proxy = True
        triggers: ClassVar = _check_now_triggers(
            "schedule_of_user",
            "NEW.id",
            "ROW(OLD.time_zone, OLD.is_active, OLD.deletion_due_at)"
            " IS DISTINCT FROM ROW(NEW.time_zone, NEW.is_active, NEW.deletion_due_at)",
        )


class SchedulerRun(models.Model):
    """The last scheduler run: one row. When it is old, no one gets reminders."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ran_at = models.DateTimeField(_("last run"))
    made = models.PositiveIntegerField(_("reminders it created"), default=0)
    # The release of the IANA data with which the schedules were computed.
    zone_data = models.CharField(_("time-zone data"), max_length=20, default="")
    # Since when an operator holds all emails, such as after a restore (sending_hold.py).
    held_since = models.DateTimeField(_("held since"), null=True, blank=True)

    class Meta:
        verbose_name = _("scheduler run")
        verbose_name_plural = _("scheduler runs")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="reminders_schedulerrun_one_row")]

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M:%S}"


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
