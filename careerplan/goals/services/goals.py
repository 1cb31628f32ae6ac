"""Create, change and delete goals. A due date, a target and the day of a stop rule change with a reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pghistory
from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.dates import local_day
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import GREW_FROM, ActionStep, Change, Goal, Resource
from careerplan.goals.queries.steps import moves_along
from careerplan.goals.services.locks import GoalIsClosed, lock_goal, matches
from careerplan.goals.services.steps import StepData, add_step
from careerplan.plans.services import share_active_plan_lock


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How an outcome is measured: a number with unit, start and target, or what counts as done."""

    kind: Goal.MeasureKind
    unit: str = ""
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    done_when: str = ""


@dataclass(frozen=True, kw_only=True)
class GoalData:
    """What is known of a goal when it is written down or edited."""

    area: str
    title: str
    why: str
    measure: Measure
    starts_on: date
    due_on: date
    stop_on: date | None = None
    stop_condition: str = ""

    def columns(self) -> dict[str, Any]:
        """The same by the names of the columns."""
        measure = self.measure
        return {
            "area": self.area,
            "title": self.title,
            "why": self.why,
            "measure_kind": measure.kind,
            "unit": measure.unit,
            "start_value": measure.start_value,
            "target_value": measure.target_value,
            "done_when": measure.done_when,
            "starts_on": self.starts_on,
            "due_on": self.due_on,
            "stop_on": self.stop_on,
            "stop_condition": self.stop_condition,
        }


@dataclass(frozen=True, kw_only=True)
class ChangeReason:
    """Why a date or a target changes, and whether the open steps move along with the due date."""

    reason: str
    note: str = ""
    move_steps: bool = False


class ReasonMissing(Exception):
    """A due date, a target or the day of a stop rule changes with a reason only."""


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
def create_goal(
    *,
    user: User,
    form_key: UUID,
    data: GoalData,
    first_step: StepData,
    skill: Skill | None = None,
    more_skills: Iterable[int] = (),
    takes: tuple[str, str] | None = None,
    now: datetime,
) -> Goal:
    """Save a goal together with its first step, in the person's active plan.

    `skill`: the one whose gap it grew from, which its history says; `more_skills`: ids; `takes`: kind and description
    of what the first step needs.
    Idempotent: `form_key` names the form that was sent; sent again unchanged, the goal it made is returned.
    Sent again with other answers (the Back button, an edit, Save), it makes a goal of its own.
    Raises IntegrityError where a rule of the schema is broken (the form has asked before).
    """
    plan = share_active_plan_lock(user=user, today=local_day(now, user.time_zone))
    answers = data.columns()
    first = {"due_set_at": now, "created_at": now}
    with pghistory.context(**{GREW_FROM: skill.pk} if skill else {}):
        goal, created = Goal.objects.get_or_create(plan=plan, form_key=form_key, defaults={**answers, **first})
        if not created and not matches(goal, answers):
            goal, created = Goal.objects.create(plan=plan, form_key=uuid4(), **answers, **first), True
    if created:
        step = add_step(goal=goal, step=first_step, form_key=form_key, now=now)
        if takes is not None:
            Resource.objects.create(step=step, kind=takes[0], description=takes[1])
        goal.skills.add(*([skill.pk] if skill else []), *more_skills)
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal) -> None:
    """Remove a goal with its steps for good. Idempotent. Raises GoalIsArchived."""
    try:
        lock_goal(require_active=False, pk=goal.pk).delete()
    except Goal.DoesNotExist:  # the second of two clicks
        return


@transaction.atomic
def update_goal(
    *,
    goal: Goal,
    data: GoalData,
    why: ChangeReason | None = None,
    skills: SkillsTicked | None = None,
    today: date,
    now: datetime,
) -> Goal:
    """Write new answers into an active goal; a moved due date is reminded of anew.

    `goal` is the goal as the form was held against. Raises GoalIsClosed, StaleObjectError where the goal is another
    one by now, ReasonMissing where a date or the target changes without a reason.
    """
    held = _lock_unchanged(goal)
    _write_goal(held, data.columns(), why, today, now)
    if skills is not None:
        skills.write(held)
    return held


@transaction.atomic
def move_goal(*, goal: Goal, due_on: date, why: ChangeReason, today: date, now: datetime) -> Goal:
    """Move the due date of an active goal alone. Raises as `update_goal` does. Idempotent."""
    held = _lock_unchanged(goal)
    _write_goal(held, {"due_on": due_on}, why, today, now)
    return held


def _lock_unchanged(goal: Goal) -> Goal:
    held = lock_goal(require_active=False, pk=goal.pk)
    if not held.is_active:
        raise GoalIsClosed
    if held.version != goal.version:
        raise StaleObjectError
    return held


def _write_goal(goal: Goal, columns: dict[str, Any], why: ChangeReason | None, today: date, now: datetime) -> None:
    """Write columns, the changes among them that need a reason, and the steps that move along."""
    due_on: date = columns["due_on"]
    moved, changes = 0, []
    if goal.due_on != due_on:
        moved = _move_steps(goal, due_on, today, now) if why and why.move_steps else 0
        goal.due_set_at = now
    for what, name in REASONED.items():
        if name in columns and requires_reason(getattr(goal, name), columns[name]):
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


def requires_reason(old: Any, new: Any) -> bool:
    """Whether a value that was there is another one now."""
    return old is not None and new is not None and old != new


def _change(goal: Goal, what: Change.What, new: Any, why: ChangeReason | None, now: datetime) -> Change:
    """One change with its reason, not saved yet. Raises ReasonMissing."""
    if why is None or not why.reason:
        raise ReasonMissing
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
