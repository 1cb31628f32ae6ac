"""The section "Reminders" on the page of a goal (goals/panels.py)."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from careerplan.goals.queries.goal_page import GoalPage
from careerplan.reminders.forms import GoalRemindersForm
from careerplan.reminders.queries.preferences import goal_reminder_settings


def goal_reminders_panel(request: HttpRequest, page: GoalPage) -> SafeString:
    """Render the section "Reminders" of an active goal. One query."""
    settings = goal_reminder_settings(page.goal, page.open_steps, timezone.now())
    form = GoalRemindersForm.of_goal(settings.leads, is_muted=settings.is_muted)
    context = {"goal": page.goal, "form": form, "settings": settings, "next": settings.next}
    return render_to_string("reminders/_goal.html", context, request)
