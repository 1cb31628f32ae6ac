"""When the scheduler next checks each user, and when it last ran (docs/adr/0009)."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User

CHECK_NOW = "'epoch'::timestamptz"  # earlier than any time in question


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

    class Meta:
        verbose_name = _("scheduler run")
        verbose_name_plural = _("scheduler runs")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="reminders_schedulerrun_one_row")]

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M:%S}"
