"""Everything Today shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from careerplan.core.dates import end_of_month, end_of_week
from careerplan.dashboard.queries.agenda import ROWS_OF_A_GROUP, AgendaGroup, agenda, review_row
from careerplan.dashboard.words import lead
from careerplan.goals.lanes import MOST_MARKS, SHOWN_LANES, Lanes, lanes
from careerplan.goals.models import Goal
from careerplan.goals.queries import (
    GoalRow,
    Part,
    TriageDue,
    due_steps,
    first_goal_rows,
    pause_and_triage,
    stop_rules_due,
    unrated_steps,
)
from careerplan.plans.models import Pause
from careerplan.reviews.queries import open_review

MOST_NOTES = 2  # the page is for what to do next; the others ask on the page of their goal


@dataclass(frozen=True)
class TodayPage:
    """Everything the page shows. Above the agenda: the pause that is on, what to look through, stop rules that ask."""

    groups: list[AgendaGroup]
    lanes: Lanes[GoalRow]
    lead: str
    pause: Pause | None
    triage: TriageDue | None
    stop_rules: list[Goal]


def today_page(user: User, now: datetime) -> TodayPage | None:
    """What is next for somebody; None for somebody who has no goal yet. At most six queries."""
    today = timezone.localdate(now)
    rows, count = first_goal_rows(user, today, most=SHOWN_LANES, marks=MOST_MARKS)
    if not rows:
        return None
    ends = {"week_end": end_of_week(today), "month_end": end_of_month(today)}
    due = due_steps(user, today=today, most=ROWS_OF_A_GROUP, **ends)
    unrated = unrated_steps(user, now=now, most=ROWS_OF_A_GROUP)
    pause, triage = pause_and_triage(user, today, due.count(Part.OVERDUE))
    return TodayPage(
        groups=agenda(due, unrated, review_row(open_review(user), today, goals=count)),
        lanes=lanes(rows, today, count=count),
        lead=lead(due),
        pause=pause,
        triage=triage,
        stop_rules=[] if pause else stop_rules_due(user, today)[:MOST_NOTES],
    )
