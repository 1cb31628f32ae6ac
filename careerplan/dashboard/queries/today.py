"""Everything Today shows."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import User
from careerplan.core.dates import end_of_month, end_of_week
from careerplan.dashboard.queries.agenda import ROWS_OF_A_GROUP, AgendaGroup, agenda, review_row
from careerplan.dashboard.queries.lanes import MOST_MARKS, SHOWN_LANES, Lanes, lanes
from careerplan.dashboard.words import lead
from careerplan.goals.queries import (
    AskingGoal,
    Part,
    TriageDue,
    due_steps,
    first_goal_rows,
    pause_and_triage,
)
from careerplan.plans.models import Pause
from careerplan.reviews.queries import reviews_of_plan

MOST_NOTES = 2  # the page is for what to do next; the others ask on the page of their goal


@dataclass(frozen=True)
class TodayPage:
    """Everything the page shows. Above the agenda: the pause that is on, what to look through, stop rules that ask."""

    groups: list[AgendaGroup]
    lanes: Lanes
    lead: str
    pause: Pause | None
    triage: TriageDue | None
    stop_rules: list[AskingGoal]


def today_page(user: User, now: datetime) -> TodayPage | None:
    """What is next for somebody; None for somebody who has no goal yet. Four queries at most."""
    today = timezone.localdate(now)
    goals = first_goal_rows(user, today, most=SHOWN_LANES, marks=MOST_MARKS)
    if not goals.rows:
        return None
    ends = {"week_end": end_of_week(today), "month_end": end_of_month(today)}
    due = due_steps(user, now=now, today=today, most=ROWS_OF_A_GROUP, **ends)
    pause, triage = pause_and_triage(user, today, due.count(Part.OVERDUE))
    reviews = reviews_of_plan(user)
    return TodayPage(
        groups=agenda(due, review_row(reviews.waiting, today, goals=goals.count)),
        lanes=lanes(goals.rows, today, count=goals.count, review_days=reviews.between),
        lead=lead(due),
        pause=pause,
        triage=triage,
        stop_rules=[] if pause else goals.asking[:MOST_NOTES],
    )
