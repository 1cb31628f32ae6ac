"""Models of reminders. Django looks for models here, so they are all imported here."""

from careerplan.reminders.models.digests import Digest, DigestStage, Reminder
from careerplan.reminders.models.refusals import MailServerState, RefusedAddress
from careerplan.reminders.models.schedule import (
    GoalReminders,
    Preferences,
    RemindedUser,
    ReminderSchedule,
    SchedulerRun,
    UserActivity,
)

__all__ = [
    "Digest",
    "DigestStage",
    "GoalReminders",
    "MailServerState",
    "Preferences",
    "RefusedAddress",
    "RemindedUser",
    "Reminder",
    "ReminderSchedule",
    "SchedulerRun",
    "UserActivity",
]
