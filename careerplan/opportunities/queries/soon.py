"""What Today asks of opportunities."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from accounts.models import User
from careerplan.opportunities.models import JUDGED_AFTER, Opportunity
from careerplan.opportunities.queries.list import OpportunityRow, asks_judgement
from careerplan.opportunities.queries.match import matches_of

A_DAY = timedelta(days=1)  # local days may begin before or after the moment; asks_judgement looks more closely


@dataclass(frozen=True)
class Soon:
    """What closes soon, nearest first, and the decisions to be looked back on, oldest first."""

    closing: list[OpportunityRow]
    to_judge: list[Opportunity]


def opportunities_soon(user: User, now: datetime, *, today: date, last_day: date) -> Soon:
    """What closes from `today` to `last_day`, and what is to be judged. One query, and one more where any closes."""
    closes = Q(state__in=Opportunity.OPEN_STATES, closes_on__range=(today, last_day))
    asks = Q(decided_at__lt=now - JUDGED_AFTER + A_DAY, judged_at__isnull=True)
    found = list(Opportunity.objects.for_user(user).of_active_plans().filter(closes | asks))
    closing = [one for one in found if one.is_open and one.closes_on and today <= one.closes_on <= last_day]
    matches = matches_of(user, [one.pk for one in closing])
    to_judge = [one for one in found if asks_judgement(one, today)]
    return Soon(
        closing=[OpportunityRow(one, matches[one.pk]) for one in closing],
        to_judge=sorted(to_judge, key=lambda one: one.decided_at or now),
    )
