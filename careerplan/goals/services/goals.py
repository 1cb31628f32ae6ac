"""Add, change, close and delete goals. Changing a due date, a target or a stop rule date needs a reason."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.dates import local_day
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Change, Goal, ProgressEntry
from careerplan.goals.queries.progress import newest_entry_value
from careerplan.goals.queries.steps import moves_along
from careerplan.goals.services.locks import lock_goal, matches
from careerplan.goals.services.occurrences import end_repeating
from careerplan.goals.services.steps import add_step
from careerplan.plans.services import share_active_plan_lock


@dataclass(frozen=True, kw_only=True)
class ChangeReason:
    """Why a date or a target changes, and the ids of the open steps that move with the due date."""

    reason: str
    note: str = ""
    moved_steps: frozenset[int] = frozenset()


class ReasonMissing(Exception):
    """A due date, target or stop rule date changes without a reason."""


# Columns that need a reason, and the columns of Change that store the values.
REASONED = {Change.What.DUE_DATE: "due_on", Change.What.TARGET: "target_value", Change.What.STOP_DATE: "stop_on"}


@dataclass(frozen=True, kw_only=True)
class SkillsTicked:
    """Ids ticked in a list of skills, and those that the list showed as ticked.

    Only the difference is written, so two tabs that tick different skills do not undo each other.
    """

    shown: frozenset[int]
    ticked: frozenset[int]

    def write(self, goal: Goal) -> None:
        """Add newly ticked skills and remove unticked ones."""
        goal.skills.remove(*self.shown - self.ticked)
        goal.skills.add(*self.ticked - self.shown)


@transaction.atomic
def create_goal(
    *,
    user: User,
    form_key: UUID,
    changes: dict[str, Any],
    first_step: dict[str, Any],
    resources: Sequence[dict[str, Any]] = (),
    origin_skill: Skill | None = None,
    origin_task: str = "",
    skills: Iterable[int] = (),
    now: datetime,
) -> Goal:
    """Save a goal together with its first step in the user's active plan.

    `changes` and `first_step`: fields by name. `resources`: what the first step needs (see `write_resources`).
    `origin_skill`: the skill whose gap the goal closes, one of those it builds; `skills`: ids of the others;
    `origin_task`: the task that it was added to learn, as it was asked.
    Idempotent: `form_key` identifies the submitted form; sent again unchanged, it returns the goal it made. Sent again
    with other answers (Back, edit, Save), it makes a new goal. Raises IntegrityError if a database rule is broken (the
    form checks first).
    """
    plan = share_active_plan_lock(user=user, today=local_day(now, user.time_zone))
    origin = {"origin_skill": origin_skill, "origin_task": origin_task}
    fields = {**changes, **origin, "due_set_at": now, "created_at": now}
    goal, created = Goal.objects.get_or_create(plan=plan, form_key=form_key, defaults=fields)
    if not created and not matches(goal, changes):
        goal, created = Goal.objects.create(plan=plan, form_key=uuid4(), **fields), True
    if created:
        add_step(goal=goal, changes=first_step, resources=resources, form_key=form_key, now=now)
        goal.skills.add(*([origin_skill.pk] if origin_skill else []), *skills)
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal) -> None:
    """Delete a goal and its steps permanently. Idempotent. Raises GoalIsArchived."""
    try:
        locked = lock_goal(require_active=False, pk=goal.pk)
    except Goal.DoesNotExist:  # the second of two clicks
        return
    # Whoever writes a reminder about a step meanwhile waits, and then finds the step gone; the next run goes on.
    list(locked.steps.order_by("pk").select_for_update().values_list("pk"))
    locked.delete()


@transaction.atomic
def update_goal(
    *,
    goal: Goal,
    changes: dict[str, Any],
    reason: ChangeReason | None = None,
    skills: SkillsTicked | None = None,
    today: date,
    now: datetime,
) -> Goal:
    """Update an active goal. Reminders about a moved due date start again.

    `goal` is the goal as the form was validated against it. Raises GoalIsClosed, StaleObjectError if the goal has
    changed since, ReasonMissing if a date or the target changes without a reason.
    """
    held = _lock_unchanged(goal)
    _write_goal(held, changes, reason, today, now)
    if skills is not None:
        skills.write(held)
    return held


@transaction.atomic
def move_goal(*, goal: Goal, due_on: date, reason: ChangeReason, today: date, now: datetime) -> Goal:
    """Move only the due date of an active goal. Raises the errors of `update_goal`. Idempotent."""
    held = _lock_unchanged(goal)
    _write_goal(held, {"due_on": due_on}, reason, today, now)
    return held


def _lock_unchanged(goal: Goal) -> Goal:
    held = lock_goal(pk=goal.pk)
    if held.version != goal.version:
        raise StaleObjectError
    return held


def _write_goal(goal: Goal, changes: dict[str, Any], reason: ChangeReason | None, today: date, now: datetime) -> None:
    """Write changed fields, their reasons, and the steps that move with the due date."""
    due_on: date = changes.get("due_on", goal.due_on)
    moved, reasoned = 0, []
    if goal.due_on != due_on:
        moved = _move_steps(goal, due_on, reason.moved_steps, today, now) if reason and reason.moved_steps else 0
        goal.due_set_at = now
    for what, name in REASONED.items():
        if name in changes and requires_reason(getattr(goal, name), changes[name]):
            reasoned.append(_reasoned_change(goal, what, changes[name], reason, now))
    if goal.stop_on != changes.get("stop_on", goal.stop_on):
        goal.stop_answered_at = None  # the stop rule is asked again on the new date
    for name, value in changes.items():
        setattr(goal, name, value)
    goal.save()
    goal.refresh_from_db(fields=["version"])  # the database counts versions
    for change in reasoned:
        change.steps_moved = moved if change.what == Change.What.DUE_DATE else 0
    Change.objects.bulk_create(reasoned)


def requires_reason(old: Any, new: Any) -> bool:
    """Return whether a value that was set would change."""
    return old is not None and new is not None and old != new


def _reasoned_change(goal: Goal, what: Change.What, new: Any, reason: ChangeReason | None, now: datetime) -> Change:
    """Build a change with its reason, not saved yet. Raises ReasonMissing."""
    if reason is None or not reason.reason:
        raise ReasonMissing
    old = getattr(goal, REASONED[what])
    change = Change(goal=goal, what=what, reason=reason.reason, note=reason.note, made_at=now)
    if what == Change.What.TARGET:
        change.value_from, change.value_to = old, new
    else:
        change.day_from, change.day_to = old, new
    return change


def _move_steps(goal: Goal, due_on: date, moved: Collection[int], today: date, now: datetime) -> int:
    """Move some open steps (ids) with the goal's new due date; return how many moved."""
    open_steps = goal.steps.select_for_update().filter(state__in=ActionStep.OPEN_STATES)
    steps = list(open_steps.filter(pk__in=moved).order_by("due_on", "id"))
    moves = [move for move in moves_along(steps, old=goal.due_on, new=due_on, today=today) if move.moves]
    for move in moves:
        before, move.step.due_on, move.step.due_set_at = move.step.due_on or move.to, move.to, now
        move.step.shift_until((move.to - before).days)
    ActionStep.objects.bulk_update([move.step for move in moves], ["due_on", "due_set_at", "repeats_until"])
    return len(moves)


