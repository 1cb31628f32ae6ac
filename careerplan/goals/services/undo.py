"""Undo a change of several goals and steps as a whole: what they were is kept in the session (docs/adr/0036)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from careerplan.goals.models import ActionStep, Change, Goal, StepOccurrence
from careerplan.goals.services.locks import lock_goals
from careerplan.plans.models import Plan

GOAL_FIELDS = ("state", "closed_at", "due_on", "due_set_at")
STEP_FIELDS = ("state", "done_at", "due_on", "due_set_at", "repeats_until")

Rows = Mapping[int, Mapping[str, Any]]
"""Values of rows by id: the fields, and as `version` that of the row after the change."""


@dataclass(frozen=True, kw_only=True)
class UndoRecord:
    """What goals and steps were before a change that was made at `made_at`."""

    made_at: datetime
    goals: Rows
    steps: Rows

    @classmethod
    def of(cls, *, made_at: datetime, goals: Iterable[Goal] = (), steps: Iterable[ActionStep] = ()) -> "UndoRecord":
        """Return the record of rows that are going to be saved once each."""
        return cls(
            made_at=made_at,
            goals={goal.pk: _values(goal, GOAL_FIELDS) for goal in goals},
            steps={step.pk: _values(step, STEP_FIELDS) for step in steps},
        )

    def __len__(self) -> int:
        return len(self.goals) + len(self.steps)


def _values(row: Goal | ActionStep, fields: Iterable[str]) -> dict[str, Any]:
    return {**{name: getattr(row, name) for name in fields}, "version": row.version + 1}


@transaction.atomic
def undo_change(*, user: User, record: UndoRecord) -> int:
    """Give goals and steps the values they had, and return how many; a row that changed since stays as it is.

    Removes the changes of goals with their reasons, and the times of repeating steps: they did not happen. Rows of
    others, of archived plans and below a goal that is closed since do not change. No open step ends up after its goal.
    """
    goals = Goal.objects.for_user(user).filter(plan__state=Plan.State.ACTIVE)
    owned = set(goals.filter(pk__in=record.goals).values_list("pk", flat=True))
    of_steps = goals.filter(steps__in=list(record.steps)).values_list("pk", flat=True)
    restored = 0
    last_days = {}  # of the active goals
    for pk, goal in lock_goals(owned.union(of_steps), require_active=False).items():
        if pk in owned and _keeps_steps(goal, record) and _restore(goal, record.goals[pk]):
            Change.objects.filter(goal=goal, made_at=record.made_at).delete()
            restored += 1
        if goal.is_active:
            last_days[pk] = goal.due_on
    steps = ActionStep.objects.filter(pk__in=record.steps, goal__in=last_days).order_by("pk")
    for step in steps.select_for_update(of=("self",)):
        values = record.steps[step.pk]
        day = values["due_on"] if values["state"] in ActionStep.OPEN_STATES else None
        is_after = day is not None and day > last_days[step.goal_id]
        if not is_after and _restore(step, values):
            restored += 1
            StepOccurrence.objects.filter(step=step, closed_at=record.made_at).delete()
    return restored


def _keeps_steps(goal: Goal, record: UndoRecord) -> bool:
    """Return whether no open step would be after the goal's earlier date, but for those restored with it."""
    day = record.goals[goal.pk]["due_on"]
    if day >= goal.due_on:
        return True
    after = goal.steps.filter(state__in=ActionStep.OPEN_STATES, due_on__gt=day).values_list("pk", "version")
    return all(pk in record.steps and record.steps[pk]["version"] == version for pk, version in after)


def _restore(row: Goal | ActionStep, values: Mapping[str, Any]) -> bool:
    """Write the earlier values, unless the row has changed since; return whether it was written."""
    if row.version != values["version"]:
        return False
    fields = [name for name in values if name != "version"]
    for name in fields:
        setattr(row, name, values[name])
    row.save(update_fields=fields)
    return True
