"""Query of a goal's steps, and of which steps move with its due date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careerplan.goals.models import ActionStep, Change, Goal


@dataclass(frozen=True)
class GoalSteps:
    """All steps of a goal: open ones in order, done ones newest first, dropped ones in order."""

    open: list[ActionStep]
    done: list[ActionStep]
    dropped: list[ActionStep]


def load_steps(goal: Goal) -> GoalSteps:
    """Load the steps of a goal with their resources and evaluations. Two queries."""
    steps = list(goal.steps.select_related("evaluation").prefetch_related("resources"))
    done = [step for step in steps if step.state == ActionStep.State.DONE]
    return GoalSteps(
        open=[step for step in steps if step.is_open],
        done=sorted(done, key=lambda step: step.done_at or step.created_at, reverse=True),
        dropped=[step for step in steps if step.state == ActionStep.State.DROPPED],
    )


def open_steps_in_order(goal: Goal) -> list[ActionStep]:
    """Return the open steps of a goal in order. One query."""
    return list(ActionStep.objects.open().filter(goal=goal).order_by("position"))


def has_open_step(goal: Goal) -> bool:
    """Return whether a goal has an open step."""
    return ActionStep.objects.open().filter(goal=goal).exists()


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
    """Return steps with their new due dates, including those that would not move."""
    return [Move(step, moved_day(step.due_on, old=old, new=new, today=today)) for step in steps]


def open_steps_by_date(goal: Goal) -> list[ActionStep]:
    """Return the open steps of a goal by date. One query."""
    return list(goal.steps.filter(state__in=ActionStep.OPEN_STATES).order_by("due_on", "id"))


def count_due_date_moves(goal: Goal) -> int:
    """Return how often the user moved the due date of a goal, without pauses. One query."""
    return goal.changes.filter(what=Change.What.DUE_DATE).exclude(reason=Change.Reason.PAUSE).count()
