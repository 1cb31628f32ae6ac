"""Reads of what is owed and what was sent."""

from careerplan.reminders.queries.delivery_windows import (
    DeliveryWindow,
    database_zones,
    delivery_day,
    delivery_time,
    next_delivery_time,
    open_windows,
)
from careerplan.reminders.queries.digest_rows import (
    DigestRow,
    Recipient,
    filter_valid,
    load_digest_rows,
    recipient_of,
    valid_reminders_of,
)
from careerplan.reminders.queries.preferences import (
    GoalReminderSettings,
    NextMention,
    goal_reminder_settings,
    muted_goals,
    next_review_on,
    preferences_of,
)
from careerplan.reminders.queries.sent import (
    Notifications,
    ReminderAttention,
    SentDigest,
    attention_for,
    list_digests,
    list_notifications,
    sent_mails,
    unanswered,
)
from careerplan.reminders.queries.status import RUN_LATE_AFTER, ReminderStatus, last_scheduler_run, reminder_status
from careerplan.reminders.queries.urgency import UNDATED_KINDS, Subject, unique_by_target, urgency

__all__ = [
    "RUN_LATE_AFTER",
    "UNDATED_KINDS",
    "DeliveryWindow",
    "DigestRow",
    "GoalReminderSettings",
    "NextMention",
    "Notifications",
    "Recipient",
    "ReminderAttention",
    "ReminderStatus",
    "SentDigest",
    "Subject",
    "attention_for",
    "database_zones",
    "delivery_day",
    "delivery_time",
    "filter_valid",
    "goal_reminder_settings",
    "last_scheduler_run",
    "list_digests",
    "list_notifications",
    "load_digest_rows",
    "muted_goals",
    "next_delivery_time",
    "next_review_on",
    "open_windows",
    "preferences_of",
    "recipient_of",
    "reminder_status",
    "sent_mails",
    "unanswered",
    "unique_by_target",
    "urgency",
    "valid_reminders_of",
]
