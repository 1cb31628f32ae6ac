"""Hours of open steps per week, and the week that a step would overload.

A week runs from Monday to Sunday and is named by its Monday. Effort and load are in hours.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import pauses_ahead

SPREAD_WEEKS = 4
"""A step is done in the last weeks before it is due, not from today on: a phone call does not take a year."""
WEEK = timedelta(days=7)
QUARTER = Decimal("0.25")  # no one plans by the hundredth of an hour

Load = dict[date, Decimal]
"""Hours by the Monday of the week."""


@dataclass(frozen=True)
class Effort:
    """Hours of a step and its due date."""

    hours: Decimal | None
    due_on: date


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


def spread_effort(effort: Effort, today: date, paused: Collection[date] = ()) -> Load:
    """Spread a step's hours evenly over the weeks from this one to its due week, the last four at most.

    Weeks in `paused` get nothing. A late step counts in this week, or in the first one after the pause. The parts add
    up to the hours exactly: they differ by a quarter of an hour at most, with more in the earlier weeks. Empty without
    hours.
    """
    if not effort.hours:
        return {}
    this = monday_of(today)
    while this in paused:
        this += WEEK
    weeks: list[date] = []
    week = max(this, monday_of(effort.due_on))
    while week >= this and len(weeks) < SPREAD_WEEKS:
        if week not in paused:
            weeks.append(week)
        week -= WEEK
    quarters, rest = divmod(effort.hours, QUARTER)
    each, more = divmod(int(quarters), len(weeks))
    parts = [QUARTER * (each + (place < more)) for place in range(len(weeks))]
    parts[more] += rest
    return {week: hours for week, hours in zip(reversed(weeks), parts, strict=True) if hours}


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


def overload_after(before: Load, after: Load, limit: Decimal | None) -> Overload | None:
    """Return the first week that would exceed `limit` hours and exceeds its present load; None without a limit."""
    if limit is None:
        return None
    worse = [week for week, hours in sorted(after.items()) if hours > limit and hours > before.get(week, 0)]
    return Overload(worse[0], after[worse[0]], limit, more=len(worse) - 1) if worse else None


WorkloadCheck = Callable[[Decimal | None, date], Overload | None]
"""Takes the hours and the due date of a step; returns the week it would overload."""


def workload_check(user: User, today: date, step: ActionStep | None = None) -> WorkloadCheck:
    """Return a check for forms: would a new step, or `step` with other answers, overload a week?

    The queries run when the check is called: three, or one without weekly hours.
    """

    def ask(hours: Decimal | None, due_on: date) -> Overload | None:
        plan = Plan.objects.for_user(user).active().first()
        if plan is None or plan.hours_a_week is None or not hours:
            return None
        rows, paused = _open_efforts(plan), _weeks_of(pauses_ahead(plan, today))
        before = weekly_load([Effort(known, due) for _pk, known, due in rows], today, paused)
        others = [Effort(known, due) for pk, known, due in rows if step is None or pk != step.pk]
        return overload_after(before, weekly_load([*others, Effort(hours, due_on)], today, paused), plan.hours_a_week)

    return ask


def _weeks_of(pauses: Iterable[Pause]) -> frozenset[date]:
    return paused_weeks((pause.starts_on, pause.ends_on) for pause in pauses)


def _open_efforts(plan: Plan) -> list[tuple[int, Decimal | None, date]]:
    """Return id, hours and due date of every open step of a plan's active goals."""
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE)
    return list(steps.values_list("pk", "effort_hours", "due_on"))