@dataclass(frozen=True, kw_only=True)
class ClosingNotes:
    """Answers on closing a goal, all optional. `worth` is 1 to 5, `final_value` in the goal's unit.

    Open steps in `steps_done` and `steps_dropped` become done or dropped with it; the others stay open and are not due.
    A repeating step that was done before is done, as it is when it is dropped alone.
    """

    closing_note: str = ""
    learned: str = ""
    worth: int | None = None
    final_value: Decimal | None = None
    steps_done: frozenset[int] = frozenset()
    steps_dropped: frozenset[int] = frozenset()


NOTHING_SAID = ClosingNotes()


@transaction.atomic
def close_goal(
    *,
    goal: Goal,
    outcome: Goal.State,
    notes: ClosingNotes = NOTHING_SAID,
    version: int | None = None,
    today: date,
    now: datetime,
) -> Goal:
    """Close an active goal as reached, partly reached or let go. Idempotent: the first call counts.

    A final number becomes an entry of `today`, unless it is the newest entry already. `version` is that of the goal
    when the form was validated. Raises StaleObjectError if it has changed, and GoalIsArchived.
    """
    goal = lock_goal(require_active=False, pk=goal.pk)
    if version is not None and goal.version != version:
        raise StaleObjectError
    if not goal.is_active:
        return goal
    final = notes.final_value if goal.measure_kind == Goal.MeasureKind.NUMBER else None
    if final is not None and newest_entry_value(goal) != final:
        ProgressEntry.objects.create(goal=goal, measured_on=today, value=final, recorded_at=now)
    _end_steps(goal, notes, now)
    goal.closing_note, goal.learned, goal.worth = notes.closing_note, notes.learned, notes.worth
    goal.state, goal.closed_at = outcome, now
    goal.save(update_fields=["closing_note", "learned", "worth", "state", "closed_at"])
    return goal


