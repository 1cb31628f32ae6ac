"""Queries of pauses: what a pause would move, and which pauses it would overlap."""

from dataclasses import dataclass
from datetime import date, timedelta

from careerplan.core.dates import later
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan


@dataclass(frozen=True)
class DateMove:
    """A date that would move."""

    title: str
    kind: str  # "goal", "step", "stop", or "until" for the last possible day of a repeating step
    day_from: date
    day_to: date


@dataclass(frozen=True)
class PausePreview:
    """All dates that would move, nearest first, and how many are late and do not move."""

    rows: list[DateMove]
    late: int


def preview_pause(plan: Plan, starts_on: date, ends_on: date) -> PausePreview:
    """Return what services.start_pause would move: every open date on or after the first day. Two queries."""
    days = (ends_on - starts_on).days + 1
    dates: list[tuple[date, str, str]] = []
    goals = list(Goal.objects.active().filter(plan=plan))
    dates += [(goal.due_on, "goal", goal.title) for goal in goals]
    dates += [(goal.stop_on, "stop", goal.title) for goal in goals if goal.stop_on and not goal.stop_answered_at]
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE)
    rows = steps.values_list("due_on", "title", "repeats_until")
    dated = [(due_on, title, until) for due_on, title, until in rows if due_on]
    dates += [(due_on, "step", title) for due_on, title, _until in dated]
    moving = [row for row in dates if row[0] >= starts_on]
    late = len(dates) - len(moving)
    moving += [(until, "until", title) for due_on, title, until in dated if until and due_on >= starts_on]
    return PausePreview([DateMove(title, kind, day, later(day, days)) for day, kind, title in sorted(moving)], late)


def overlapping_pause(plan: Plan, starts_on: date, ends_on: date) -> Pause | None:
    """Return a pause of the plan that overlaps these dates. One query."""
    return plan.pauses.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()


def one_week_later(step: ActionStep, today: date) -> date | None:
    """Return a date a week later than the step's date (if it has one) or today, at most its last possible day
    (`ActionStep.last_day`).

    None if that is no later than now: then the goal, or the day until which it repeats, has to move first.
    """
    due_on = step.due_on or today
    day = min(later(max(due_on, today), 7), step.last_day())
    return day if day > max(due_on, today - timedelta(days=1)) else None
