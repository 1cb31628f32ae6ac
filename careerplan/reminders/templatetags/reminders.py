"""Template tags with which other apps show reminders; they cannot import this app."""

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
    """Render the section "Reminders" of an active goal's page. One query."""
    settings = goal_reminder_settings(goal, open_steps, timezone.now())
    form = GoalRemindersForm.of_goal(settings.leads, is_muted=settings.is_muted)
    return {
        "goal": goal,
        "form": form,
        "settings": settings,
        "next": settings.next,
        "csrf_token": context["csrf_token"],
    }


@register.simple_tag(takes_context=True)
def reminders_attention(context: template.Context) -> ReminderAttention:
    """Return the number of new notifications, and whether we ask for feedback. One query."""
    return attention_for(context["request"].user)


@register.simple_tag
def words(reminder: Reminder, today: date | None = None) -> ReminderText:
    """Return the texts of a reminder as of a day, today by default."""
    return reminder_text(reminder, today or timezone.localdate())
