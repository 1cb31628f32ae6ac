"""Pause and shift: everything open moves by the length of the pause, in order; coming back early moves it back.

What moves is every open date on or after the first day of the pause: the due dates of active goals and of their
open steps, and the day of a stop rule that was not answered. What is due before that day was late when the
pause began and stays late: a pause is no way to make what was missed look timely.

A date that a pause moved is known by the moment it was set at: `due_set_at` is the pause's `made_at`. Whoever
moved it again since, or wrote it down during the pause, has chosen that day, and it stays.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Max, Q, Value

from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.queries.pause import later, pause_in
from careerplan.goals.services.whole import locked_whole
from careerplan.plans.models import Pause, Plan

MOST_DAYS = 731  # two years: whoever is away longer begins a new chapter


class PauseOverlaps(Exception):
    """There is a pause already in these days; `pause` is that one."""

    def __init__(self, pause: Pause) -> None:
        super().__init__(str(pause))
        self.pause = pause


@dataclass(frozen=True, kw_only=True)
class PauseData:
    """What somebody says about a pause. Both days belong to it."""

    starts_on: date
    ends_on: date
    reason: Pause.Reason
    note: str = ""


def steps_to_move(plan: Plan, starts_on: date) -> Q:
    """Which steps a pause from `starts_on` moves."""
    return Q(goal__plan=plan, goal__state=Goal.State.ACTIVE, state__in=ActionStep.OPEN_STATES, due_on__gte=starts_on)


@transaction.atomic
def start_pause(*, plan: Plan, form_key: UUID, data: PauseData, now: datetime) -> Pause:
    """Pause the plan and move what is open. Idempotent: the same form sent twice pauses once.

    Raises PauseOverlaps, PlanIsArchived.
    """
    plan, goals = locked_whole(plan)
    made = plan.pauses.filter(form_key=form_key).first()
    if made and (made.starts_on, made.ends_on) == (data.starts_on, data.ends_on):
        return made
    if other := pause_in(plan, data.starts_on, data.ends_on):
        raise PauseOverlaps(other)
    days = (data.ends_on - data.starts_on).days + 1
    _move_later(plan, goals, data, days, now)
    return Pause.objects.create(
        plan=plan,
        form_key=uuid4() if made else form_key,
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        reason=data.reason,
        note=data.note,
        days_moved=days,
        made_at=now,
    )


def _move_later(plan: Plan, goals: list[Goal], data: PauseData, days: int, now: datetime) -> None:
    steps = ActionStep.objects.filter(steps_to_move(plan, data.starts_on))
    counts: dict[int, int] = {}
    for goal_id in steps.values_list("goal_id", flat=True):
        counts[goal_id] = counts.get(goal_id, 0) + 1
    # The goals first: a step is not due after its goal at any moment.
    changes = []
    for goal in goals:
        before = goal.due_on, goal.stop_on
        if goal.due_on >= data.starts_on:
            goal.due_on, goal.due_set_at = later(goal.due_on, days), now
        if goal.stop_on and goal.stop_on >= data.starts_on and goal.stop_answered_at is None:
            goal.stop_on = later(goal.stop_on, days)
        changes += _changes(goal, before, data.note, counts.get(goal.pk, 0), now)
    _save(goals, changes)
    shifted = ExpressionWrapper(F("due_on") + Value(days), output_field=DateField())
    steps.filter(due_on__lte=date.max - timedelta(days=days)).update(due_on=shifted, due_set_at=now)


def _changes(goal: Goal, before: tuple[date, date | None], note: str, steps_moved: int, now: datetime) -> list[Change]:
    """The reasoned changes of one goal's dates, for its history."""
    pairs = [(Change.What.DUE_DATE, before[0], goal.due_on), (Change.What.STOP_DATE, before[1], goal.stop_on)]
    return [
        Change(
            goal=goal,
            what=what,
            day_from=day_from,
            day_to=day_to,
            reason=Change.Reason.PAUSE,
            note=note,
            steps_moved=steps_moved if what is Change.What.DUE_DATE else 0,
            made_at=now,
        )
        for what, day_from, day_to in pairs
        if day_from != day_to
    ]


def _save(goals: list[Goal], changes: list[Change]) -> None:
    touched = {change.goal_id for change in changes}
    Goal.objects.bulk_update([goal for goal in goals if goal.pk in touched], ["due_on", "due_set_at", "stop_on"])
    Change.objects.bulk_create(changes)


@transaction.atomic
def end_pause(*, pause: Pause, today: date, now: datetime) -> Pause | None:
    """ "I am back": the pause ends yesterday, and what it moved comes back by the days that were not used.

    A pause that has not begun is taken back whole (None). Idempotent: what is over stays as it is.
    Raises PlanIsArchived.
    """
    plan, goals = locked_whole(pause.plan)
    current = plan.pauses.filter(pk=pause.pk).first()
    if current is None or current.ends_on < today:
        return current
    unused = (current.ends_on - max(today, current.starts_on)).days + 1
    _move_back(plan, goals, current, unused, now)
    if current.starts_on >= today:
        current.delete()
        return None
    current.ends_on, current.days_moved = today - timedelta(days=1), current.days_moved - unused
    current.save(update_fields=["ends_on", "days_moved"])
    return current


def _move_back(plan: Plan, goals: list[Goal], pause: Pause, days: int, now: datetime) -> None:
    steps = ActionStep.objects.filter(steps_to_move(plan, later(pause.ends_on, 1)), due_set_at=pause.made_at)
    counts: dict[int, int] = {}
    for goal_id in steps.values_list("goal_id", flat=True):
        counts[goal_id] = counts.get(goal_id, 0) + 1
    # The steps first: a step is not due after its goal at any moment.
    steps.update(due_on=ExpressionWrapper(F("due_on") - Value(days), output_field=DateField()), due_set_at=now)
    open_steps = ActionStep.objects.open().filter(goal__plan=plan)
    last_steps = dict(open_steps.values_list("goal_id").annotate(last=Max("due_on")))
    stops = set(
        Change.objects.filter(goal__plan=plan, what=Change.What.STOP_DATE, made_at=pause.made_at).values_list(
            "goal_id", "day_to"
        )
    )
    changes = []
    for goal in goals:
        before = goal.due_on, goal.stop_on
        if goal.due_set_at == pause.made_at and goal.due_on > pause.ends_on:
            # Not before what was written down meanwhile.
            earliest = max(goal.starts_on, last_steps.get(goal.pk, goal.starts_on))
            goal.due_on, goal.due_set_at = max(goal.due_on - timedelta(days=days), min(earliest, goal.due_on)), now
        if goal.stop_on and goal.stop_answered_at is None and (goal.pk, goal.stop_on) in stops:
            goal.stop_on -= timedelta(days=days)
        changes += _changes(goal, before, "", counts.get(goal.pk, 0), now)
    _save(goals, changes)
