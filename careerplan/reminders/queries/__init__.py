"""Reads of what is owed and what was sent."""

from careerplan.reminders.queries.hours import (
    MailHours,
    database_zones,
    mail_day,
    mail_hours,
    mail_instant,
    next_mail_hour,
)
from careerplan.reminders.queries.owed import OwedRow, Recipient, owed_rows, recipient_of, still_owed, still_so
from careerplan.reminders.queries.sweeps import SWEEP_LATE, Standing, last_sweep, standing
from careerplan.reminders.queries.told import (
    Attention,
    Notices,
    Told,
    attention_for,
    mails_of,
    notices_of,
    sent_mails,
    unanswered,
)
from careerplan.reminders.queries.urgency import AT_LEISURE, Subject, once_each, urgency
from careerplan.reminders.queries.wishes import (
    GoalWishes,
    NextMention,
    goal_wishes,
    muted_goals,
    next_review_on,
    preferences_of,
)

__all__ = [
    "AT_LEISURE",
    "SWEEP_LATE",
    "Attention",
    "GoalWishes",
    "MailHours",
    "NextMention",
    "Notices",
    "OwedRow",
    "Recipient",
    "Standing",
    "Subject",
    "Told",
    "attention_for",
    "database_zones",
    "goal_wishes",
    "last_sweep",
    "mail_day",
    "mail_hours",
    "mail_instant",
    "mails_of",
    "muted_goals",
    "next_mail_hour",
    "next_review_on",
    "notices_of",
    "once_each",
    "owed_rows",
    "preferences_of",
    "recipient_of",
    "sent_mails",
    "standing",
    "still_owed",
    "still_so",
    "unanswered",
    "urgency",
]
