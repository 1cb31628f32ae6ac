"""Opportunities as tests need them, made by the services as the pages do."""

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
    **data,
) -> Opportunity:
    """One that is considered; `needs` are levels by skill id."""
    known = services.OpportunityData(title=title, closes_on=closes_on, **data)
    opportunity = services.note_opportunity(user=user, form_key=uuid4(), data=known, now=now)
    if needs:
        services.add_needed_skills(opportunity=opportunity, levels=needs, now=now)
    return Opportunity.objects.select_related("plan").get(pk=opportunity.pk)


def pursue(opportunity: Opportunity, *, now: datetime = NOW) -> Opportunity:
    """The same, decided for."""
    return services.pursue_opportunity(opportunity=opportunity, reason=REASON, now=now)


def decline(opportunity: Opportunity, *, now: datetime = NOW) -> Opportunity:
    """The same, decided against."""
    return services.decline_opportunity(opportunity=opportunity, reason=REASON, now=now)
