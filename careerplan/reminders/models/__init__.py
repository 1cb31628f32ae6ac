"""Models of reminders. Django looks for models here, so they are all imported here."""

from careerplan.reminders.models.digests import Digest, DigestStage, RefusedAddress, Reminder
from careerplan.reminders.models.preferences import GoalReminders, Preferences, UserActivity
from careerplan.reminders.models.schedule import RemindedUser, ReminderSchedule, SchedulerRun

__all__ = [
    "Digest",
    "DigestStage",
    "GoalReminders",
    "Preferences",
    "RefusedAddress",
    "RemindedUser",
    "Reminder",
    "ReminderSchedule",
    "SchedulerRun",
    "UserActivity",
]
