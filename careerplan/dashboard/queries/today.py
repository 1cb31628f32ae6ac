"""Everything Today shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from careerplan.core.dates import SOON_DAYS, end_of_month, end_of_week
from careerplan.dashboard.queries.agenda import (
    ROWS_OF_A_GROUP,
    AgendaGroup,
    AgendaItem,
    agenda,
    closing_rows,
    is_long,
    review_row,
    room_below,
    stop_rule_row,
)
from careerplan.dashboard.words import lead
from careerplan.goals.queries.agenda import Part, due_steps
from careerplan.goals.queries.goal_list import GoalRow, first_goal_rows
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.opportunity_list import UpcomingOpportunities, upcoming_opportunities
from careerplan.planning.queries.pauses import TriageDue, pause_and_triage
from careerplan.planning.timeline import MOST_MARKS, Lanes, lanes
from careerplan.plans.models import Pause
from careerplan.reviews.queries import load_plan_reviews

# So many goals are drawn on 1280 x 800 without scrolling; one less where a note or a long lead stands above.
LANES = 5
MOST_ASKING = 2  # the page is for what to do next; the others ask on the page of their goal


@dataclass(frozen=True)
class TodayPage:
    """Everything the page shows. Above the agenda: the pause that is on, what to look through, a decision that asks."""

    groups: list[AgendaGroup]
    lanes: Lanes[GoalRow]
    lead: str
    pause: Pause | None
    triage: TriageDue | None
    outcome_reviews_due: list[Opportunity]


def today_page(user: User, now: datetime) -> TodayPage | None:
    """What is next for somebody; None for somebody who has no goal yet. Six queries at most."""
    today = timezone.localdate(now)
    goals = first_goal_rows(user, today, most=LANES, marks=MOST_MARKS)
    if not goals.rows:
        return None
    ends = {"week_end": end_of_week(today), "month_end": end_of_month(today)}
    due = due_steps(user, now=now, today=today, most=ROWS_OF_A_GROUP, **ends)
    soon = closing_soon(user, now, today)
    pause, triage = pause_and_triage(user, today, due.count(Part.OVERDUE))
    stop_rules = [] if pause else goals.asking[:MOST_ASKING]
    reviews = load_plan_reviews(user)
    review = review_row(reviews.open_review, today, goals=goals.count)
    asking = [*filter(None, [review]), *(stop_rule_row(goal, today) for goal in stop_rules)]
    # A decision has waited for 90 days and can wait for a day on which nothing else asks.
    outcome_reviews_due = [] if pause or triage or stop_rules else soon.outcome_reviews_due[:1]
    notes = bool(pause) + bool(triage) + len(outcome_reviews_due)
    words = lead(due, also_this_week(review, soon, ends["week_end"]))
    return TodayPage(
        groups=agenda(due, asking, closing_rows(soon.closing, **ends), room=room_below(words, notes=notes)),
        lanes=lanes(
            goals.rows[: LANES - bool(notes or is_long(words))],
            today,
            count=goals.count,
            review_days=reviews.between,
            closing_days=[row.opportunity.closes_on for row in soon.closing if row.opportunity.closes_on],
        ),
        lead=words,
        pause=pause,
        triage=triage,
        outcome_reviews_due=outcome_reviews_due,
    )


def also_this_week(review: AgendaItem | None, soon: UpcomingOpportunities, week_end: date) -> list[str]:
    """The names of what stands under this week and is no step: the review, and what closes."""
    closing = [row.opportunity for row in soon.closing if row.opportunity.closes_on]
    names = [one.title for one in closing if one.closes_on and one.closes_on <= week_end]
    return [review.title, *names] if review else names


def closing_soon(user: User, now: datetime, today: date) -> UpcomingOpportunities:
    """The opportunities that close this month or within a week, and the decisions to be looked back on.

    One query, and one more where any closes.
    """
    last_day = max(end_of_month(today), today + timedelta(days=SOON_DAYS))
    return upcoming_opportunities(user, now, today=today, last_day=last_day)
