"""What the pages of a mentor show: the same for the mentor and for the owner who looks at exactly that."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from careerplan.mentoring.mentor.panels import asking_panels, goal_panels, plan_panels
from careerplan.mentoring.mentor.queries import load_mentor_goal, load_mentor_plan, mentor_frame
from careerplan.mentoring.mentor.visits import last_visit_before
from careerplan.mentoring.models import Mentorship
from careerplan.mentoring.services.pauses import paused_until
from careerplan.planning.timeline import build_timeline


def plan_context(
    request: HttpRequest, mentorship: Mentorship, *, now: datetime, is_preview: bool = False
) -> dict[str, Any]:
    """Return the context of mentor/_plan.html."""
    today = timezone.localdate(now, mentorship.owner.zone)
    since = last_visit_before(mentorship, now=now)
    plan = load_mentor_plan(mentorship, today=today, since=since)
    active = plan.active_goals
    return {
        "frame": mentor_frame(mentorship, is_preview=is_preview),
        "plan": plan,
        "timeline": build_timeline(active, today, count=len(active)) if active else None,
        "closed": [goal for goal in plan.goals if not goal.is_active],
        "since": since,
        "today": today,
        "paused_until": paused_until(mentorship, today=today),
        "asking": [panel(request, mentorship, is_preview=is_preview) for panel in asking_panels],
        "panels": [panel(request, mentorship, is_preview=is_preview) for panel in plan_panels],
    }


def goal_context(
    request: HttpRequest, mentorship: Mentorship, pk: int, *, now: datetime, is_preview: bool = False
) -> dict[str, Any] | None:
    """Return the context of mentor/_goal.html; None for a goal that is not shared with this mentor."""
    today = timezone.localdate(now, mentorship.owner.zone)
    goal = load_mentor_goal(mentorship, pk, today=today)
    if goal is None:
        return None
    return {
        "frame": mentor_frame(mentorship, is_preview=is_preview),
        "goal": goal,
        "today": today,
        "panels": [panel(request, mentorship, goal, is_preview=is_preview) for panel in goal_panels],
    }
