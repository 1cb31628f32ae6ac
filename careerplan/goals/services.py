"""What can be done with goals and steps. Every write is here; the database has the last word."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

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


@transaction.atomic
def create_goal(
    *,
    user: User,
    form_key: UUID,
    area: str,
    title: str,
    why: str,
    measure: Measure,
    starts_on: date,
    due_on: date,
    first_step: StepData,
    skill: Skill | None = None,
    now: datetime,
) -> Goal:
    """Save a goal together with its first step, in the person's active plan.

    Idempotent: `form_key` names the form that was sent; sent again, the goal it made is returned.
    Raises IntegrityError where a rule of the schema is broken (the form has asked before).
    """
    plan = ensure_active_plan(user=user, today=local_day(now, user.time_zone))
    goal, created = Goal.objects.for_user(user).get_or_create(
        form_key=form_key,
        defaults={
            "plan": plan,
            "area": area,
            "title": title,
            "why": why,
            "measure_kind": measure.kind,
            "unit": measure.unit,
            "start_value": measure.start_value,
            "target_value": measure.target_value,
            "done_when": measure.done_when,
            "starts_on": starts_on,
            "due_on": due_on,
            "due_set_at": now,
            "created_at": now,
        },
    )
    if created:
        add_step(goal=goal, step=first_step, now=now)
        if skill is not None:
            goal.skills.add(skill)
    return goal


@transaction.atomic
def add_step(*, goal: Goal, step: StepData, now: datetime) -> ActionStep:
    """Add a step to an active goal. Raises GoalIsClosed for any other."""
    if not goal.is_active:
        raise GoalIsClosed
    return ActionStep.objects.create(
        goal=goal,
        title=step.title,
        due_on=step.due_on,
        effort_hours=step.effort_hours,
        due_set_at=now,
        created_at=now,
    )


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