def _end_steps(goal: Goal, notes: ClosingNotes, now: datetime) -> None:
    """Mark the open steps that the notes name as done or dropped."""
    still_open = goal.steps.filter(state__in=ActionStep.OPEN_STATES)
    for step in still_open.filter(pk__in=notes.steps_done | notes.steps_dropped).order_by("pk").select_for_update():
        is_done = step.pk in notes.steps_done
        if step.repeats:
            end_repeating(step, now, is_done=is_done)
        else:
            step.state = ActionStep.State.DONE if is_done else ActionStep.State.DROPPED
            step.done_at = now if is_done else None
        step.save(update_fields=["state", "done_at"])


@transaction.atomic
def reopen_goal(*, goal: Goal) -> Goal:
    """Reopen a goal that was closed too early; its closing notes stay. Idempotent. Raises GoalIsArchived."""
    goal = lock_goal(require_active=False, pk=goal.pk)
    goal.state, goal.closed_at = Goal.State.ACTIVE, None
    goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def confirm_stop_rule(*, goal: Goal, now: datetime) -> Goal:
    """Record that the condition is met: the goal continues, and the rule is not asked again. Idempotent. Raises
    GoalIsClosed.
    """
    goal = lock_goal(pk=goal.pk)
    if goal.stop_on is not None and goal.stop_answered_at is None:
        goal.stop_answered_at = now
        goal.save(update_fields=["stop_answered_at"])
    return goal


@transaction.atomic
def extend_stop_rule(
    *, goal: Goal, stop_on: date, reason: ChangeReason, now: datetime, version: int | None = None
) -> Goal:
    """Move the stop rule to a later date, with a reason. Idempotent.

    `version` is that of the goal when the form was validated. Raises GoalIsClosed, ReasonMissing, and StaleObjectError
    if the goal has changed or no longer has a stop rule.
    """
    goal = lock_goal(pk=goal.pk)
    if goal.stop_on == stop_on:
        return goal
    if goal.stop_on is None or (version is not None and goal.version != version):
        raise StaleObjectError
    if not reason.reason:
        raise ReasonMissing
    Change.objects.create(
        goal=goal,
        what=Change.What.STOP_DATE,
        day_from=goal.stop_on,
        day_to=stop_on,
        reason=reason.reason,
        note=reason.note,
        made_at=now,
    )
    goal.stop_on, goal.stop_answered_at = stop_on, None
    goal.save(update_fields=["stop_on", "stop_answered_at"])
    return goal
