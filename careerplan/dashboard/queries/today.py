"""Everything Today shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from careerplan.core.dates import end_of_month, end_of_week
from careerplan.dashboard.queries.agenda import ROWS_OF_A_GROUP, AgendaGroup, agenda
from careerplan.dashboard.queries.lanes import MOST_MARKS, SHOWN_LANES, Lanes, lanes
from careerplan.dashboard.words import lead
from careerplan.goals.queries import due_steps, first_goal_rows, unrated_steps


@dataclass(frozen=True)
class TodayPage:
    """Everything the page shows."""

    groups: list[AgendaGroup]
    lanes: Lanes
    lead: str


def today_page(user: User, now: datetime) -> TodayPage | None:
    """What is next for somebody; None for somebody who has no goal yet. Three queries, however much there is."""
    today = timezone.localdate(now)
    rows, count = first_goal_rows(user, today, most=SHOWN_LANES, marks=MOST_MARKS)
    if not rows:
        return None
    ends = {"week_end": end_of_week(today), "month_end": end_of_month(today)}
    due = due_steps(user, today=today, most=ROWS_OF_A_GROUP, **ends)
    unrated = unrated_steps(user, now=now, most=ROWS_OF_A_GROUP)
    return TodayPage(groups=agenda(due, unrated), lanes=lanes(rows, today, count=count), lead=lead(due))
