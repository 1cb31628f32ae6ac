"""The load of the weeks to come, and whether a step would make one overfull."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import User
from careerplan.goals.capacity import (
    SHOWN_WEEKS,
    WEEK,
    Effort,
    Overfull,
    load_of,
    made_overfull,
    monday_of,
    paused_weeks,
)
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import pauses_ahead

AsksLoad = Callable[[Decimal | None, date], Overfull | None]
"""Takes the hours and the due date of a step that is about to be saved; gives the week it would overfill."""


@dataclass(frozen=True)
class WeekLoad:
    """One week: its hours, and how they are drawn (per cent of the longest bar)."""

    monday: date
    hours: Decimal
    is_overfull: bool
    is_paused: bool
    bar: float


@dataclass(frozen=True)
class PlanLoad:
    """The next weeks against what somebody has. `later`: hours that lie beyond the weeks shown."""

    weeks: list[WeekLoad]
    limit: Decimal | None
    limit_at: float | None
    unknown: int
    later: Decimal

    @property
    def overfull(self) -> list[WeekLoad]:
        """Weeks that hold more than there is."""
        return [week for week in self.weeks if week.is_overfull]

    @property
    def has_hours(self) -> bool:
        """Whether there is anything to draw."""
        return any(week.hours for week in self.weeks)


def plan_load(plan: Plan, today: date, pauses: Iterable[Pause]) -> PlanLoad:
    """Hours of the open steps in the next twelve weeks, this one first; none in weeks of a pause. One query.

    `pauses`: the one that is on and those that are planned. `unknown` counts open steps whose effort was not said.
    """
    paused = _weeks_of(pauses)
    efforts = [Effort(hours, due_on) for _pk, hours, due_on in _open_efforts(plan)]
    load, limit = load_of(efforts, today, paused), plan.hours_a_week
    mondays = [monday_of(today) + WEEK * place for place in range(SHOWN_WEEKS)]
    hours = [load.get(monday, Decimal(0)) for monday in mondays]
    longest = max([*hours, limit or Decimal(0), Decimal(1)])
    weeks = [
        WeekLoad(
            monday=monday,
            hours=each,
            is_overfull=limit is not None and each > limit,
            is_paused=monday in paused,
            bar=round(float(100 * each / longest), 2),
        )
        for monday, each in zip(mondays, hours, strict=True)
    ]
    return PlanLoad(
        weeks=weeks,
        limit=limit,
        limit_at=None if limit is None else round(float(100 * limit / longest), 2),
        unknown=sum(effort.hours is None for effort in efforts),
        later=sum(load.values(), Decimal(0)) - sum(hours, Decimal(0)),
    )


def asks_load(user: User, today: date, step: ActionStep | None = None) -> AsksLoad:
    """What a form asks before it saves a step: a new one, or `step` with other answers.

    Asked once a form is sent, so it costs nothing before: three queries, one where no hours a week are said.
    """

    def ask(hours: Decimal | None, due_on: date) -> Overfull | None:
        plan = Plan.objects.for_user(user).active().first()
        if plan is None or plan.hours_a_week is None or not hours:
            return None
        rows, paused = _open_efforts(plan), _weeks_of(pauses_ahead(plan, today))
        before = load_of([Effort(known, due) for _pk, known, due in rows], today, paused)
        others = [Effort(known, due) for pk, known, due in rows if step is None or pk != step.pk]
        return made_overfull(before, load_of([*others, Effort(hours, due_on)], today, paused), plan.hours_a_week)

    return ask


def _weeks_of(pauses: Iterable[Pause]) -> frozenset[date]:
    return paused_weeks((pause.starts_on, pause.ends_on) for pause in pauses)


def _open_efforts(plan: Plan) -> list[tuple[int, Decimal | None, date]]:
    """Id, effort and due date of every open step of a plan's active goals."""
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE)
    return list(steps.values_list("pk", "effort_hours", "due_on"))
