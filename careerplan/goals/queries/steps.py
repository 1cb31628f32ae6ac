"""Queries of a goal's steps, of which steps move with its due date, and of everything still needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Window

from careerplan.goals.models import ActionStep, Change, Goal, StepOccurrence


@dataclass(frozen=True)
class GoalSteps:
    """All steps of a goal: open ones in order, done ones newest first, dropped ones in order."""

    open: list[ActionStep]
    done: list[ActionStep]
    dropped: list[ActionStep]


def load_steps(goal: Goal) -> GoalSteps:
    """Load the steps of a goal with their resources and evaluations. Two queries."""
    times_done = Count("occurrences", filter=Q(occurrences__outcome=StepOccurrence.Outcome.DONE))
    rows = goal.steps.annotate(times_done=times_done).order_by("position")  # Django drops the usual order of groups
    steps = list(rows.select_related("evaluation").prefetch_related("resources"))
    done = [step for step in steps if step.state == ActionStep.State.DONE]
    return GoalSteps(
        open=[step for step in steps if step.is_open],
        done=sorted(done, key=lambda step: step.done_at or step.created_at, reverse=True),
        dropped=[step for step in steps if step.state == ActionStep.State.DROPPED],
    )


def open_steps_in_order(goal: Goal) -> list[ActionStep]:
    """Return the open steps of a goal in order. One query."""
    return list(ActionStep.objects.open().filter(goal=goal).order_by("position"))


def has_next_step(goal: Goal) -> bool:
    """Return whether a goal has an open step with a due date. One query."""
    return ActionStep.objects.open().filter(goal=goal, due_on__isnull=False).exists()


MOST_OCCURRENCES = 60


@dataclass(frozen=True)
class OccurrenceList:
    """The last times of a repeating step, newest first, and how many of all were done."""

    rows: list[StepOccurrence]
    done: int
    count: int


def list_occurrences(step: ActionStep) -> OccurrenceList:
    """Return the history of a repeating step. One query."""
    is_done = Q(outcome=StepOccurrence.Outcome.DONE)
    rows = step.occurrences.annotate(count=Window(Count("pk")), done=Window(Count("pk", filter=is_done)))
    found: list[Any] = list(rows[:MOST_OCCURRENCES])  # with the counts, which the type checker loses
    return OccurrenceList(found, found[0].done, found[0].count) if found else OccurrenceList([], 0, 0)


@dataclass(frozen=True, slots=True)
class Move:
    """A step and its new due date."""

    step: ActionStep
    to: date

    @property
    def moves(self) -> bool:
        """Return whether the date changes."""
        return self.to != self.step.due_on


def moved_day(day: date, *, old: date, new: date, today: date) -> date:
    """Return the due date of a step when its goal's due date moves from `old` to `new`.

    It moves by the same number of days, never past the goal's due date. If the goal moves earlier, no step moves into
    the past: what is due today or later stays so, and late steps do not move. The order of dates is kept, because each
    of these rules keeps it.
    """
    moved = day + (new - old)
    if new < old:
        moved = day if day < today else max(today, moved)
    return min(moved, new)


def moves_along(steps: Iterable[ActionStep], *, old: date, new: date, today: date) -> list[Move]:
    """Return steps that have a due date with their new ones, including those that would not move."""
    return [Move(step, moved_day(step.due_on, old=old, new=new, today=today)) for step in steps if step.due_on]


def open_steps_by_date(goal: Goal) -> list[ActionStep]:
    """Return the open steps of a goal by date, those without one last. One query."""
    return list(goal.steps.filter(state__in=ActionStep.OPEN_STATES).order_by("due_on", "id"))


def count_due_date_moves(goal: Goal) -> int:
    """Return how often the user moved the due date of a goal, without pauses. One query."""
    return goal.changes.filter(what=Change.What.DUE_DATE).exclude(reason=Change.Reason.PAUSE).count()
