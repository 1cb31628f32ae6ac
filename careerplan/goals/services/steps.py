"""What can be done with the steps of a goal."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, Min

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.data import GoalIsClosed, StepData, says


@transaction.atomic
def add_step(*, goal: Goal, step: StepData, form_key: UUID, now: datetime) -> ActionStep:
    """Add a step to an active goal. Idempotent as `create_goal` is. Raises GoalIsClosed for any other goal."""
    goal = Goal.objects.select_for_update().get(pk=goal.pk)
    if not goal.is_active:
        raise GoalIsClosed
    answers = step.columns()
    made = goal.steps.filter(form_key=form_key).first()
    if made and says(made, answers):
        return made
    return ActionStep.objects.create(
        goal=goal,
        form_key=uuid4() if made else form_key,
        due_set_at=now,
        created_at=now,
        position=_make_room(goal, step.due_on),
        **answers,
    )


def _make_room(goal: Goal, due_on: date) -> int:
    """A place for a step that is due on that day: before the first open step that is due later, else at the end."""
    later = goal.steps.filter(state__in=ActionStep.OPEN_STATES, due_on__gt=due_on)
    place: int | None = later.aggregate(first=Min("position"))["first"]
    if place is None:
        last: int | None = goal.steps.aggregate(last=Max("position"))["last"]
        return (last or 0) + 1
    goal.steps.filter(position__gte=place).update(position=F("position") + 1)
    return place


def locked_step(step: ActionStep) -> ActionStep:
    """The step as it is now, with its goal, both held until the transaction ends."""
    # The goal first, as everywhere: whoever takes both in the same order never waits in a circle.
    goal = Goal.objects.select_for_update().get(steps=step.pk)
    if not goal.is_active:
        raise GoalIsClosed
    locked = ActionStep.objects.select_for_update().get(pk=step.pk)
    locked.goal = goal
    return locked


@transaction.atomic
def complete_step(*, step: ActionStep, now: datetime) -> ActionStep:
    """Mark a step done. Idempotent: the first time counts. Raises GoalIsClosed."""
    step = locked_step(step)
    if step.state != ActionStep.State.DONE:
        step.state = ActionStep.State.DONE
        step.done_at = now
        step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def reopen_step(*, step: ActionStep) -> ActionStep:
    """Open a step again that was ticked off too early. Idempotent. Raises GoalIsClosed."""
    step = locked_step(step)
    if not step.is_open:
        step.state = ActionStep.State.TO_DO
        step.done_at = None
        step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def update_step(*, step: ActionStep, data: StepData, now: datetime) -> ActionStep:
    """Write new answers into a step; a moved due date is reminded of anew. Raises GoalIsClosed."""
    step = locked_step(step)
    if step.due_on != data.due_on:
        step.due_set_at = now
    for name, value in data.columns().items():
        setattr(step, name, value)
    step.save()
    return step


@transaction.atomic
def drop_step(*, step: ActionStep) -> ActionStep:
    """Drop a step: it is not to be done any more and is not shown. Idempotent. Raises GoalIsClosed."""
    step = locked_step(step)
    step.state, step.done_at = ActionStep.State.DROPPED, None
    step.save(update_fields=["state", "done_at"])
    return step
