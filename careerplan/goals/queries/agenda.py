"""Queries of what to do next, of steps to rate, and of the hours of open steps per week.

A week is Monday to Sunday and is named by its Monday. Effort and load are in hours.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from django.db import connection
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from careerplan.core.dates import end_of_week
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.repeats import RepeatRule
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import pauses_ahead

# Counted and limited in the database: someone with 3,000 open steps gets as few rows as someone with ten.
DUE = """
SELECT part, total, id, title, due_on, goal_id, goal_title, goal_due_on, why, effort_hours, state, done_at, repeats
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
        return f"{reverse('goals:detail', args=[self.goal_id])}#step-{self.id}"

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
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"user": user.pk, "most": most, **days})
        for part, total, *found in cursor.fetchall():
            if part == UNRATED:
                unrated.append(StepRow(*found))
                unrated_count = total
            elif part == UNDATED:
                undated = total
            else:
                steps.setdefault(DuePeriod(part), []).append(StepRow(*found))
                counts[DuePeriod(part)] = total
    return DueSteps(steps, counts, UnratedSteps(unrated, unrated_count), undated)


SPREAD_WEEKS = 4
"""A step is done in the last weeks before it is due, not from today on: a phone call does not take a year."""
WEEK = timedelta(days=7)
DAYS_OF_WEEK = 7
REPEATS_AHEAD = timedelta(days=366)  # of a repeating step; what comes later is too uncertain to plan hours for
QUARTER = Decimal("0.25")  # no one plans by the hundredth of an hour

Load = dict[date, Decimal]
"""Hours by the Monday of the week."""


@dataclass(frozen=True)
class Effort:
    """Hours of a step and its due date. Without a date they belong to no week.

    `weeks`: how many before the due date, with its own, take the hours at most. `is_on_day`: it happens on that day, as
    a course or an interview does.
    """

    hours: Decimal | None
    due_on: date | None
    weeks: int = SPREAD_WEEKS
    is_on_day: bool = False


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def paused_weeks(pauses: Iterable[tuple[date, date]]) -> frozenset[date]:
    """Return the weeks that are wholly inside pauses. A pause is its first and its last day."""
    spans: list[tuple[date, date]] = []
    for first, last in sorted(pauses):
        if spans and first <= spans[-1][1] + timedelta(days=1):  # one follows the other
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        else:
            spans.append((first, last))
    weeks = set()
    for first, last in spans:
        monday = monday_of(first + timedelta(days=6))
        while monday + timedelta(days=6) <= last:
            weeks.add(monday)
            monday += WEEK
    return frozenset(weeks)


def days_left(week: date, today: date) -> int:
    """Return how many days of a week are still to come: 7, and fewer of this week, today included."""
    return min(DAYS_OF_WEEK, (week - today).days + DAYS_OF_WEEK)


def limit_of(week: date, hours_a_week: Decimal, today: date) -> Decimal:
    """Return the hours that a person has in a week: of this week what its last days bring, to a quarter of an hour."""
    share = hours_a_week * days_left(week, today) / DAYS_OF_WEEK
    return hours_a_week if days_left(week, today) == DAYS_OF_WEEK else (share / QUARTER).to_integral_value() * QUARTER


