"""What other apps show of reminders: they stand below this one and cannot ask it themselves."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone

from careerplan.goals.models import ActionStep, Goal
from careerplan.reminders.forms import GoalRemindersForm
from careerplan.reminders.models import Reminder
from careerplan.reminders.queries import ReminderAttention, attention_for, goal_reminder_settings
from careerplan.reminders.texts import ReminderText, reminder_text

register = template.Library()


@register.inclusion_tag("reminders/_goal.html", takes_context=True)
def goal_reminders(context: template.Context, goal: Goal, open_steps: list[ActionStep]) -> dict[str, Any]:
    """The section "Reminders" of an active goal's page. One query."""
    wishes = goal_reminder_settings(goal, open_steps, timezone.now())
    form = GoalRemindersForm.of_goal(wishes.leads, is_muted=wishes.is_muted)
    return {"goal": goal, "form": form, "wishes": wishes, "next": wishes.next, "csrf_token": context["csrf_token"]}


@register.simple_tag(takes_context=True)
def reminders_attention(context: template.Context) -> ReminderAttention:
    """New notifications, and the question about e-mails that were not answered. One query."""
    return attention_for(context["request"].user)


@register.simple_tag
def words(reminder: Reminder, today: date | None = None) -> ReminderText:
    """What a reminder says, seen from a day; from today where none is given."""
    return reminder_text(reminder, today or timezone.localdate())
