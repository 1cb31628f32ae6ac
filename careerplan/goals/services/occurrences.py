"""Close a time of a repeating step: it is done, skipped or missed, and the step is due on the next day of its rule."""

from collections.abc import Collection
from datetime import date, datetime

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Goal, StepOccurrence
from careerplan.goals.repeats import RepeatUnit
from careerplan.goals.services.locks import GoalIsClosed, lock_goal
from careerplan.plans.models import Plan

log = structlog.get_logger(__name__)
Outcome = StepOccurrence.Outcome
ADVANCED_FIELDS = ("state", "done_at", "due_on", "due_set_at")


def lock_step(step: ActionStep) -> ActionStep:
    """Lock a step with its goal until the transaction ends, and reload both."""
    # The goal first, as everywhere: the same order prevents deadlocks.
    goal = lock_goal(steps=step.pk)
    locked = ActionStep.objects.select_for_update().get(pk=step.pk)
    locked.goal = goal
    return locked


def advance_step(step: ActionStep, outcome: StepOccurrence.Outcome, now: datetime) -> None:
    """Record the time that an open, locked, repeating step is due now, and set its next day. The caller saves the step.

    After the due date of its goal, or the day until which it repeats, the step is finished: done if it was done at
    least once, else dropped.
    """
    if step.due_on is None:
        raise ValueError("the step does not repeat")
    next_on = next_day(step, outcome, local_day(now, step.goal.plan.user.time_zone))
    _record(step, step.due_on, outcome, now)
    if next_on is not None:
        step.state, step.due_on, step.due_set_at = ActionStep.State.TO_DO, next_on, now
        return
    stop_repeating(step, now)


def next_day(
    step: ActionStep, outcome: StepOccurrence.Outcome, today: date, goal_due_on: date | None = None
) -> date | None:
    """Return when a repeating step is due after the time that it is due now; None if that is the last one.

    `goal_due_on`: the date to which its goal moves.
    """
    rule, due_on, anchor = step.repeat_rule, step.due_on, step.repeats_from
    if rule is None or due_on is None or anchor is None:
        raise ValueError("the step does not repeat")
    is_after_done = rule.unit is RepeatUnit.AFTER and outcome is Outcome.DONE
    next_on = rule.next_after(today if is_after_done else max(due_on, today), anchor)
    return next_on if next_on is not None and next_on <= step.last_day(goal_due_on) else None


def stop_repeating(step: ActionStep, now: datetime) -> None:
    """Finish a repeating step: done if it was done at least once, else dropped. The caller saves the step."""
    is_done = step.occurrences.filter(outcome=Outcome.DONE).exists()
    step.state = ActionStep.State.DONE if is_done else ActionStep.State.DROPPED
    step.done_at = now if is_done else None


def end_repeating(step: ActionStep, now: datetime, *, is_done: bool) -> None:
    """Finish a repeating step with its goal; `is_done`: the time that is due now is done. The caller saves the step."""
    if is_done and step.due_on:
        _record(step, step.due_on, Outcome.DONE, now)
    stop_repeating(step, now)


def _record(step: ActionStep, due_on: date, outcome: StepOccurrence.Outcome, now: datetime) -> None:
    last: int = step.occurrences.aggregate(last=Max("number"))["last"] or 0
    StepOccurrence.objects.create(step=step, number=last + 1, due_on=due_on, outcome=outcome, closed_at=now)


@transaction.atomic
def skip_step(*, step: ActionStep, day: date | None, now: datetime) -> ActionStep:
    """Skip the time of a repeating step that is due on `day`. Idempotent: another day was answered before.

    A step that does not repeat does not change. Raises GoalIsClosed.
    """
    step = lock_step(step)
    if step.repeats and step.is_open and step.due_on == day:
        advance_step(step, Outcome.SKIPPED, now)
        step.save(update_fields=ADVANCED_FIELDS)
    return step


def record_missed(*, users: Collection[int], now: datetime) -> int:
    """Record what users missed: times of repeating steps whose next day has come. Return how many steps moved on.

    So a step is late for one time only, and each time has its own reminder. The day counts as set when the rule was: a
    reminder on the new day is not too late. Rules that count from when the step was done wait for it.
    """
    steps = ActionStep.objects.open().exclude(repeats="").exclude(repeats__startswith=RepeatUnit.AFTER)
    steps = steps.filter(goal__state=Goal.State.ACTIVE, goal__plan__state=Plan.State.ACTIVE)
    late = steps.filter(goal__plan__user__in=users, due_on__lt=local_day(now, "Pacific/Kiritimati"))
    in_order = late.select_related("goal__plan__user").order_by("goal_id", "pk")
    return sum(_move_if_possible(step, now) for step in in_order)


def _move_if_possible(step: ActionStep, now: datetime) -> bool:
    """Move a step to its latest day. A failure with one step stops no other one, and is logged."""
    try:
        return _move_to_latest(step, now)
    except DatabaseError as error:
        if connection.needs_rollback:  # the connection is lost
            raise
        log.error("missed_times_failed", step=step.pk, error=type(error).__name__)
        return False


@transaction.atomic
def _move_to_latest(step: ActionStep, now: datetime) -> bool:
    """Move a step to the last day of its rule that has come, if there is one after its own."""
    today = local_day(now, step.goal.plan.user.time_zone)
    if _next_day_by(step, today) is None:
        return False
    try:
        step = lock_step(step)
    except GoalIsClosed:
        return False
    before = step.due_on
    while step.is_open and step.due_on and (next_on := _next_day_by(step, today)):
        _record(step, step.due_on, Outcome.MISSED, now)
        step.state, step.due_on = ActionStep.State.TO_DO, next_on
    step.save(update_fields=["state", "due_on"])
    return step.due_on != before


def _next_day_by(step: ActionStep, today: date) -> date | None:
    """Return the next day of a step's rule, if it has come and the step still repeats then."""
    rule = step.repeat_rule
    if rule is None or step.due_on is None or step.repeats_from is None:
        return None
    found = rule.next_after(step.due_on, step.repeats_from)
    return found if found and found <= min(today, step.last_day()) else None
