"""The steps of one goal, and which of them move along with its due date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careerplan.goals.models import ActionStep, Change, Goal


@dataclass(frozen=True)
class GoalSteps:
    """All steps of a goal: open ones in their order, done ones newest first, dropped ones in their order."""

    open: list[ActionStep]
    done: list[ActionStep]
    dropped: list[ActionStep]


def load_steps(goal: Goal) -> GoalSteps:
    """The steps of a goal, each with its resources and its evaluation. Two queries."""
    steps = list(goal.steps.select_related("evaluation").prefetch_related("resources"))
    done = [step for step in steps if step.state == ActionStep.State.DONE]
    return GoalSteps(
        open=[step for step in steps if step.is_open],
        done=sorted(done, key=lambda step: step.done_at or step.created_at, reverse=True),
        dropped=[step for step in steps if step.state == ActionStep.State.DROPPED],
    )


def open_steps_in_order(goal: Goal) -> list[ActionStep]:
    """The open steps of a goal in their order. One query."""
    return list(ActionStep.objects.open().filter(goal=goal).order_by("position"))


def has_open_step(goal: Goal) -> bool:
    """Whether anything is left to do for a goal."""
    return ActionStep.objects.open().filter(goal=goal).exists()


@dataclass(frozen=True, slots=True)
class Move:
    """One step, and the day it would be due."""

    step: ActionStep
    to: date

    @property
    def moves(self) -> bool:
        """Whether the day is another one."""
        return self.to != self.step.due_on


def moved_day(day: date, *, old: date, new: date, today: date) -> date:
    """The day of a step when its goal's due date moves from `old` to `new`.

    By the same number of days; never past the goal's due date; and, where the goal comes nearer, not into the past:
    what is due from today on stays due from today on, and what is late already stays where it is. The order of days
    is kept, because each of these rules keeps it.
    """
    moved = day + (new - old)
    if new < old:
        moved = day if day < today else max(today, moved)
    return min(moved, new)


def moves_along(steps: Iterable[ActionStep], *, old: date, new: date, today: date) -> list[Move]:
    """The steps with the days they would be due, those that would stay too."""
    return [Move(step, moved_day(step.due_on, old=old, new=new, today=today)) for step in steps]


def open_steps_by_date(goal: Goal) -> list[ActionStep]:
    """The open steps of a goal by date. One query."""
    return list(goal.steps.filter(state__in=ActionStep.OPEN_STATES).order_by("due_on", "id"))


def count_due_date_moves(goal: Goal) -> int:
    """How often somebody moved the due date of a goal; what a pause moved does not count. One query."""
    return goal.changes.filter(what=Change.What.DUE_DATE).exclude(reason=Change.Reason.PAUSE).count()
