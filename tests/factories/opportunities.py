"""Opportunities for tests, made through the services."""

from datetime import date, datetime
from uuid import uuid4

from accounts.models import User
from careerplan.opportunities import services
from careerplan.opportunities.models import Opportunity
from tests.factories.goals import NOW

REASON = "It is the next rung."


def make_opportunity(
    user: User,
    title: str = "Ward manager, ward 12",
    *,
    closes_on: date | None = None,
    needs: dict[int, int] | None = None,
    now: datetime = NOW,
    **changes,
) -> Opportunity:
    """Make an opportunity that is being considered; `needs` are levels by skill id."""
    changes |= {"title": title, "closes_on": closes_on}
    opportunity = services.add_opportunity(user=user, form_key=uuid4(), changes=changes, now=now)
    if needs:
        services.add_needed_skills(opportunity=opportunity, levels=needs, now=now)
    return Opportunity.objects.select_related("plan").get(pk=opportunity.pk)


def pursue(opportunity: Opportunity, *, now: datetime = NOW) -> Opportunity:
    """Pursue an opportunity."""
    return services.pursue_opportunity(opportunity=opportunity, reason=REASON, now=now)


def decline(opportunity: Opportunity, *, now: datetime = NOW) -> Opportunity:
    """Decline an opportunity."""
    return services.decline_opportunity(opportunity=opportunity, reason=REASON, now=now)
