"""What can be done with goals and steps. Every write is here; the database has the last word."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.dates import local_day
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.services import ensure_active_plan


class GoalIsClosed(Exception):
    """A closed goal does not change any more."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How an outcome is measured: a number with unit, start and target, or what counts as done."""

    kind: Goal.MeasureKind
    unit: str = ""
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    done_when: str = ""


@dataclass(frozen=True, kw_only=True)
class StepData:
    """What is known of a step when it is written down. Effort in hours."""

    title: str
    due_on: date
    effort_hours: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class GoalData:
    """What is known of a goal when it is written down or edited."""

    area: str
    title: str
    why: str
    measure: Measure
    starts_on: date
    due_on: date

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
        }


@transaction.atomic
def create_goal(
    *, user: User, form_key: UUID, data: GoalData, first_step: StepData, skill: Skill | None = None, now: datetime
) -> Goal:
    """Save a goal together with its first step, in the person's active plan.

    Idempotent: `form_key` names the form that was sent; sent again unchanged, the goal it made is returned.
    Sent again with other answers (the Back button, an edit, Save), it makes a goal of its own.
    Raises IntegrityError where a rule of the schema is broken (the form has asked before).
    """
    plan = ensure_active_plan(user=user, today=local_day(now, user.time_zone))
    answers = data.columns()
    first = {"due_set_at": now, "created_at": now}
    goal, created = Goal.objects.get_or_create(plan=plan, form_key=form_key, defaults={**answers, **first})
    if not created and not _says(goal, answers):
        goal, created = Goal.objects.create(plan=plan, form_key=uuid4(), **answers, **first), True
    if created:
        add_step(goal=goal, step=first_step, form_key=form_key, now=now)
        if skill is not None:
            goal.skills.add(skill)
    return goal


@transaction.atomic
def add_step(*, goal: Goal, step: StepData, form_key: UUID, now: datetime) -> ActionStep:
    """Add a step to an active goal. Idempotent as `create_goal` is. Raises GoalIsClosed for any other goal."""
    if not goal.is_active:
        raise GoalIsClosed
    answers = {"title": step.title, "due_on": step.due_on, "effort_hours": step.effort_hours}
    first = {"due_set_at": now, "created_at": now}
    made, created = ActionStep.objects.get_or_create(goal=goal, form_key=form_key, defaults={**answers, **first})
    if not created and not _says(made, answers):
        made = ActionStep.objects.create(goal=goal, form_key=uuid4(), **answers, **first)
    return made


def _says(row: Goal | ActionStep, answers: dict[str, Any]) -> bool:
    """Whether a row holds just these answers."""
    return all(getattr(row, name) == answer for name, answer in answers.items())


def _locked_goal(goal: Goal) -> Goal:
    """The goal as it is now, held until the transaction ends."""
    return Goal.objects.select_for_update().get(pk=goal.pk)


@transaction.atomic
def update_goal(*, goal: Goal, data: GoalData, now: datetime) -> Goal:
    """Write new answers into an active goal; a moved due date is reminded of anew. Raises GoalIsClosed."""
    goal = _locked_goal(goal)
    if not goal.is_active:
        raise GoalIsClosed
    if goal.due_on != data.due_on:
        goal.due_set_at = now
    for name, value in data.columns().items():
        setattr(goal, name, value)
    goal.save()
    return goal


@transaction.atomic
def close_goal(*, goal: Goal, outcome: Goal.State, now: datetime) -> Goal:
    """Close an active goal as reached, partly reached or let go. Idempotent: the first time counts."""
    goal = _locked_goal(goal)
    if goal.is_active:
        goal.state, goal.closed_at = outcome, now
        goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def reopen_goal(*, goal: Goal) -> Goal:
    """Work on a goal again that was closed too early. Idempotent."""
    goal = _locked_goal(goal)
    goal.state, goal.closed_at = Goal.State.ACTIVE, None
    goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal) -> None:
    """Remove a goal with its steps for good."""
    goal.delete()


def _locked(step: ActionStep) -> ActionStep:
    """The step as it is now, with its goal, both held until the transaction ends."""
    locked = ActionStep.objects.select_for_update().select_related("goal").get(pk=step.pk)
    if not locked.goal.is_active:
        raise GoalIsClosed
    return locked


@transaction.atomic
def complete_step(*, step: ActionStep, now: datetime) -> ActionStep:
    """Mark a step done. Idempotent: the first time counts. Raises GoalIsClosed."""
    step = _locked(step)
    if step.state != ActionStep.State.DONE:
        step.state = ActionStep.State.DONE
        step.done_at = now
        step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def reopen_step(*, step: ActionStep) -> ActionStep:
    """Open a step again that was ticked off too early. Idempotent. Raises GoalIsClosed."""
    step = _locked(step)
    if not step.is_open:
        step.state = ActionStep.State.TO_DO
        step.done_at = None
        step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def update_step(*, step: ActionStep, data: StepData, now: datetime) -> ActionStep:
    """Write new answers into a step; a moved due date is reminded of anew. Raises GoalIsClosed."""
    step = _locked(step)
    if step.due_on != data.due_on:
        step.due_set_at = now
    step.title, step.due_on, step.effort_hours = data.title, data.due_on, data.effort_hours
    step.save()
    return step


@transaction.atomic
def drop_step(*, step: ActionStep) -> ActionStep:
    """Drop a step: it is not to be done any more and is not shown. Idempotent. Raises GoalIsClosed."""
    step = _locked(step)
    step.state, step.done_at = ActionStep.State.DROPPED, None
    step.save(update_fields=["state", "done_at"])
    return step
