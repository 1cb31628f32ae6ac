"""Which open steps move along when a goal's due date moves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careerplan.goals.models import ActionStep, Change, Goal


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


def open_steps_of(goal: Goal) -> list[ActionStep]:
    """The open steps of a goal by date. One query."""
    return list(goal.steps.filter(state__in=ActionStep.OPEN_STATES).order_by("due_on", "id"))


def moves_so_far(goal: Goal) -> int:
    """How often somebody moved the due date of a goal; what a pause moved does not count. One query."""
    return goal.changes.filter(what=Change.What.DUE_DATE).exclude(reason=Change.Reason.PAUSE).count()
