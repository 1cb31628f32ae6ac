"""Queries of plans and pauses."""

from datetime import date

from accounts.models import User
from careerplan.plans.models import Pause, Plan


def active_plan(user: User) -> Plan | None:
    """Return the active plan of a user with its target occupation, or None. One query."""
    return Plan.objects.for_user(user).active().select_related("target_occupation").first()


def pause_now(user: User, today: date) -> Pause | None:
    """Return the pause of the active plan on `today` (the user's local date). One query."""
    return Pause.objects.for_user(user).of_active_plans().on(today).first()


def pauses_ahead(plan: Plan, today: date) -> list[Pause]:
    """Return the current and planned pauses, nearest first. One query."""
    return list(plan.pauses.filter(ends_on__gte=today))


def archived_plans(user: User) -> list[Plan]:
    """Return archived plans, newest first. One query."""
    return list(Plan.objects.for_user(user).filter(state=Plan.State.ARCHIVED).order_by("-archived_at"))
