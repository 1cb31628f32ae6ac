"""Queries of pauses: what a pause would move, and which steps to catch up on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Pause, Plan

CATCH_UP_AHEAD = timedelta(days=14)
CATCH_UP_MOST = 100  # steps per page
RETURNED_LATELY = timedelta(days=30)
"""How long after a pause we suggest catching up."""
LATE_PILES_UP = 5
"""Number of late steps from which we also suggest it."""


@dataclass(frozen=True)
class DateMove:
    """A date that would move."""

    title: str
    kind: str  # "goal", "step" or "stop"
    day_from: date
    day_to: date


@dataclass(frozen=True)
class PausePreview:
    """All dates that would move, nearest first, and how many are late and do not move."""

    rows: list[DateMove]
    late: int


def later(day: date, days: int) -> date:
    """Return a date a number of days later, at most the last date of the calendar."""
    return day + timedelta(days=min(days, (date.max - day).days))


def preview_pause(plan: Plan, starts_on: date, ends_on: date) -> PausePreview:
    """Return what services.start_pause would move: every open date on or after the first day. Two queries."""
    days = (ends_on - starts_on).days + 1
    dates: list[tuple[date, str, str]] = []
    goals = list(Goal.objects.active().filter(plan=plan))
    dates += [(goal.due_on, "goal", goal.title) for goal in goals]
    dates += [(goal.stop_on, "stop", goal.title) for goal in goals if goal.stop_on and not goal.stop_answered_at]
    steps = ActionStep.objects.open().filter(goal__plan=plan, goal__state=Goal.State.ACTIVE)
    dates += [(due_on, "step", title) for due_on, title in steps.values_list("due_on", "title")]
    moving = sorted(row for row in dates if row[0] >= starts_on)
    return PausePreview(
        [DateMove(title, kind, day, later(day, days)) for day, kind, title in moving], len(dates) - len(moving)
    )


def overlapping_pause(plan: Plan, starts_on: date, ends_on: date) -> Pause | None:
    """Return a pause of the plan that overlaps these dates. One query."""
    return plan.pauses.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first()


@dataclass(frozen=True)
class CatchUpDue:
    """Reasons to catch up: a pause that ended, late steps, or both."""

    pause: Pause | None
    late: int


def catch_up_due(user: User, today: date) -> CatchUpDue | None:
    """Return whether the user should catch up on `today` (their local date). Two queries."""
    late = _open_steps(user).filter(due_on__lt=today).count()
    return pause_and_catch_up(user, today, late)[1]


def pause_and_catch_up(user: User, today: date, late: int) -> tuple[Pause | None, CatchUpDue | None]:
    """Return the current pause, or the reasons to catch up, never both. `late`: number of late steps. One query.

    Reasons: a pause that ended within the last 30 days without catching up since, or five or more late steps.
    """
    since = today - RETURNED_LATELY
    pauses = Pause.objects.for_user(user).of_active_plans()
    recent = list(pauses.filter(starts_on__lte=today, ends_on__gte=since).order_by("-ends_on"))
    now = next((pause for pause in recent if pause.ends_on >= today), None)
    if now:
        return now, None
    ended = next((pause for pause in recent if pause.caught_up_at is None), None)
    return None, CatchUpDue(ended, late) if ended or late >= LATE_PILES_UP else None


def steps_to_catch_up(user: User, today: date) -> list[ActionStep]:
    """Return open steps that are late or due in the next 14 days, nearest first, with their goals. One query."""
    near = _open_steps(user).filter(due_on__lte=today + CATCH_UP_AHEAD)
    return list(near.select_related("goal").order_by("due_on", "id")[:CATCH_UP_MOST])


def one_week_later(step: ActionStep, today: date) -> date | None:
    """Return a date a week later than the step's date or today, at most the goal's due date.

    None if that is no later than now: then the goal has to move first.
    """
    day = min(later(max(step.due_on, today), 7), step.goal.due_on)
    return day if day > max(step.due_on, today - timedelta(days=1)) else None


def _open_steps(user: User) -> QuerySet[ActionStep]:
    """Return open steps of the active goals of the active plan."""
    steps = ActionStep.objects.for_user(user).open()
    return steps.filter(goal__state=Goal.State.ACTIVE, goal__plan__state=Plan.State.ACTIVE)
