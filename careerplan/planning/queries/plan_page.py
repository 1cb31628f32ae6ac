"""Queries of the plan page and of earlier plans."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.queries.agenda import StepRow
from careerplan.goals.queries.missing import FirstMissing, load_first_missing
from careerplan.goals.queries.step_list import STEP_COLUMNS
from careerplan.goals.queries.workload import (
    WEEK,
    all_efforts,
    limit_of,
    monday_of,
    open_efforts,
    weekly_load,
    weeks_of_pauses,
)
from careerplan.planning.queries.catch_up import CatchUpDue, pause_and_catch_up
from careerplan.planning.queries.plan_content import PlanGoal, load_plan_goals
from careerplan.planning.timeline import SHOWN_LANES, GoalTimeline, build_timeline
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import active_plan, archived_plans, pauses_ahead

SHOWN_WEEKS = 8
SHOWN_STEPS = 3
SHOWN_NEEDS = 4


@dataclass(frozen=True)
class WeekLoad:
    """A week with its hours and their limit, which is less for what is left of this week.

    `bar` is the hours in per cent of the longest week, `over` the part of them above the limit, `limit_top` where the
    limit is from the top; None without one.
    """

    monday: date
    hours: Decimal
    limit: Decimal | None
    is_overfull: bool
    is_paused: bool
    bar: float
    over: float = 0.0
    limit_top: float | None = None

    @property
    def top(self) -> float:
        """Return where the bar begins, in per cent from the top."""
        return round(100 - self.bar, 2)


@dataclass(frozen=True)
class PlanLoad:
    """The next weeks and the weekly limit. `later`: hours after the weeks shown. `undated` counts steps without a day,
    which belong to no week.
    """

    weeks: list[WeekLoad]
    limit: Decimal | None
    unknown: int
    later: Decimal
    undated: int = 0

    @property
    def limit_now(self) -> Decimal | None:
        """Return the limit of what is left of this week, if that is less than a week."""
        now = self.weeks[0].limit
        return None if now == self.limit else now

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
    """Content of the plan page. `goals` counts the active goals, `late` those past their due date, `steps` the open
    steps of all of them; `timeline` is None without goals.
    """

    plan: Plan
    timeline: GoalTimeline[PlanGoal] | None
    goals: int
    late: int
    next_steps: list[StepRow]
    steps: int
    load: PlanLoad
    needs: FirstMissing
    pauses: list[Pause]
    catch_up: CatchUpDue | None
    archived: list[Plan]


def load_plan_page(user: User, today: date) -> PlanPage | None:
    """Load the active plan as its page shows it; None without a plan. Eleven queries, however long the plan."""
    plan = active_plan(user)
    if plan is None:
        return None
    pauses = pauses_ahead(plan, today)
    goals = Goal.objects.active().filter(plan=plan)
    counts = _count(goals, today)
    lanes = load_plan_goals(goals.order_by("due_on", "pk")[:SHOWN_LANES], today)
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE)
    return PlanPage(
        plan=plan,
        timeline=build_timeline(lanes, today, count=counts["goals"]) if lanes else None,
        goals=counts["goals"],
        late=counts["late"],
        next_steps=[StepRow(*row) for row in steps.order_by("due_on", "pk").values_list(*STEP_COLUMNS)[:SHOWN_STEPS]],
        steps=counts["open_steps"],
        load=plan_load(plan, today, pauses),
        needs=load_first_missing(user, SHOWN_NEEDS),
        pauses=pauses,
        catch_up=pause_and_catch_up(user, today, counts["late"] + counts["late_steps"])[1],
        archived=archived_plans(user),
    )


def _count(goals: QuerySet[Goal], today: date) -> dict[str, int]:
    """Return the number of goals and of their open steps, and how many of each are late. One query."""
    is_open = Q(steps__state__in=ActionStep.OPEN_STATES)
    return goals.aggregate(
        goals=Count("pk", distinct=True),
        late=Count("pk", filter=Q(due_on__lt=today), distinct=True),
        open_steps=Count("steps", filter=is_open),
        late_steps=Count("steps", filter=is_open & Q(steps__due_on__lt=today)),
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


who_sees_goals: list[Callable[[Plan], list[str]]] = []
"""Who sees goals of a plan, by name, as apps above this one tell it; each adds its own in `AppConfig.ready`."""


def goals_with_a_step(plan: Plan) -> list[tuple[Goal, bool]]:
    """Return the active goals of a plan, and whether each has an open step, which it needs to move to a new plan.
    Two queries.
    """
    goals = list(plan.goals.active())
    open_steps = ActionStep.objects.open().filter(goal__plan=plan)
    having = set(open_steps.values_list("goal_id", flat=True))
    return [(goal, goal.pk in having) for goal in goals]


def plan_load(plan: Plan, today: date, pauses: Iterable[Pause]) -> PlanLoad:
    """Return the hours of open steps in the next weeks, starting with this one; none in paused weeks. One query.

    `pauses`: current and planned pauses. `unknown` counts open steps without hours.
    """
    paused = weeks_of_pauses(pauses)
    steps = open_efforts(plan)
    load, limit = weekly_load(all_efforts(steps, today), today, paused), plan.hours_a_week
    mondays = [monday_of(today) + WEEK * place for place in range(SHOWN_WEEKS)]
    hours = [load.get(monday, Decimal(0)) for monday in mondays]
    longest = max([*hours, limit or Decimal(0), Decimal(1)])
    weeks = [
        _week(
            monday, each, None if limit is None else limit_of(monday, limit, today), longest, is_paused=monday in paused
        )
        for monday, each in zip(mondays, hours, strict=True)
    ]
    return PlanLoad(
        weeks=weeks,
        limit=limit,
        unknown=sum(step.hours is None for step in steps),
        later=sum(load.values(), Decimal(0)) - sum(hours, Decimal(0)),
        undated=sum(step.due_on is None for step in steps),
    )


def _week(monday: date, hours: Decimal, limit: Decimal | None, longest: Decimal, *, is_paused: bool) -> WeekLoad:
    def share(part: Decimal) -> float:
        return round(float(100 * part / longest), 2)

    return WeekLoad(
        monday=monday,
        hours=hours,
        limit=limit,
        is_overfull=limit is not None and hours > limit,
        is_paused=is_paused,
        bar=share(hours),
        over=0.0 if limit is None else share(max(hours - limit, Decimal(0))),
        limit_top=None if limit is None or is_paused else share(longest - limit),
    )
