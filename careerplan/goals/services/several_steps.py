"""Change one or several open steps from a list: done, dropped or moved, each time with a record to undo it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal, StepOccurrence
from careerplan.goals.services.locks import lock_goals
from careerplan.goals.services.occurrences import advance_step, stop_repeating
from careerplan.goals.services.undo import UndoRecord
from careerplan.plans.models import Plan


@dataclass(frozen=True, kw_only=True)
class StepsChanged:
    """The steps that changed, what undoes it, and the open steps that stay, because they would be due after their goal
    or after the day until which they repeat.
    """

    steps: list[ActionStep]
    record: UndoRecord
    after_goal: list[ActionStep]
    after_until: list[ActionStep]


@transaction.atomic
def change_steps(*, user: User, ids: Iterable[int], changes: Mapping[str, Any], now: datetime) -> StepsChanged:
    """Mark open steps as done or dropped (`state`), or move them to `due_on`; None takes their day away.

    `changes` has one of the two fields. Steps of others, of closed goals, and steps that are no longer open do not
    change. A step never moves past the due date of its goal or the day until which it repeats. A repeating one keeps a
    day, moves on to its next one when it is done, and stops when it is dropped. Idempotent.
    """
    wanted = ActionStep.objects.for_user(user).open().filter(pk__in=ids)
    active = wanted.filter(goal__state=Goal.State.ACTIVE, goal__plan__state=Plan.State.ACTIVE)
    goals = lock_goals(set(active.values_list("goal_id", flat=True)))
    locked = wanted.filter(goal__in=goals).order_by("pk").select_for_update(of=("self",))
    after_goal, after_until, steps = [], [], []
    moves, due_on = "due_on" in changes, changes.get("due_on")
    for step in locked:
        step.goal = goals[step.goal_id]
        if due_on and due_on > step.goal.due_on:
            after_goal.append(step)
        elif due_on and due_on > step.last_day():
            after_until.append(step)
        elif not moves or (step.due_on != due_on and (due_on or not step.repeats)):
            steps.append(step)
    record = UndoRecord.of(made_at=now, steps=steps)
    for step in steps:
        if moves:
            step.due_on, step.due_set_at = due_on, now
        elif step.repeats and changes["state"] == ActionStep.State.DONE:
            advance_step(step, StepOccurrence.Outcome.DONE, now)
        elif step.repeats:
            stop_repeating(step, now)
        else:
            step.state = changes["state"]
            step.done_at = now if step.state == ActionStep.State.DONE else None
    ActionStep.objects.bulk_update(steps, ["state", "done_at", "due_on", "due_set_at"])
    return StepsChanged(steps=steps, record=record, after_goal=after_goal, after_until=after_until)
