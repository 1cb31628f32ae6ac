"""Query of what to do next, by urgency, and of steps to rate. One query: a few steps, and counts of the others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

from accounts.models import User

# Counted and limited in the database: someone with 3,000 open steps gets as few rows as someone with ten.
DUE = """
SELECT part, total, id, title, due_on, goal_id, goal_title, done_at FROM (
  SELECT *, count(*) OVER (PARTITION BY part) AS total,
         row_number() OVER (PARTITION BY part ORDER BY done_at DESC, due_on, id) AS place
  FROM (
    SELECT s.id, s.title, s.due_on, g.id AS goal_id, g.title AS goal_title, NULL::timestamptz AS done_at,
           CASE WHEN s.due_on < %(today)s THEN 'overdue' WHEN s.due_on <= %(week_end)s THEN 'week'
                WHEN s.due_on <= %(month_end)s THEN 'month' ELSE 'later' END AS part
    FROM plans_plan p
    JOIN goals_goal g ON g.plan_id = p.id AND g.state = 'active'
    JOIN goals_actionstep s ON s.goal_id = g.id AND s.state IN ('to_do', 'in_progress')
    WHERE p.user_id = %(user)s AND p.state = 'active'
    UNION ALL
    SELECT s.id, s.title, s.due_on, g.id AS goal_id, g.title AS goal_title, s.done_at, 'unrated' AS part
    FROM plans_plan p
    JOIN goals_goal g ON g.plan_id = p.id
    JOIN goals_actionstep s ON s.goal_id = g.id AND s.state = 'done' AND s.done_at > %(done_since)s
    WHERE p.user_id = %(user)s AND p.state = 'active'
      AND NOT EXISTS (SELECT 1 FROM goals_evaluation v WHERE v.step_id = s.id)
  ) AS found
) AS numbered
WHERE place <= %(most)s
ORDER BY part, place
"""
ASKED_FOR = timedelta(days=60)  # after that, people no longer remember a step well enough to rate it
UNRATED = "unrated"


class DuePeriod(StrEnum):
    """How far ahead a step is due."""

    OVERDUE = "overdue"
    WEEK = "week"
    MONTH = "month"
    LATER = "later"


class DueStep(NamedTuple):
    """An open step with its goal."""

    id: int
    title: str
    due_on: date
    goal_id: int
    goal_title: str


class UnratedStep(NamedTuple):
    """A finished step without a rating."""

    id: int
    title: str
    done_at: datetime
    goal_id: int


@dataclass(frozen=True, slots=True)
class UnratedSteps:
    """The last finished steps without a rating, and their number."""

    steps: list[UnratedStep] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class DueSteps:
    """The nearest open steps of each period, and their number. A period without steps is missing in both.

    `unrated`: steps of the plan finished within 60 days without a rating; newest first.
    """

    steps: Mapping[DuePeriod, list[DueStep]]
    counts: Mapping[DuePeriod, int]
    unrated: UnratedSteps = UnratedSteps()

    def count(self, part: DuePeriod) -> int:
        """Return the number of open steps that are due in a period."""
        return self.counts.get(part, 0)


def due_steps(user: User, *, now: datetime, today: date, week_end: date, month_end: date, most: int) -> DueSteps:
    """Return open steps of active goals in the active plan, a limited number per period, nearest first, and steps to
    rate. One query.

    The week and the month end with their last day; a week may reach into the next month.
    """
    days = {"today": today, "week_end": week_end, "month_end": month_end, "done_since": now - ASKED_FOR}
    steps: dict[DuePeriod, list[DueStep]] = {}
    counts: dict[DuePeriod, int] = {}
    unrated, unrated_count = [], 0
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"user": user.pk, "most": most, **days})
        for part, total, pk, title, due_on, goal_id, goal_title, done_at in cursor.fetchall():
            if part == UNRATED:
                unrated.append(UnratedStep(pk, title, done_at, goal_id))
                unrated_count = total
            else:
                steps.setdefault(DuePeriod(part), []).append(DueStep(pk, title, due_on, goal_id, goal_title))
                counts[DuePeriod(part)] = total
    return DueSteps(steps, counts, UnratedSteps(unrated, unrated_count))
