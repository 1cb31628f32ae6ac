"""What is to be done next, by urgency. One query that gives a few steps and counts the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.db import connection

from accounts.models import User

# Counted and cut in the database: somebody with 3,000 open steps gets as few rows as somebody with ten.
DUE = """
SELECT part, total, id, title, due_on, goal_id, goal_title FROM (
  SELECT *, count(*) OVER (PARTITION BY part) AS total,
         row_number() OVER (PARTITION BY part ORDER BY due_on, id) AS place
  FROM (
    SELECT s.id, s.title, s.due_on, g.id AS goal_id, g.title AS goal_title,
           CASE WHEN s.due_on < %(today)s THEN 'overdue' WHEN s.due_on <= %(week_end)s THEN 'week'
                WHEN s.due_on <= %(month_end)s THEN 'month' ELSE 'later' END AS part
    FROM plans_plan p
    JOIN goals_goal g ON g.plan_id = p.id AND g.state = 'active'
    JOIN goals_actionstep s ON s.goal_id = g.id AND s.state IN ('to_do', 'in_progress')
    WHERE p.user_id = %(user)s AND p.state = 'active'
  ) AS open
) AS numbered
WHERE place <= %(most)s
ORDER BY due_on, id
"""


class Part(StrEnum):
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


@dataclass(frozen=True, slots=True)
class DueSteps:
    """The nearest open steps of each part, and how many there are. A part without steps is missing in both."""

    steps: Mapping[Part, list[DueStep]]
    counts: Mapping[Part, int]

    def count(self, part: Part) -> int:
        """How many open steps are due in a part."""
        return self.counts.get(part, 0)


def due_steps(user: User, *, today: date, week_end: date, month_end: date, most: int) -> DueSteps:
    """Open steps of active goals in the active plan, at most so many of each part, nearest first. One query.

    The week and the month end with their last day; a week may reach into the next month.
    """
    days = {"today": today, "week_end": week_end, "month_end": month_end}
    steps: dict[Part, list[DueStep]] = {}
    counts: dict[Part, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"user": user.pk, "most": most, **days})
        for part, total, *step in cursor.fetchall():
            steps.setdefault(Part(part), []).append(DueStep(*step))
            counts[Part(part)] = total
    return DueSteps(steps, counts)
