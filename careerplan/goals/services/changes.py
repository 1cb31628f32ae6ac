"""Changing a goal: a due date, a target and the day of a stop rule move with a reason, which is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from careerplan.core.merge import ChangedMeanwhile
from careerplan.goals.models import ActionStep, Change, Goal
from careerplan.goals.queries.moves import moves_along
from careerplan.goals.services.data import GoalData, GoalIsClosed, Why, WhyIsMissing
from careerplan.goals.services.locks import locked_goal

# What is changed with a reason: its column, and the columns of Change that hold it.
REASONED = {Change.What.DUE_DATE: "due_on", Change.What.TARGET: "target_value", Change.What.STOP_DATE: "stop_on"}


@dataclass(frozen=True, kw_only=True)
class SkillsTicked:
    """The ids that were ticked in a list of skills, beside those that the list showed as ticked.

    Only the difference is written: two tabs that tick different skills do not undo each other.
    """

    shown: frozenset[int]
    ticked: frozenset[int]

    def write(self, goal: Goal) -> None:
        """Add what was ticked here, take off what was unticked here."""
        goal.skills.remove(*self.shown - self.ticked)
        goal.skills.add(*self.ticked - self.shown)


@transaction.atomic
def update_goal(
    *,
    goal: Goal,
    data: GoalData,
    why: Why | None = None,
    skills: SkillsTicked | None = None,
    today: date,
    now: datetime,
) -> Goal:
    """Write new answers into an active goal; a moved due date is reminded of anew.

    `goal` is the goal as the form was held against. Raises GoalIsClosed, ChangedMeanwhile where the goal is another
    one by now, WhyIsMissing where a date or the target changes without a reason.
    """
    held = _held(goal)
    _write(held, data.columns(), why, today, now)
    if skills is not None:
        skills.write(held)
    return held


@transaction.atomic
def move_goal(*, goal: Goal, due_on: date, why: Why, today: date, now: datetime) -> Goal:
    """Move the due date of an active goal alone. Raises as `update_goal` does. Idempotent."""
    held = _held(goal)
    _write(held, {"due_on": due_on}, why, today, now)
    return held


def _held(goal: Goal) -> Goal:
    held = locked_goal(goal)
    if not held.is_active:
        raise GoalIsClosed
    if held.version != goal.version:
        raise ChangedMeanwhile
    return held


def _write(goal: Goal, columns: dict[str, Any], why: Why | None, today: date, now: datetime) -> None:
    """Write columns, the changes among them that need a reason, and the steps that move along."""
    due_on: date = columns["due_on"]
    moved, changes = 0, []
    if goal.due_on != due_on:
        moved = _move_steps(goal, due_on, today, now) if why and why.move_steps else 0
        goal.due_set_at = now
    for what, name in REASONED.items():
        if name in columns and needs_why(getattr(goal, name), columns[name]):
            changes.append(_change(goal, what, columns[name], why, now))
    if "stop_on" in columns and goal.stop_on != columns["stop_on"]:
        goal.stop_answered_at = None  # the new day asks anew
    for name, value in columns.items():
        setattr(goal, name, value)
    goal.save()
    goal.refresh_from_db(fields=["version"])  # the database counts
    for change in changes:
        change.steps_moved = moved if change.what == Change.What.DUE_DATE else 0
    Change.objects.bulk_create(changes)


def needs_why(old: Any, new: Any) -> bool:
    """Whether a value that was there is another one now."""
    return old is not None and new is not None and old != new


def _change(goal: Goal, what: Change.What, new: Any, why: Why | None, now: datetime) -> Change:
    """One change with its reason, not saved yet. Raises WhyIsMissing."""
    if why is None or not why.reason:
        raise WhyIsMissing
    old = getattr(goal, REASONED[what])
    change = Change(goal=goal, what=what, reason=why.reason, note=why.note, made_at=now)
    if what == Change.What.TARGET:
        change.value_from, change.value_to = old, new
    else:
        change.day_from, change.day_to = old, new
    return change


def _move_steps(goal: Goal, due_on: date, today: date, now: datetime) -> int:
    """Move the open steps along with the goal's new due date; how many moved."""
    steps = list(goal.steps.select_for_update().filter(state__in=ActionStep.OPEN_STATES).order_by("due_on", "id"))
    moves = [move for move in moves_along(steps, old=goal.due_on, new=due_on, today=today) if move.moves]
    for move in moves:
        move.step.due_on, move.step.due_set_at = move.to, now
    ActionStep.objects.bulk_update([move.step for move in moves], ["due_on", "due_set_at"])
    return len(moves)
