"""How far one goal is: its readings, their picture, its state and what to expect."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from careerplan.core.numbers import format_number
from careerplan.goals.chart import Chart, draw
from careerplan.goals.models import ActionStep, Goal, Progress
from careerplan.goals.pace import DatedValue, Pace, forecast, pace_of_number, pace_of_steps
from careerplan.goals.queries.goal_list import share
from careerplan.goals.texts import forecast_text

SHOWN_READINGS = 20  # in the table of the goal page; the others have a page of their own


@dataclass(frozen=True)
class GoalProgress:
    """The section "Progress" of a goal's page. Shares in whole per cent; all readings, newest first."""

    state: Pace
    share_done: int
    time_gone: int
    value: Decimal | None
    readings: list[Progress]
    chart: Chart | None
    newest: Progress | None
    outlook: str

    @property
    def value_text(self) -> str:
        """The figure where it is now."""
        return "" if self.value is None else format_number(self.value)

    @property
    def shown_readings(self) -> list[Progress]:
        """What the table on the goal's page holds."""
        return self.readings[:SHOWN_READINGS]

    @property
    def first(self) -> Progress | None:
        """The oldest reading that counts."""
        return next((one for one in reversed(self.readings) if one.withdrawn_at is None), None)

    @property
    def is_reached(self) -> bool:
        """Whether the number is at its target."""
        return self.state is Pace.REACHED


def goal_progress(goal: Goal, steps: list[ActionStep], today: date) -> GoalProgress:
    """The progress of a goal with these steps (dropped ones left out). One query, none for a yes or no."""
    readings = list(goal.readings.order_by("-read_on", "-id")) if goal.measure_range else []
    return progress_from(goal, steps, readings, today)


def progress_from(goal: Goal, steps: list[ActionStep], readings: list[Progress], today: date) -> GoalProgress:
    """The same from readings that are known, newest first. No query."""
    gone = goal.share_of_time_gone(today)
    measure_range = goal.measure_range
    if measure_range is None:
        return _of_steps(goal, steps, gone, today)
    counted = [one for one in readings if one.withdrawn_at is None]
    plain = [DatedValue(one.read_on, one.value) for one in reversed(counted)]
    value = counted[0].value if counted else measure_range.start
    done = measure_range.share_done(value)
    return GoalProgress(
        state=pace_of_number(share_done=done, time_gone=gone, due_on=goal.due_on, today=today),
        share_done=done,
        time_gone=gone,
        value=value,
        readings=readings,
        chart=draw(measure_range, plain, today if goal.is_active else None),
        newest=counted[0] if counted else None,
        outlook=forecast_text(forecast(measure_range, plain, today), measure_range) if goal.is_active else "",
    )


def _of_steps(goal: Goal, steps: list[ActionStep], gone: int, today: date) -> GoalProgress:
    still_open = sorted(step.due_on for step in steps if step.is_open)
    late = sum(day < today for day in still_open)
    oldest = still_open[0] if still_open else None
    return GoalProgress(
        state=pace_of_steps(late=late, oldest_due_on=oldest, due_on=goal.due_on, today=today),
        share_done=share(len(steps) - len(still_open), len(steps)),
        time_gone=gone,
        value=None,
        readings=[],
        chart=None,
        newest=None,
        outlook="",
    )


def newest_reading(goal: Goal) -> Decimal | None:
    """The newest figure that counts; None where there is no reading. One query."""
    figures = goal.readings.counted().order_by("-read_on", "-id").values_list("value", flat=True)
    figure: Decimal | None = figures.first()
    return figure


def newest_value(goal: Goal) -> Decimal:
    """Where a number is: the newest reading that counts, or the start. One query. (0 for a yes or no.)"""
    newest = newest_reading(goal)
    return newest if newest is not None else goal.start_value or Decimal(0)
