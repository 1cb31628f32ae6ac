"""Query of a goal's progress: entries, chart, pace and forecast."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from careerplan.core.numbers import format_number
from careerplan.goals.chart import Chart, draw
from careerplan.goals.models import ActionStep, Goal, ProgressEntry
from careerplan.goals.pace import DatedValue, Pace, forecast, pace_of_number, pace_of_steps
from careerplan.goals.queries.goal_list import share
from careerplan.goals.texts import forecast_text

SHOWN_ENTRIES = 20  # in the table of the goal page; the others are on a page of their own


@dataclass(frozen=True)
class GoalProgress:
    """The section "ProgressEntry" of the goal page. Shares in whole per cent; all entries, newest first."""

    state: Pace
    share_done: int
    time_gone: int
    value: Decimal | None
    entries: list[ProgressEntry]
    chart: Chart | None
    newest: ProgressEntry | None
    outlook: str

    @property
    def value_text(self) -> str:
        """Return the current number."""
        return "" if self.value is None else format_number(self.value)

    @property
    def shown_entries(self) -> list[ProgressEntry]:
        """Return the entries in the table of the goal page."""
        return self.entries[:SHOWN_ENTRIES]

    @property
    def first(self) -> ProgressEntry | None:
        """Return the oldest entry that counts."""
        return next((one for one in reversed(self.entries) if one.removed_at is None), None)

    @property
    def is_reached(self) -> bool:
        """Return whether the number is at its target."""
        return self.state is Pace.REACHED


def goal_progress(goal: Goal, steps: list[ActionStep], today: date) -> GoalProgress:
    """Load the progress of a goal with these steps (without dropped ones). One query, none for a yes/no goal."""
    entries = list(goal.progress_entries.order_by("-measured_on", "-id")) if goal.measure_range else []
    return progress_from(goal, steps, entries, today)


def progress_from(goal: Goal, steps: list[ActionStep], entries: list[ProgressEntry], today: date) -> GoalProgress:
    """Return the progress from loaded entries, newest first. No query."""
    gone = goal.share_of_time_gone(today)
    measure_range = goal.measure_range
    if measure_range is None:
        return _of_steps(goal, steps, gone, today)
    counted = [one for one in entries if one.removed_at is None]
    plain = [DatedValue(one.measured_on, one.value) for one in reversed(counted)]
    value = counted[0].value if counted else measure_range.start
    done = measure_range.share_done(value)
    return GoalProgress(
        state=pace_of_number(share_done=done, time_gone=gone, due_on=goal.due_on, today=today),
        share_done=done,
        time_gone=gone,
        value=value,
        entries=entries,
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
        entries=[],
        chart=None,
        newest=None,
        outlook="",
    )


def newest_entry_value(goal: Goal) -> Decimal | None:
    """Return the newest entry that counts; None if there is none. One query."""
    figures = goal.progress_entries.counted().order_by("-measured_on", "-id").values_list("value", flat=True)
    figure: Decimal | None = figures.first()
    return figure


def newest_value(goal: Goal) -> Decimal:
    """Return the current number: the newest entry that counts, or the start (0 for a yes/no goal). One query."""
    newest = newest_entry_value(goal)
    return newest if newest is not None else goal.start_value or Decimal(0)
