"""Queries of goal lists. Each runs a fixed number of queries, however many goals there are."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.utils import timezone

from accounts.models import User
from careerplan.core.addresses import page_url
from careerplan.core.database import run_prepared
from careerplan.goals.models import Goal
from careerplan.goals.pace import MeasureRange, Pace, pace_of_number, pace_of_steps, share_of, share_of_time_gone
from careerplan.goals.texts import lead_text, progress_text, steps_text

SHOWN = 15  # per area on a page, so that the page stays under 60 kB even with long titles
MOST_PACED = 300  # open goals of which the list says how many are on track: that needs the steps of each

# One statement instead of the ORM's four: per goal the newest entry, the steps and the next of them, each found through
# an index. It reads nothing of other users. The server keeps its plan.
ROWS = """
SELECT g.id, g.title::text, g.area::text, g.measure_kind::text, g.unit::text, g.start_value, g.target_value,
       g.starts_on, g.due_on, r.value, s.done, s.open, s.late, s.undated, s.open_days[1], s.next_id,
       s.next_title::text, s.open_days[1:%(marks)s],
       g.total, g.total_late, g.asking
FROM (
  SELECT goal.*, count(*) OVER () AS total, count(*) FILTER (WHERE goal.due_on < %(today)s) OVER () AS total_late,
         jsonb_agg(jsonb_build_array(goal.stop_on, goal.id, goal.title)) FILTER (
           WHERE goal.stop_on <= %(today)s AND goal.stop_answered_at IS NULL
         ) OVER () AS asking,
         row_number() OVER (PARTITION BY goal.area ORDER BY goal.due_on, goal.id) AS place
  FROM plans_plan p
  JOIN goals_goal goal ON goal.plan_id = p.id AND goal.state = 'active'
  WHERE p.user_id = %(user)s AND p.state = 'active' AND (%(only)s::bigint[] IS NULL OR goal.id = ANY(%(only)s))
  ORDER BY goal.due_on, goal.id
  LIMIT %(most)s
) g
LEFT JOIN LATERAL (
  SELECT value FROM goals_progressentry
  WHERE goal_id = g.id AND removed_at IS NULL ORDER BY measured_on DESC, id DESC LIMIT 1
) r ON g.measure_kind = 'number'
LEFT JOIN LATERAL (
  SELECT count(*) FILTER (WHERE state = 'done') AS done,
         count(*) FILTER (WHERE state IN ('to_do', 'in_progress')) AS open,
         count(*) FILTER (WHERE state IN ('to_do', 'in_progress') AND due_on < %(today)s) AS late,
         count(*) FILTER (WHERE state IN ('to_do', 'in_progress') AND due_on IS NULL) AS undated,
         array_agg(due_on ORDER BY due_on, id) FILTER (WHERE is_next) AS open_days,
         (array_agg(id ORDER BY due_on, id) FILTER (WHERE is_next))[1] AS next_id,
         (array_agg(title ORDER BY due_on, id) FILTER (WHERE is_next))[1] AS next_title
  FROM (
    SELECT id, title, state, due_on, state IN ('to_do', 'in_progress') AND due_on IS NOT NULL AS is_next
    FROM goals_actionstep WHERE goal_id = g.id
  ) step
) s ON true
WHERE g.place > %(after)s AND g.place <= %(until)s
ORDER BY g.due_on, g.id
"""


class NextStep(NamedTuple):
    """The open step of a goal that is due first. Steps without a due date do not count."""

    id: int
    title: str
    due_on: date


@dataclass(frozen=True, slots=True)
class GoalRow:
    """An active goal in a list: its progress, its time and its next step. Shares in whole per cent.

    `share_done` is that of the number (then it has a `measure_range`, and `value` is the newest one), or of the steps
    for a yes/no goal. Dropped steps do not count. `next_step` has a date, and `steps_undated` counts open
    steps without one.
    """

    id: int
    title: str
    area: str
    measure_range: MeasureRange | None
    value: Decimal | None
    unit: str
    starts_on: date
    due_on: date
    share_done: int
    time_gone: int
    state: Pace
    steps_done: int
    steps_open: int
    steps_undated: int
    next_step: NextStep | None
    open_days: Sequence[date] = ()  # due dates of its open steps, as many as requested

    @property
    def url(self) -> str:
        return page_url("goals:detail", self.id)

    @property
    def record_url(self) -> str:
        """Return the page for recording a number."""
        return page_url("goals:record", self.id)

    @property
    def is_number(self) -> bool:
        """Return whether the goal is measured with a number."""
        return self.measure_range is not None

    @property
    def words(self) -> str:
        """Return the progress in words."""
        if self.measure_range is None or self.value is None:
            return steps_text(self.steps_done, self.steps_all)
        return progress_text(self.value, self.measure_range, self.unit)

    @property
    def steps_all(self) -> int:
        """Return how many steps count."""
        return self.steps_done + self.steps_open


class GoalWithDueStopRule(NamedTuple):
    """A goal whose stop rule is due and not answered."""

    id: int
    title: str

    @property
    def url(self) -> str:
        return page_url("goals:detail", self.id)


@dataclass(frozen=True, slots=True)
class FirstGoalRows:
    """The first active goals, the number of all and of those past their due date, and all goals whose stop rule is
    due, oldest first.
    """

    rows: list[GoalRow]
    count: int
    late: int
    asking: list[GoalWithDueStopRule]


@dataclass(frozen=True, slots=True)
class ClosedGoalRow:
    """A closed goal. `worth`: 1 to 5, if it was rated."""

    id: int
    title: str
    area: str
    state: str
    closed_at: datetime
    worth: int | None

    @property
    def url(self) -> str:
        """Return the page on how it went, or of a goal that was let go."""
        return page_url("goals:how-it-went" if self.state in Goal.LOOKED_BACK_ON else "goals:detail", self.id)

    @property
    def closed_on(self) -> date:
        """Return the day it was closed, in the user's time zone."""
        return timezone.localdate(self.closed_at)

    @property
    def state_label(self) -> str:
        """Return reached, partly reached or let go."""
        return str(Goal.State(self.state).label)

    @property
    def area_label(self) -> str:
        """Return professional or personal."""
        return str(Goal.Area(self.area).label)


