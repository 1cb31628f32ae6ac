"""The goals of a plan with their steps and progress: what the plan page draws and the plan document prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from careerplan.core.addresses import page_url
from careerplan.goals.models import ActionStep, Goal, ProgressEntry
from careerplan.goals.pace import Pace
from careerplan.goals.queries.progress import GoalProgress, progress_from
from careerplan.goals.texts import progress_text, steps_text
from careerplan.planning.timeline import MOST_MARKS


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """A goal with its steps in order, without dropped ones, and its progress: a row of the timeline."""

    goal: Goal
    steps: list[ActionStep]
    progress: GoalProgress

    @property
    def id(self) -> int:
        return self.goal.pk

    @property
    def title(self) -> str:
        return self.goal.title

    @property
    def url(self) -> str:
        return self.goal.get_absolute_url()

    @property
    def record_url(self) -> str:
        """Return the page for recording a number."""
        return page_url("goals:record", self.goal.pk)

    @property
    def starts_on(self) -> date:
        return self.goal.starts_on

    @property
    def due_on(self) -> date:
        return self.goal.due_on

    @property
    def state(self) -> Pace:
        return self.progress.state

    @property
    def share_done(self) -> int:
        return self.progress.share_done

    @property
    def is_number(self) -> bool:
        """Return whether the goal is measured with a number."""
        return self.goal.measure_range is not None

    @property
    def words(self) -> str:
        """Return the progress in words."""
        measure, value = self.goal.measure_range, self.progress.value
        if measure is None or value is None:
            return steps_text(len(self.steps) - len(self.open_steps), len(self.steps))
        return progress_text(value, measure, self.goal.unit)

    @property
    def open_steps(self) -> list[ActionStep]:
        """Return the steps that are not done."""
        return [step for step in self.steps if step.is_open]

    @property
    def open_days(self) -> Sequence[date]:
        """Return the first due dates of open steps."""
        return sorted(step.due_on for step in self.open_steps if step.due_on)[:MOST_MARKS]

    @property
    def next_step(self) -> ActionStep | None:
        """Return the open step that is due first."""
        return min(self.open_steps, key=lambda step: (step.due_on or date.max, step.pk), default=None)


def load_plan_goals(goals: QuerySet[Goal], today: date, steps: QuerySet[ActionStep] | None = None) -> list[PlanGoal]:
    """Load goals with their steps (from `steps`, where the caller wants more of them) and progress. Three queries.

    The progress of a closed goal is that of its last day.
    """
    shown = (ActionStep.objects.all() if steps is None else steps).exclude(state=ActionStep.State.DROPPED)
    entries = ProgressEntry.objects.counted().order_by("-measured_on", "-id")
    found = []
    for goal in goals.prefetch_related(
        Prefetch("steps", queryset=shown.order_by("position")), Prefetch("progress_entries", queryset=entries)
    ):
        of_goal = list(goal.steps.all())
        progress = progress_from(goal, of_goal, list(goal.progress_entries.all()), goal.closed_on or today)
        found.append(PlanGoal(goal, of_goal, progress))
    return found
