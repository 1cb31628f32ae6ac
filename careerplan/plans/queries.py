"""Reads of plans and pauses."""

from datetime import date

from accounts.models import User
from careerplan.plans.models import Pause, Plan


def active_plan(user: User) -> Plan | None:
    """The plan that somebody works on, with its target occupation; None for who has none yet. One query."""
    return Plan.objects.for_user(user).active().select_related("target_occupation").first()


def pause_now(user: User, today: date) -> Pause | None:
    """The pause of the active plan that `today` (the person's local day) lies in. One query."""
    return Pause.objects.for_user(user).of_active_plans().on(today).first()


def pauses_ahead(plan: Plan, today: date) -> list[Pause]:
    """The pause that is on and those that are planned, nearest first. One query."""
    return list(plan.pauses.filter(ends_on__gte=today))


def archived_plans(user: User) -> list[Plan]:
    """Earlier chapters, last closed first. One query."""
    return list(Plan.objects.for_user(user).filter(state=Plan.State.ARCHIVED).order_by("-archived_at"))
