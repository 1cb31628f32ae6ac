"""Add, change, order and finish the steps of a goal, and what they need."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Case, F, IntegerField, Max, Min, Q, Value, When
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import ActionStep, Goal, Resource, StepOccurrence
from careerplan.goals.services.locks import lock_goal, matches
from careerplan.goals.services.occurrences import ADVANCED_FIELDS, advance_step, lock_step, stop_repeating


class OrderDoesNotFit(Exception):
    """The order does not contain exactly the open steps of the goal: some were added, closed or belong to someone
    else.
    """


@transaction.atomic
def add_step(
    *,
    goal: Goal,
    changes: dict[str, Any],
    resources: Sequence[dict[str, Any]] = (),
    form_key: UUID,
    now: datetime,
) -> ActionStep:
    """Add a step to an active goal. `changes`: fields by name; `resources`: see `write_resources`.

    Idempotent like `create_goal`. Raises GoalIsClosed.
    """
    goal = lock_goal(pk=goal.pk)
    made = goal.steps.filter(form_key=form_key).first()
    if made and matches(made, changes) and has_same_resources(made, resources):
        return made
    added = ActionStep.objects.create(
        goal=goal,
        form_key=uuid4() if made else form_key,
        due_set_at=now,
        created_at=now,
        position=_make_room(goal, changes.get("due_on")),
        repeats_from=changes.get("due_on") if changes.get("repeats") else None,
        **changes,
    )
    write_resources(step=added, rows=resources)
    return added


def _make_room(goal: Goal, due_on: date | None) -> int:
    """Return the position of a new step: before the first open step that is due later or has no day, else the last."""
    is_later = Q(due_on__gt=due_on) | Q(due_on__isnull=True) if due_on else Q(pk__in=[])
    later = goal.steps.filter(is_later, state__in=ActionStep.OPEN_STATES)
    place: int | None = later.aggregate(first=Min("position"))["first"]
    if place is None:
        last: int | None = goal.steps.aggregate(last=Max("position"))["last"]
        return (last or 0) + 1
    goal.steps.filter(position__gte=place).update(position=F("position") + 1)
    return place


@transaction.atomic
def start_step(*, step: ActionStep) -> ActionStep:
    """Mark a step to do as in progress. Idempotent; done and dropped steps do not change. Raises GoalIsClosed."""
    step = lock_step(step)
    if step.state == ActionStep.State.TO_DO:
        step.state = ActionStep.State.IN_PROGRESS
        step.save(update_fields=["state"])
    return step


@transaction.atomic
def complete_step(*, step: ActionStep, day: date | None = None, now: datetime) -> ActionStep:
    """Mark a step as done. Idempotent: the first call counts. Raises GoalIsClosed.

    A repeating step moves on to its next day. `day` is the one that is done: if the step is due on another one by now,
    it was answered before. Without `day` it is the one that is due.
    """
    step = lock_step(step)
    if step.repeats and step.is_open:
        if day in (None, step.due_on):
            advance_step(step, StepOccurrence.Outcome.DONE, now)
            step.save(update_fields=ADVANCED_FIELDS)
    elif step.state != ActionStep.State.DONE:
        step.state = ActionStep.State.DONE
        step.done_at = now
        step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def reopen_step(*, step: ActionStep) -> ActionStep:
    """Reopen a step that was marked as done or dropped. Idempotent. Raises GoalIsClosed.

    A repeating step is due again on its last day, which then was not answered.
    """
    step = lock_step(step)
    if not step.is_open:
        last = step.occurrences.first() if step.repeats else None
        if last and last.due_on == step.due_on:
            last.delete()
        step.state = ActionStep.State.TO_DO
        step.done_at = None
        step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def update_step(
    *,
    step: ActionStep,
    changes: dict[str, Any],
    resources: Sequence[dict[str, Any]] = (),
    now: datetime,
    version: int | None = None,
) -> ActionStep:
    """Save changed fields of a step and what it needs. Reminders about a moved due date start again.

    `version` is that of the row that the form was made from. Raises GoalIsClosed, and StaleObjectError if the row has
    changed since; then nothing is written.
    """
    step = lock_step(step)
    if version is not None and step.version != version:
        raise StaleObjectError
    due_on = changes.get("due_on", step.due_on)
    if step.due_on != due_on:
        step.due_set_at = now
    if "repeats" in changes and (step.repeats, step.due_on) != (changes["repeats"], due_on):
        step.repeats_from = due_on if changes["repeats"] else None
    for name, value in changes.items():
        setattr(step, name, value)
    step.save()
    write_resources(step=step, rows=resources)
    return step


@transaction.atomic
def drop_step(*, step: ActionStep, now: datetime) -> ActionStep:
    """Drop a step: it is no longer to do, and can still be read. Idempotent. Raises GoalIsClosed.

    A repeating one stops, and is done if it was done before.
    """
    step = lock_step(step)
    if not step.repeats:
        step.state, step.done_at = ActionStep.State.DROPPED, None
    elif step.is_open:
        stop_repeating(step, now)
    step.save(update_fields=["state", "done_at"])
    return step


@transaction.atomic
def order_steps(*, goal: Goal, order: Sequence[int]) -> None:
    """Order the open steps of an active goal by a list of their ids. Idempotent.

    Raises GoalIsClosed, and OrderDoesNotFit without any change if an id is missing, foreign or repeated.
    """
    goal = lock_goal(pk=goal.pk)
    _write_positions(open_ids(goal), order)


@transaction.atomic
def move_step(*, step: ActionStep, by: int) -> ActionStep:
    """Move an open step by a number of positions (-1 is one earlier), as far as possible.

    Raises GoalIsClosed; a step that is not open does not move.
    """
    step = lock_step(step)
    places = open_ids(step.goal)
    order = list(places)
    if step.pk in places:
        here = order.index(step.pk)
        order.insert(max(0, min(len(order) - 1, here + by)), order.pop(here))
        _write_positions(places, order)
    return step


def open_ids(goal: Goal) -> dict[int, int]:
    """Return the positions of the open steps by id, in order."""
    return dict(ActionStep.objects.open().filter(goal=goal).order_by("position").values_list("pk", "position"))


def _write_positions(places: dict[int, int], order: Sequence[int]) -> None:
    """Assign the positions of the open steps again, in one statement, because positions are unique."""
    if sorted(places) != sorted(order):
        raise OrderDoesNotFit
    dealt = dict(zip(order, places.values(), strict=True))
    moved = {pk: place for pk, place in dealt.items() if places[pk] != place}
    if moved:
        cases = [When(pk=pk, then=Value(place)) for pk, place in moved.items()]
        ActionStep.objects.filter(pk__in=moved).update(position=Case(*cases, output_field=IntegerField()))


RESOURCE_DEFAULTS: dict[str, Any] = {"kind": "", "description": "", "cost": None, "state": Resource.State.NEEDED}


def has_same_resources(step: ActionStep, rows: Sequence[dict[str, Any]]) -> bool:
    """Return whether a step has exactly these resources."""
    wanted = [tuple(_resource_fields(row).values()) for row in rows if not row.get("remove")]
    return list(step.resources.values_list(*RESOURCE_DEFAULTS)) == wanted


def _resource_fields(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name, default) for name, default in RESOURCE_DEFAULTS.items()}


def write_resources(*, step: ActionStep, rows: Sequence[dict[str, Any]]) -> None:
    """Add, change and remove resources of a step whose goal the caller has locked.

    A row has the fields by name, the cost in the plan's currency; `id` names an existing resource of the step, `remove`
    deletes it. Resources that no row names do not change (another tab may have added them). A row whose `id` is not of
    this step (removed, or someone else's) becomes a new one.
    """
    there = {resource.pk: resource for resource in step.resources.all()}
    for row in rows:
        resource, fields = there.get(row.get("id") or 0), _resource_fields(row)
        if row.get("remove"):
            if resource:
                resource.delete()
        elif resource is None:
            Resource.objects.create(step=step, **fields)
        elif not matches(resource, fields):
            Resource.objects.filter(pk=resource.pk).update(**fields)


@transaction.atomic
def set_resource_state(*, resource: Resource, state: Resource.State) -> Resource:
    """Set whether a resource is arranged. Idempotent. Raises GoalIsClosed."""
    goal = lock_goal(steps__resources=resource.pk)
    resource = Resource.objects.select_for_update(of=("self",)).select_related("step").get(pk=resource.pk)
    resource.step.goal = goal
    if resource.state != state:
        resource.state = state
        resource.save(update_fields=["state"])
    return resource


def blocker_text(blocker: str, day: date) -> str:
    """Return the obstacle for the details of a step: "Stuck on 5 Mar 2027: no answer from Dr Osei"."""
    return _("Stuck on %(day)s: %(words)s") % {"day": date_format(day, "j M Y"), "words": blocker}


@transaction.atomic
def add_unblocking_step(
    *,
    goal: Goal,
    step: ActionStep | None,
    blocker: str,
    next_step: dict[str, Any],
    form_key: UUID,
    today: date,
    now: datetime,
) -> ActionStep:
    """Add a smaller step before `step`, or before all open steps if the goal itself is stuck; return the new step.

    The obstacle is added at the start of the details of `step`, or of the new step, because a goal has no details.
    Idempotent by `form_key`, like `add_step`. Raises GoalIsClosed.
    """
    goal = lock_goal(pk=goal.pk)
    if made := goal.steps.filter(form_key=form_key).first():
        return made
    added = add_step(goal=goal, changes=next_step, form_key=form_key, now=now)
    if blocker:
        held_up = lock_step(step or added)
        held_up.details = f"{blocker_text(blocker, today)}\n{held_up.details}".strip()
        held_up.save(update_fields=["details"])
    order = [pk for pk in open_ids(goal) if pk != added.pk]
    order.insert(order.index(step.pk) if step and step.pk in order else 0, added.pk)
    order_steps(goal=goal, order=order)
    return added