def goal_rows(user: User, today: date, *, only: Sequence[int] | None = None) -> list[GoalRow]:
    """Return the active goals of the active plan by due date, each with its newest entry and next step; `only` those
    with these ids. One query.
    """
    return _rows(user, today, only=only).rows


def first_goal_rows(user: User, today: date, *, most: int, marks: int) -> FirstGoalRows:
    """Return the first active goals, a limited number, each with the due dates of its next steps, and totals of all
    goals. One query.
    """
    return _rows(user, today, most=most, marks=marks)


ALL: dict[str, Any] = {"most": None, "marks": 0, "only": None, "after": 0, "until": 2**31 - 1}


def _rows(user: User, today: date, **bounds: Any) -> FirstGoalRows:
    """Return rows in bounds: `most` of all, `only` these ids, of each area those `after` a place `until` another."""
    values = {"user": user.pk, "today": today, **ALL, **bounds}
    values["only"] = None if values["only"] is None else list(values["only"])
    found = run_prepared(ROWS, values)
    if not found:
        return FirstGoalRows([], 0, 0, [])
    count, late, asking = found[0][-3], found[0][-2], json.loads(found[0][-1] or "[]")
    return FirstGoalRows(
        rows=[_row(row[:-3], today) for row in found],
        count=count,
        late=late,
        asking=[GoalWithDueStopRule(pk, title) for _stop_on, pk, title in sorted(asking)],
    )


def _row(found: Sequence[Any], today: date) -> GoalRow:
    pk, title, area, kind, unit, start, target, starts_on, due_on, value, *steps = found
    done, still_open, late, undated, next_due_on, next_id, next_title, open_days = steps
    time_gone = share_of_time_gone(starts_on, due_on, today)
    now = start if value is None else value
    measure_range = MeasureRange(starts_on, due_on, start, target) if kind == Goal.MeasureKind.NUMBER else None
    if measure_range:
        share_done = measure_range.share_done(now)
        state = pace_of_number(share_done=share_done, time_gone=time_gone, due_on=due_on, today=today)
    else:
        share_done = share_of(done, done + still_open)
        state = pace_of_steps(late=late, oldest_due_on=next_due_on, due_on=due_on, today=today)
    return GoalRow(
        id=pk,
        title=title,
        area=area,
        measure_range=measure_range,
        value=now,
        unit=unit,
        starts_on=starts_on,
        due_on=due_on,
        share_done=share_done,
        time_gone=time_gone,
        state=state,
        steps_done=done,
        steps_open=still_open,
        steps_undated=undated,
        next_step=NextStep(next_id, next_title, next_due_on) if next_id else None,
        open_days=open_days or (),
    )


