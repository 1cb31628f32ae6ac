"""The kinds of reminders, and how long before or after a date each is sent (docs/reminders.md)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderKind(models.TextChoices):
    """What a reminder is about; every kind can be muted."""

    GOAL_DUE = "goal_due", _("Due dates of goals")
    STEP_DUE = "step_due", _("Due dates of steps")
    OVERDUE = "overdue", _("Late goals and steps")
    STOP_RULE = "stop_rule", _("Stop rules: keep going or stop")
    OPPORTUNITY_CLOSING = "opportunity_closing", _("Closing dates of opportunities")
    REVIEW_DUE = "review_due", _("Reviews")
    STEP_UNRATED = "step_unrated", _("Finished steps to rate")
    GOAL_WITHOUT_STEP = "goal_without_step", _("Goals without a next step")
    ASSESSMENT_ABANDONED = "assessment_abandoned", _("An unfinished assessment")
    OPPORTUNITY_OUTCOME_REVIEW = "opportunity_outcome_review", _("Decisions to look back on")


class ReminderChannel(models.TextChoices):
    """Where a reminder appears, once each. Mutes and limits apply only to email."""

    MAIL = "mail", _("Email")
    APP = "app", _("In the app")


DEFAULT_HOUR = 8
WEEK_DAYS = 7  # the weekly maximum counts the day itself and the six before

# Days before the date (below zero: after it). Where people can choose, these are the defaults.
LEAD_DAYS: dict[ReminderKind, tuple[int, ...]] = {
    ReminderKind.GOAL_DUE: (30, 7, 1, 0),
    ReminderKind.STEP_DUE: (7, 1, 0),
    ReminderKind.OVERDUE: (-1, -8, -15),
    ReminderKind.STOP_RULE: (0,),
    ReminderKind.REVIEW_DUE: (0, -3, -7),
    ReminderKind.STEP_UNRATED: (-2,),
    ReminderKind.GOAL_WITHOUT_STEP: (0,),
    ReminderKind.ASSESSMENT_ABANDONED: (-3,),
    ReminderKind.OPPORTUNITY_CLOSING: (7, 2, 0),
    ReminderKind.OPPORTUNITY_OUTCOME_REVIEW: (-90,),
}
# A due date and its being late are one series: where both are due at once, only the later one gets a reminder.
DUE_SERIES = (ReminderKind.GOAL_DUE, ReminderKind.STEP_DUE, ReminderKind.OVERDUE)
# Choices in the settings and on the page of a goal.
LEAD_CHOICES: tuple[int, ...] = (30, 14, 7, 2, 1, 0)

# After this many unanswered emails in a row we send one a week at most.
UNANSWERED_MOST = 3
# Neither that nor the weekly maximum holds back what is due, or closes, today or tomorrow: a date of one of these kinds
# that is at most so many days away.
DATED_KINDS = (
    ReminderKind.GOAL_DUE,
    ReminderKind.STEP_DUE,
    ReminderKind.STOP_RULE,
    ReminderKind.REVIEW_DUE,
    ReminderKind.OPPORTUNITY_CLOSING,
)
URGENT_DAYS = 1


def default_goal_leads() -> list[int]:
    return list(LEAD_DAYS[ReminderKind.GOAL_DUE])


def default_step_leads() -> list[int]:
    return list(LEAD_DAYS[ReminderKind.STEP_DUE])


def default_opportunity_leads() -> list[int]:
    return list(LEAD_DAYS[ReminderKind.OPPORTUNITY_CLOSING])
