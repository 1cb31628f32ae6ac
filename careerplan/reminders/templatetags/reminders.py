"""Template tags with which other apps show reminders; they cannot import this app."""

from datetime import date

from django import template
from django.utils import timezone

from careerplan.core.dates import place_name
from careerplan.reminders.queries.digests import ReminderAttention, attention_for
from careerplan.reminders.texts import ReminderLine, ReminderText, reminder_text

register = template.Library()


@register.simple_tag(takes_context=True)
def reminders_attention(context: template.Context) -> ReminderAttention:
    """Return the number of new notifications, and whether we ask for feedback. One query."""
    return attention_for(context["request"].user)


@register.filter
def place(time_zone: str) -> str:
    """Return the place of a time zone: London."""
    return place_name(time_zone)


@register.simple_tag
def words(reminder: ReminderLine, today: date | None = None) -> ReminderText:
    """Return the texts of a reminder as of a day, today by default."""
    return reminder_text(reminder, today or timezone.localdate())