def closed_rows(user: User, part: slice) -> list[ClosedGoalRow]:
    """Return a part of the closed goals of the active plan, last closed first. One query."""
    goals = _of_active_plan(user).exclude(state=Goal.State.ACTIVE)
    columns = ("id", "title", "area", "state", "closed_at", "worth")
    return [ClosedGoalRow(*found) for found in goals.order_by("-closed_at", "-id").values_list(*columns)[part]]


def _of_active_plan(user: User) -> QuerySet[Goal]:
    return Goal.objects.for_user(user).filter(plan__state="active")


@dataclass(frozen=True)
class GoalColumn:
    """The goals of one area that a page shows."""

    label: str
    rows: list[GoalRow]


@dataclass(frozen=True)
class GoalList:
    """One page of the list: professional and personal goals beside each other, then closed goals. `lead` sums up
    all.
    """

    lead: str
    columns: list[GoalColumn]
    closed: list[ClosedGoalRow]
    only_reached: bool
    numbered: Page[int]

    @property
    def is_empty(self) -> bool:
        """Return whether the plan has no goal at all."""
        return not self.numbered.paginator.count


def load_goal_list(user: User, today: date, page: str | None) -> GoalList:
    """Load a page of the goal list; `page` is the number in the URL. Three queries.

    Of up to MOST_PACED open goals all are read, and `lead` says how many are on track. Of more only those of the page
    are.
    """
    counted = _of_active_plan(user).order_by().values("state", "area").annotate(count=Count("pk"))
    by_state: Counter[str] = Counter()
    by_area = dict.fromkeys(map(str, Goal.Area), 0)
    for state, area, count in counted.values_list("state", "area", "count"):
        if state == Goal.State.ACTIVE:
            by_area[area] += count
        else:
            by_state[state] += count
    longest = max(by_state.total(), *by_area.values())
    numbered = Paginator(range(longest), SHOWN).get_page(page)
    part = slice(numbered.start_index() - 1 if longest else 0, numbered.end_index())
    is_paced = sum(by_area.values()) <= MOST_PACED
    rows = _rows(user, today, **({} if is_paced else {"after": part.start, "until": part.stop})).rows
    shown = {area: [row for row in rows if row.area == area] for area in Goal.Area}
    return GoalList(
        lead=lead_text(sum(by_area.values()), Counter(row.state for row in rows) if is_paced else {}, by_state),
        columns=[GoalColumn(str(area.label), some[part] if is_paced else some) for area, some in shown.items()],
        closed=closed_rows(user, part),
        only_reached=set(by_state) <= {Goal.State.REACHED},
        numbered=numbered,
    )


def active_goals_by_purpose(user: User) -> tuple[dict[int, Goal], dict[str, Goal]]:
    """Return the active goal that builds each skill, by skill id, and the one that grew from each task, by its text;
    the first due if there are several. One query.
    """
    goals = Goal.objects.for_user(user).active().filter(plan__state="active").order_by("due_on", "id")
    by_skill: dict[int, Goal] = {}
    by_task: dict[str, Goal] = {}
    for skill_id, task, pk, title in goals.values_list("skills", "origin_task", "pk", "title"):
        if skill_id is not None:
            by_skill.setdefault(skill_id, Goal(pk=pk, title=title))
        if task:
            by_task.setdefault(task, Goal(pk=pk, title=title))
    return by_skill, by_task


def active_goals_by_skill(user: User) -> dict[int, Goal]:
    """Return the active goal that builds each skill, by skill id; the first due if there are several. One query."""
    return active_goals_by_purpose(user)[0]
