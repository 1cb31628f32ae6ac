"""Hours of open steps by week, and the first week that would have more than the user has.

A week is Monday to Sunday and is named by its Monday. Effort and load are in hours.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db.models.functions import Least

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.repeats import RepeatRule
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import pauses_ahead

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

    @classmethod
    def of_step(cls, step: ActionStep, due_on: date | None) -> "StepEffort":
        """Return the effort of a step with its goal, if it were due on `due_on` next; its rule stays."""
        repeats = (step.repeats, step.repeats_from, step.last_day())
        return cls(step.pk, step.effort_hours, due_on, *repeats, is_on_day=step.is_on_day)

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
