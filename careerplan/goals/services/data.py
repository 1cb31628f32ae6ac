"""What is known of goals and steps when they are written down, and what stops a write."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from careerplan.goals.models import ActionStep, Goal, Progress, Resource


class GoalIsClosed(Exception):
    """A closed goal does not change any more."""


class GoalIsArchived(GoalIsClosed):
    """The whole plan was archived; its goals stay readable and do not change any more."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """How an outcome is measured: a number with unit, start and target, or what counts as done."""

    kind: Goal.MeasureKind
    unit: str = ""
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    done_when: str = ""


class WhyIsMissing(Exception):
    """A due date, a target or the day of a stop rule changes with a reason only."""


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a date or a target changes, and whether the open steps move along with the due date."""

    reason: str
    note: str = ""
    move_steps: bool = False


@dataclass(frozen=True, kw_only=True)
class ResourceData:
    """What is known of a resource when it is written down. `id` names one the step has already.

    The cost is in the plan's currency.
    """

    kind: str
    description: str
    cost: Decimal | None = None
    state: str = Resource.State.NEEDED
    id: int | None = None
    remove: bool = False

    def columns(self) -> dict[str, Any]:
        """The same by the names of the columns."""
        return {name: getattr(self, name) for name in ("kind", "description", "cost", "state")}


@dataclass(frozen=True, kw_only=True)
class StepData:
    """What is known of a step when it is written down. Effort in hours."""

    title: str
    due_on: date
    effort_hours: Decimal | None = None
    details: str = ""
    kind: str = ""
    resources: tuple[ResourceData, ...] | None = None  # None: nothing is said of them, they stay as they are

    def columns(self) -> dict[str, Any]:
        """The same by the names of the columns."""
        return {name: getattr(self, name) for name in ("title", "due_on", "effort_hours", "details", "kind")}


@dataclass(frozen=True, kw_only=True)
class GoalData:
    """What is known of a goal when it is written down or edited."""

    area: str
    title: str
    why: str
    measure: Measure
    starts_on: date
    due_on: date
    stop_on: date | None = None
    stop_unless: str = ""

    def columns(self) -> dict[str, Any]:
        """The same by the names of the columns."""
        measure = self.measure
        return {
            "area": self.area,
            "title": self.title,
            "why": self.why,
            "measure_kind": measure.kind,
            "unit": measure.unit,
            "start_value": measure.start_value,
            "target_value": measure.target_value,
            "done_when": measure.done_when,
            "starts_on": self.starts_on,
            "due_on": self.due_on,
            "stop_on": self.stop_on,
            "stop_unless": self.stop_unless,
        }


def says(row: Goal | ActionStep | Progress, answers: dict[str, Any]) -> bool:
    """Whether a row holds just these answers."""
    return all(getattr(row, name) == answer for name, answer in answers.items())
