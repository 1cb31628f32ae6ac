"""What can be done with the steps of a goal."""

from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, Min

from careerplan.core.merge import ChangedMeanwhile
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.data import StepData, says
from careerplan.goals.services.locks import held_goal
from careerplan.goals.services.resources import needs, write_resources


@transaction.atomic
def add_step(*, goal: Goal, step: StepData, form_key: UUID, now: datetime) -> ActionStep:
    """Add a step to an active goal. Idempotent as `create_goal` is. Raises GoalIsClosed for any other goal."""
    goal = held_goal(pk=goal.pk)
    answers, rows = step.columns(), step.resources or ()
    made = goal.steps.filter(form_key=form_key).first()
    if made and says(made, answers) and needs(made, rows):
        return made
    added = ActionStep.objects.create(
        goal=goal,
        form_key=uuid4() if made else form_key,
        due_set_at=now,
        created_at=now,
        position=_make_room(goal, step.due_on),
        **answers,
    )
    write_resources(step=added, rows=rows)
    return added


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
    goal = held_goal(steps=step.pk)
    locked = ActionStep.objects.select_for_update().get(pk=step.pk)
    locked.goal = goal
    return locked


@transaction.atomic
def start_step(*, step: ActionStep) -> ActionStep:
    """Say that a step that was to do is in progress. Idempotent; done and dropped ones stay. Raises GoalIsClosed."""
    step = locked_step(step)
    if step.state == ActionStep.State.TO_DO:
        step.state = ActionStep.State.IN_PROGRESS
        step.save(update_fields=["state"])
    return step


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
def update_step(*, step: ActionStep, data: StepData, now: datetime, version: int | None = None) -> ActionStep:
    """Write new answers into a step; a moved due date is reminded of anew.

    `version` is that of the row the answers were held against. Raises GoalIsClosed, and ChangedMeanwhile where the
    row has moved on since: then nothing is written.
    """
    step = locked_step(step)
    if version is not None and step.version != version:
        raise ChangedMeanwhile
    if step.due_on != data.due_on:
        step.due_set_at = now
    for name, value in data.columns().items():
        setattr(step, name, value)
    step.save()
    write_resources(step=step, rows=data.resources or ())
    return step


@transaction.atomic
def drop_step(*, step: ActionStep) -> ActionStep:
    """Drop a step: it is not to be done any more, and stays readable. Idempotent. Raises GoalIsClosed."""
    step = locked_step(step)
    step.state, step.done_at = ActionStep.State.DROPPED, None
    step.save(update_fields=["state", "done_at"])
    return step