def spread_effort(effort: Effort, today: date, paused: Collection[date] = ()) -> Load:
    """Spread a step's hours over the days from today to the end of its due week, the last four weeks at most.

    What happens on a day takes all its hours in the week of that day. Else weeks in `paused` get nothing, and a late
    step counts in this week, or in the first one after the pause. The parts add up to the hours exactly, and are in
    proportion to the days to a quarter of an hour. Empty without hours or date.
    """
    if not effort.hours or effort.due_on is None:
        return {}
    if effort.is_on_day and effort.due_on >= today:
        return {monday_of(effort.due_on): effort.hours}
    this = monday_of(today)
    while this in paused:
        this += WEEK
    weeks: list[date] = []
    week = max(this, monday_of(effort.due_on))
    while week >= this and len(weeks) < effort.weeks:
        if week not in paused:
            weeks.append(week)
        week -= WEEK
    weeks.reverse()
    days = [days_left(week, today) for week in weeks]
    quarters, rest = divmod(effort.hours, QUARTER)
    ends = [int(quarters) * sum(days[: place + 1]) // sum(days) for place in range(len(weeks))]
    parts = [QUARTER * (end - start) for start, end in zip([0, *ends], ends, strict=False)]
    parts[-1] += rest
    return {week: hours for week, hours in zip(weeks, parts, strict=True) if hours}


def weekly_load(efforts: Iterable[Effort], today: date, paused: Collection[date] = ()) -> Load:
    """Return the hours of all steps by week."""
    load: Load = {}
    for effort in efforts:
        for week, hours in spread_effort(effort, today, paused).items():
            load[week] = load.get(week, Decimal(0)) + hours
    return load


@dataclass(frozen=True)
class Overload:
    """A week with more hours than the user has; `more` counts further such weeks."""

    week: date
    hours: Decimal
    limit: Decimal
    more: int = 0


def overload_after(before: Load, after: Load, hours_a_week: Decimal | None, today: date) -> Overload | None:
    """Return the first week that would exceed its hours and exceeds its present load; None without weekly hours."""
    if hours_a_week is None:
        return None
    limits = {week: limit_of(week, hours_a_week, today) for week in sorted(after)}
    worse = [week for week, limit in limits.items() if after[week] > limit and after[week] > before.get(week, 0)]
    return Overload(worse[0], after[worse[0]], limits[worse[0]], more=len(worse) - 1) if worse else None


@dataclass(frozen=True)
class StepEffort:
    """Hours of an open step, its next due date, and its rule if it repeats until `until`."""

    pk: int
    hours: Decimal | None
    due_on: date | None
    repeats: str = ""
    repeats_from: date | None = None
    until: date | None = None
    is_on_day: bool = False

    def efforts(self, today: date) -> Iterator[Effort]:
        """Yield the effort of each time that it is due, for a year ahead; just one if it does not repeat.

        Each time of a repeating step takes its hours in the weeks since the time before. Of those that are past only
        the last one is still to do.
        """
        rule = RepeatRule.parse(self.repeats)
        if rule is None or self.due_on is None:
            yield Effort(self.hours, self.due_on, is_on_day=self.is_on_day)
            return
        last = min(self.until or date.max, today + REPEATS_AHEAD)
        first = self.due_on if rule.is_by_calendar else max(self.due_on, today)
        days = list(rule.days(first, self.repeats_from or self.due_on, last)) or [first]
        days = days[max(sum(day <= today for day in days) - 1, 0) :]
        between = min((later - day for day, later in pairwise(days)), default=WEEK * SPREAD_WEEKS)
        for day in days:
            yield Effort(self.hours, day, max(1, min(SPREAD_WEEKS, between // WEEK)), self.is_on_day)


def all_efforts(steps: Iterable[StepEffort], today: date) -> list[Effort]:
    """Return the efforts of steps, each time of a repeating one by itself."""
    return [effort for step in steps for effort in step.efforts(today)]


WorkloadCheck = Callable[[StepEffort], Overload | None]
"""Takes the effort of a step; returns the week it would overload."""


def workload_check(user: User, today: date, step: ActionStep | None = None) -> WorkloadCheck:
    """Return a check for forms: would a new step, or `step` with other answers, overload a week?

    The queries run when the check is called: three, or one without weekly hours.
    """

    def ask(entered: StepEffort) -> Overload | None:
        plan = Plan.objects.for_user(user).active().first()
        if plan is None or plan.hours_a_week is None or not entered.hours:
            return None
        rows, paused = open_efforts(plan), weeks_of_pauses(pauses_ahead(plan, today))
        before = weekly_load(all_efforts(rows, today), today, paused)
        others = [row for row in rows if step is None or row.pk != step.pk]
        after = weekly_load(all_efforts([*others, entered], today), today, paused)
        return overload_after(before, after, plan.hours_a_week, today)

    return ask


def weeks_of_pauses(pauses: Iterable[Pause]) -> frozenset[date]:
    return paused_weeks((pause.starts_on, pause.ends_on) for pause in pauses)


def open_efforts(plan: Plan) -> list[StepEffort]:
    """Return the effort of every open step of a plan's active goals. One query."""
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE)
    until = Least("repeats_until", "goal__due_on")  # PostgreSQL leaves a null out
    columns = ("pk", "effort_hours", "due_on", "repeats", "repeats_from", "until", "is_on_day")
    return [StepEffort(*row) for row in steps.annotate(until=until).values_list(*columns)]
