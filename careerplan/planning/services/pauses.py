"""Pause a plan: open dates move by the length of the pause, in order; ending it early moves them back.

Every open date on or after the first day moves: due dates of active goals and of their open steps, and dates of
unanswered stop rules. The day until which a step repeats moves with the step. What is due before that day was late when
the pause started and stays late: a pause must not hide missed dates.

PauseMove stores each moved date with its new value. Another pause that moves the date also updates that value, so
pauses can end in any order and restore the dates. A date with a different value was changed by someone since: it does
not move, and the user is told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from careerplan.core.dates import later
from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.services.locks import lock_plan_and_goals
from careerplan.planning.models import PauseMove
from careerplan.planning.queries.pauses import overlapping_pause
from careerplan.plans.models import Pause, Plan

MOST_DAYS = 731  # two years: after a longer break, a new plan makes more sense


class PauseOverlaps(Exception):
    """Another pause, `pause`, covers some of these days."""

    def __init__(self, pause: Pause) -> None:
        super().__init__(str(pause))
        self.pause = pause


@dataclass(frozen=True)
class EndedPause:
    """Result of ending a pause: the pause, None if it was cancelled; the titles of goals and steps with dates that
    someone changed since, so that they did not move; and whether this call ended it.
    """

    pause: Pause | None
    stay: list[str] = field(default_factory=list)
    has_changed: bool = True


@transaction.atomic
def start_pause(*, plan: Plan, form_key: UUID, changes: dict[str, Any], now: datetime) -> Pause:
    """Pause the plan and move open dates. `changes`: fields of the pause by name; both days belong to it.

    Idempotent: the same form sent twice pauses once. Raises PauseOverlaps, PlanIsArchived.
    """
    plan, goals = lock_plan_and_goals(plan)
    made = plan.pauses.filter(form_key=form_key).first()
    starts_on, ends_on = changes["starts_on"], changes["ends_on"]
    if made and (made.starts_on, made.ends_on) == (starts_on, ends_on):
        return made
    if other := overlapping_pause(plan, starts_on, ends_on):
        raise PauseOverlaps(other)
    days = (ends_on - starts_on).days + 1
    pause = Pause.objects.create(
        plan=plan,
        form_key=uuid4() if made else form_key,
        days_moved=days,
        made_at=now,
        **changes,
    )
    shift = _Shift(plan, goals, now)
    for dated in shift.dates:
        if dated.day >= starts_on and (by := (later(dated.day, days) - dated.day).days):
            until = later(dated.until, days) if dated.until else None
            new = {"stands_on": dated.day + timedelta(days=by), "until_stands_on": until}
            shift.made.append(PauseMove(pause=pause, days=by, **new, **dated.key))
            shift.move(dated, by, until)
    shift.save(pause.note)
    return pause


@transaction.atomic
def end_pause(*, pause: Pause, today: date, now: datetime) -> EndedPause:
    """End a pause yesterday, and move dates back by the unused days.

    A pause that has not started is cancelled. Idempotent. Raises PlanIsArchived.
    """
    plan, goals = lock_plan_and_goals(pause.plan)
    current = plan.pauses.filter(pk=pause.pk).first()
    if current is None or current.ends_on < today:
        return EndedPause(current, has_changed=False)
    unused = (current.ends_on - max(today, current.starts_on)).days + 1
    stay = _move_back(_Shift(plan, goals, now), current, unused)
    if current.starts_on >= today:
        current.delete()
        return EndedPause(None, stay)
    current.ends_on, current.days_moved = today - timedelta(days=1), current.days_moved - unused
    current.save(update_fields=["ends_on", "days_moved"])
    return EndedPause(current, stay)


def _move_back(shift: "_Shift", pause: Pause, days: int) -> list[str]:
    """Move back what a pause moved, by a number of days at most; return the titles of what does not move."""
    moves = {move.key: move for moves in shift.moves.values() for move in moves if move.pause_id == pause.pk}
    stay = []
    # Steps first: a step must never be due after its goal.
    for dated in sorted(shift.dates, key=lambda dated: dated.step is None):
        move = moves.get(tuple(dated.key.values()))
        if move is None:
            continue
        by = min(days, move.days)
        if dated.day != move.stands_on:
            stay.append(dated.title)
            continue
        if dated.is_due_of_goal:  # not before its start or its last step
            earliest = max([dated.goal.starts_on, *shift.last_step_of(dated.goal)])
            if dated.day - timedelta(days=by) < earliest:
                stay.append(dated.title)
            by = min(by, max(0, (dated.day - earliest).days))
        move.days -= by
        is_until_moved = dated.until is not None and dated.until == move.until_stands_on
        shift.move(dated, -by, later(dated.until, -by) if dated.until and is_until_moved else None)
    shift.save("")
    return list(dict.fromkeys(stay))


@dataclass
class _OpenDate:
    """An open date of a plan: of a step, or the due date or stop rule of a goal."""

    goal: Goal
    step: ActionStep | None = None
    is_stop_rule: bool = False

    @property
    def key(self) -> dict[str, Any]:
        """Return its key among the moved dates."""
        return {
            "goal_id": None if self.step else self.goal.pk,
            "step_id": self.step.pk if self.step else None,
            "is_stop_rule": self.is_stop_rule,
        }

    @property
    def day(self) -> date:
        if self.step and self.step.due_on:
            return self.step.due_on
        return self.goal.stop_on if self.is_stop_rule and self.goal.stop_on else self.goal.due_on

    @property
    def until(self) -> date | None:
        """Return the day until which a step repeats."""
        return self.step.repeats_until if self.step else None

    @property
    def is_due_of_goal(self) -> bool:
        """Return whether the date is the due date of a goal."""
        return self.step is None and not self.is_stop_rule

    @property
    def title(self) -> str:
        """Return the title of the goal or step."""
        return self.step.title if self.step else self.goal.title

    def put(self, day: date, now: datetime) -> None:
        """Set the date; a stop rule does not record when it was set."""
        if self.is_stop_rule:
            self.goal.stop_on = day
        else:
            row = self.step or self.goal
            row.due_on, row.due_set_at = day, now


class _Shift:
    """Moves the open dates of a plan with locked goals together."""

    def __init__(self, plan: Plan, goals: list[Goal], now: datetime) -> None:
        self.goals, self.now = {goal.pk: goal for goal in goals}, now
        self.before = {goal.pk: (goal.due_on, goal.stop_on) for goal in goals}
        self.steps = list(ActionStep.objects.open().filter(goal__in=self.goals).select_for_update().order_by("pk"))
        self.dates = [_OpenDate(goal) for goal in goals]
        self.dates += [
            _OpenDate(goal, is_stop_rule=True) for goal in goals if goal.stop_on and not goal.stop_answered_at
        ]
        self.dates += [_OpenDate(self.goals[step.goal_id], step) for step in self.steps if step.due_on]
        self.made: list[PauseMove] = []
        self.moved: list[_OpenDate] = []
        self.moves: dict[tuple[Any, ...], list[PauseMove]] = defaultdict(list)
        for move in PauseMove.objects.filter(pause__plan=plan):
            self.moves[move.key].append(move)

    def last_step_of(self, goal: Goal) -> Iterable[date]:
        """Return the date of a goal's last open step as a list, which is empty if it has none."""
        days = [step.due_on for step in self.steps if step.goal_id == goal.pk and step.due_on]
        return [max(days)] if days else []

    def move(self, dated: _OpenDate, by: int, until: date | None) -> None:
        """Move a date by a number of days, and the values that earlier pauses stored for it.

        `until`: the new day until which the step repeats; None if that stays.
        """
        if not by:
            return
        old, new = dated.day, dated.day + timedelta(days=by)
        for move in self.moves[tuple(dated.key.values())]:
            if move.stands_on == old:
                move.stands_on = new
            if until and move.until_stands_on == dated.until:
                move.until_stands_on = until
        dated.put(new, self.now)
        if until and dated.step:
            dated.step.repeats_until = until
        self.moved.append(dated)

    def save(self, note: str) -> None:
        """Write the moved dates, and the reasons into the history of the goals."""
        moved_steps = [dated.step for dated in self.moved if dated.step]
        counts = Counter(step.goal_id for step in moved_steps)
        changes = [
            change
            for goal in self.goals.values()
            for change in _reasoned_changes(goal, self.before[goal.pk], note, counts[goal.pk], self.now)
        ]
        touched = {dated.goal.pk: dated.goal for dated in self.moved if dated.step is None}
        Goal.objects.bulk_update(touched.values(), ["due_on", "due_set_at", "stop_on"])
        ActionStep.objects.bulk_update(moved_steps, ["due_on", "due_set_at", "repeats_until"], batch_size=500)
        Change.objects.bulk_create(changes)
        PauseMove.objects.bulk_create(self.made)
        there = [move for moves in self.moves.values() for move in moves]
        PauseMove.objects.filter(pk__in=[move.pk for move in there if not move.days]).delete()
        PauseMove.objects.bulk_update(
            [move for move in there if move.days], ["days", "stands_on", "until_stands_on"], batch_size=500
        )


def _reasoned_changes(
    goal: Goal, before: tuple[date, date | None], note: str, steps_moved: int, now: datetime
) -> list[Change]:
    """Return the changes of a goal's dates with their reason, for its history."""
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
