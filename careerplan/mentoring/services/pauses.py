"""The owner's pauses, as far as they matter to a mentor."""

from datetime import date

from careerplan.mentoring.models import Mentorship
from careerplan.plans.models import Pause


def paused_until(mentorship: Mentorship, *, today: date) -> date | None:
    """Return the last day of the pause that the owner takes now; None without one. One query."""
    pauses = Pause.objects.of_active_plans().on(today).filter(plan__user=mentorship.owner_id)
    return pauses.values_list("ends_on", flat=True).first()
