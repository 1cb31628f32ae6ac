"""Queries of what to do next and of steps to rate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from careerplan.core.addresses import page_url
from careerplan.core.database import run_prepared
from careerplan.core.dates import end_of_week
from careerplan.goals.models import ActionStep
from careerplan.goals.repeats import RepeatRule

# Counted and limited in the database: someone with 3,000 open steps gets as few rows as someone with ten. The server
# keeps its plan, which takes nearly half of the time.
DUE = """
SELECT part, total, id, title::text, due_on, goal_id, goal_title::text, goal_due_on, why, effort_hours, state::text,
       done_at, repeats::text
FROM (
  SELECT *, count(*) OVER (PARTITION BY part) AS total,
         row_number() OVER (PARTITION BY part ORDER BY done_at DESC, due_on, id) AS place
  FROM (
    SELECT s.id, s.title, s.due_on, g.id AS goal_id, g.title AS goal_title, g.due_on AS goal_due_on,
           left(g.why, 400) AS why, s.effort_hours, s.state, NULL::timestamptz AS done_at, s.repeats,
           CASE WHEN s.due_on IS NULL THEN 'undated' WHEN s.due_on < %(today)s THEN 'late'
                WHEN s.due_on <= %(week_end)s THEN 'week'
                WHEN s.due_on <= %(weeks_end)s THEN 'weeks' ELSE 'later' END AS part
    FROM plans_plan p
    JOIN goals_goal g ON g.plan_id = p.id AND g.state = 'active'
    JOIN goals_actionstep s ON s.goal_id = g.id AND s.state IN ('to_do', 'in_progress')
    WHERE p.user_id = %(user)s AND p.state = 'active'
    UNION ALL
    SELECT s.id, s.title, s.due_on, g.id AS goal_id, g.title AS goal_title, g.due_on AS goal_due_on,
           '' AS why, s.effort_hours, s.state, s.done_at, s.repeats, 'unrated' AS part
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
UNRATED, UNDATED = "unrated", "undated"


class DuePeriod(StrEnum):
    """How far ahead a step is due."""

    LATE = "late"
    WEEK = "week"
    WEEKS = "weeks"  # the next four
    LATER = "later"


class StepRow(NamedTuple):
    """A step with its goal, for a row of a list. `why`: the beginning of the goal's, where the query reads it."""

    id: int
    title: str
    due_on: date | None
    goal_id: int
    goal_title: str
    goal_due_on: date
    why: str
    effort_hours: Decimal | None
    state: str
    done_at: datetime | None
    repeats: str

    @property
    def repeat_rule(self) -> RepeatRule | None:
        """Return the rule by which it repeats."""
        return RepeatRule.parse(self.repeats)

    @property
    def url(self) -> str:
        """Return the address of the step on the page of its goal."""
        return f"{page_url('goals:detail', self.goal_id)}#step-{self.id}"

    @property
    def is_open(self) -> bool:
        """Return whether it is still to do."""
        return self.state in ActionStep.OPEN_STATES

    @property
    def done_on(self) -> date | None:
        """Return the day it was done, in the user's time zone."""
        return timezone.localdate(self.done_at) if self.done_at else None


@dataclass(frozen=True, slots=True)
class UnratedSteps:
    """The last finished steps without a rating, and their number."""

    steps: list[StepRow] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class DueSteps:
    """The nearest open steps of each period, and their number. A period without steps is missing in both.

    `unrated`: steps of the plan finished within 60 days without a rating; newest first. `undated`: number of open steps
    without a due date.
    """

    steps: Mapping[DuePeriod, list[StepRow]]
    counts: Mapping[DuePeriod, int]
    unrated: UnratedSteps = UnratedSteps()
    undated: int = 0

    def count(self, part: DuePeriod) -> int:
        """Return the number of open steps that are due in a period."""
        return self.counts.get(part, 0)

    def without(self, step: StepRow) -> "DueSteps":
        """Return the others: a step that is shown elsewhere on the page is neither listed nor counted."""
        part = next(part for part, rows in self.steps.items() if step in rows)
        rest = {part: [row for row in self.steps[part] if row != step]}
        counts = {**self.counts, part: self.counts[part] - 1}
        return replace(self, steps={**self.steps, **rest}, counts=counts)

    def without_unrated(self, step: StepRow) -> "DueSteps":
        """Return it without a finished step that is asked about elsewhere on the page."""
        left = [row for row in self.unrated.steps if row.id != step.id]
        count = self.unrated.count - (len(self.unrated.steps) - len(left))
        return replace(self, unrated=UnratedSteps(left, count))


def period_ends(today: date) -> tuple[date, date]:
    """Return the last days of this week and of the next four weeks.

    Weeks, because a month can end tomorrow: then a step in three days would be "after this month".
    """
    return end_of_week(today), today + timedelta(days=28)


def due_steps(user: User, *, now: datetime, today: date, week_end: date, weeks_end: date, most: int) -> DueSteps:
    """Return open steps of active goals in the active plan, a limited number per period, nearest first, and steps to
    rate. One query.

    `week_end` and `weeks_end` are the last days of this week and of the next four weeks (`period_ends`).
    """
    days = {"today": today, "week_end": week_end, "weeks_end": weeks_end, "done_since": now - ASKED_FOR}
    steps: dict[DuePeriod, list[StepRow]] = {}
    counts: dict[DuePeriod, int] = {}
    unrated: list[StepRow] = []
    unrated_count = undated = 0
    for part, total, *found in run_prepared(DUE, {"user": user.pk, "most": most, **days}):
        if part == UNRATED:
            unrated.append(StepRow(*found))
            unrated_count = total
        elif part == UNDATED:
            undated = total
        else:
            steps.setdefault(DuePeriod(part), []).append(StepRow(*found))
            counts[DuePeriod(part)] = total
    return DueSteps(steps, counts, UnratedSteps(unrated, unrated_count), undated)
