"""Stop rules that ask today."""

from datetime import date

from accounts.models import User
from careerplan.goals.models import Goal


def stop_rules_due(user: User, today: date) -> list[Goal]:
    """Active goals of the active plan whose stop rule asks: its day has come, and it was not answered. One query."""
    goals = Goal.objects.for_user(user).active().filter(plan__state="active")
    return list(goals.filter(stop_on__lte=today, stop_answered_at__isnull=True).order_by("stop_on", "id"))
