"""The order of a goal's open steps. Done and dropped ones keep their places."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When

from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.services.locks import held_goal
from careerplan.goals.services.steps import locked_step


class OrderDoesNotFit(Exception):
    """The order names other steps than the open ones of the goal: some came, went or are somebody else's."""


@transaction.atomic
def order_steps(*, goal: Goal, order: Sequence[int]) -> None:
    """Put the open steps of an active goal into an order: their ids, each once. Idempotent.

    Raises GoalIsClosed, and OrderDoesNotFit, which changes nothing, where an id is missing, foreign or twice.
    """
    goal = held_goal(pk=goal.pk)
    _write(open_ids(goal), order)


@transaction.atomic
def move_step(*, step: ActionStep, by: int) -> ActionStep:
    """Move an open step by so many places (-1 is one place earlier), as far as there are places.

    Raises GoalIsClosed; a step that is not open stays where it is.
    """
    step = locked_step(step)
    places = open_ids(step.goal)
    order = list(places)
    if step.pk in places:
        here = order.index(step.pk)
        order.insert(max(0, min(len(order) - 1, here + by)), order.pop(here))
        _write(places, order)
    return step


def open_ids(goal: Goal) -> dict[int, int]:
    """The places of the open steps by their ids, first one first."""
    return dict(ActionStep.objects.open().filter(goal=goal).order_by("position").values_list("pk", "position"))


def _write(places: dict[int, int], order: Sequence[int]) -> None:
    """Deal the places that the open steps hold anew: one statement, since no place is held twice (a constraint)."""
    if sorted(places) != sorted(order):
        raise OrderDoesNotFit
    dealt = dict(zip(order, places.values(), strict=True))
    moved = {pk: place for pk, place in dealt.items() if places[pk] != place}
    if moved:
        cases = [When(pk=pk, then=Value(place)) for pk, place in moved.items()]
        ActionStep.objects.filter(pk__in=moved).update(position=Case(*cases, output_field=IntegerField()))
