"""What can be done with a goal as a whole."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.dates import local_day
from careerplan.goals.models import Goal
from careerplan.goals.services.data import GoalData, GoalIsClosed, StepData, says
from careerplan.goals.services.steps import add_step
from careerplan.plans.services import ensure_active_plan


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
    if not created and not says(goal, answers):
        goal, created = Goal.objects.create(plan=plan, form_key=uuid4(), **answers, **first), True
    if created:
        add_step(goal=goal, step=first_step, form_key=form_key, now=now)
        if skill is not None:
            goal.skills.add(skill)
    return goal


def locked_goal(goal: Goal) -> Goal:
    """The goal as it is now, held until the transaction ends."""
    return Goal.objects.select_for_update().get(pk=goal.pk)


@transaction.atomic
def update_goal(*, goal: Goal, data: GoalData, now: datetime) -> Goal:
    """Write new answers into an active goal; a moved due date is reminded of anew. Raises GoalIsClosed."""
    goal = locked_goal(goal)
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
    goal = locked_goal(goal)
    if goal.is_active:
        goal.state, goal.closed_at = outcome, now
        goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def reopen_goal(*, goal: Goal) -> Goal:
    """Work on a goal again that was closed too early. Idempotent."""
    goal = locked_goal(goal)
    goal.state, goal.closed_at = Goal.State.ACTIVE, None
    goal.save(update_fields=["state", "closed_at"])
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal) -> None:
    """Remove a goal with its steps for good."""
    goal.delete()
