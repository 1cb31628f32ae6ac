"""Queries of the plan page and of earlier plans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.agenda import (
    WEEK,
    all_efforts,
    limit_of,
    monday_of,
    open_efforts,
    weekly_load,
    weeks_of_pauses,
)
from careerplan.planning.queries.catch_up import CatchUpDue, catch_up_due
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import active_plan, archived_plans, pauses_ahead

SHOWN_WEEKS = 12


@dataclass(frozen=True)
class WeekLoad:
    """A week with its hours and their limit, and its bar in per cent of the longest one."""

    monday: date
    hours: Decimal
    limit: Decimal | None
    is_overfull: bool
    is_paused: bool
    bar: float


@dataclass(frozen=True)
class PlanLoad:
    """The next weeks and the weekly limit. `later`: hours after the weeks shown. `undated` counts steps without a day,
    which belong to no week.
    """

    weeks: list[WeekLoad]
    limit: Decimal | None
    limit_at: float | None
    unknown: int
    later: Decimal
    undated: int = 0

    @property
    def overfull(self) -> list[WeekLoad]:
        """Return weeks over the limit."""
        return [week for week in self.weeks if week.is_overfull]

    @property
    def has_hours(self) -> bool:
        """Return whether there is anything to draw."""
        return any(week.hours for week in self.weeks)


@dataclass(frozen=True)
class PlanPage:
    """Content of the plan page."""

    plan: Plan
    load: PlanLoad
    pauses: list[Pause]
    catch_up: CatchUpDue | None
    archived: list[Plan]


def load_plan_page(user: User, today: date) -> PlanPage | None:
    """Load the active plan with its weekly load; None without a plan. Six queries."""
    plan = active_plan(user)
    if plan is None:
        return None
    pauses = pauses_ahead(plan, today)
    return PlanPage(
        plan=plan,
        load=plan_load(plan, today, pauses),
        pauses=pauses,
        catch_up=catch_up_due(user, today),
        archived=archived_plans(user),
    )


@dataclass(frozen=True)
class EarlierPlan:
    """An archived plan with its goals; `came_along`: ids of goals that moved to the next plan."""

    plan: Plan
    goals: list[Goal]
    came_along: set[int]


def load_earlier_plan(plan: Plan) -> EarlierPlan:
    """Load an archived plan with its goals and their steps. Three queries."""
    steps = ActionStep.objects.exclude(state=ActionStep.State.DROPPED).order_by("position")
    goals = list(plan.goals.prefetch_related(Prefetch("steps", queryset=steps)))
    carried = Goal.objects.filter(carried_from__in=[goal.pk for goal in goals])
    return EarlierPlan(plan, goals, set(carried.values_list("carried_from_id", flat=True)))


def goals_with_a_step(plan: Plan) -> list[tuple[Goal, bool]]:
    """Return the active goals of a plan, and whether each has an open step, which it needs to move to a new plan.
    Two queries.
    """
    goals = list(plan.goals.active())
    open_steps = ActionStep.objects.open().filter(goal__plan=plan)
    having = set(open_steps.values_list("goal_id", flat=True))
    return [(goal, goal.pk in having) for goal in goals]


def plan_load(plan: Plan, today: date, pauses: Iterable[Pause]) -> PlanLoad:
    """Return the hours of open steps in the next twelve weeks, starting with this one; none in paused weeks. One query.

    `pauses`: current and planned pauses. `unknown` counts open steps without hours.
    """
    paused = weeks_of_pauses(pauses)
    steps = open_efforts(plan)
    load, limit = weekly_load(all_efforts(steps, today), today, paused), plan.hours_a_week
    mondays = [monday_of(today) + WEEK * place for place in range(SHOWN_WEEKS)]
    hours = [load.get(monday, Decimal(0)) for monday in mondays]
    longest = max([*hours, limit or Decimal(0), Decimal(1)])
    weeks = [
        WeekLoad(
            monday=monday,
            hours=each,
            limit=None if limit is None else limit_of(monday, limit, today),
            is_overfull=limit is not None and each > limit_of(monday, limit, today),
            is_paused=monday in paused,
            bar=round(float(100 * each / longest), 2),
        )
        for monday, each in zip(mondays, hours, strict=True)
    ]
    return PlanLoad(
        weeks=weeks,
        limit=limit,
        limit_at=None if limit is None else round(float(100 * limit / longest), 2),
        unknown=sum(step.hours is None for step in steps),
        later=sum(load.values(), Decimal(0)) - sum(hours, Decimal(0)),
        undated=sum(step.due_on is None for step in steps),
    )
