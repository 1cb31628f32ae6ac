"""Query of the page of a goal that is reached or partly reached: from where to where, how long, what was learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from accounts.models import User
from careerplan.core.numbers import format_number
from careerplan.goals.chart import Point, thinned
from careerplan.goals.models import ActionStep, Goal
from careerplan.goals.pace import DatedValue
from careerplan.goals.queries.progress import GoalProgress, goal_progress
from careerplan.goals.queries.steps import load_steps
from careerplan.plans.models import Plan

FLOOR, CEILING = 92.0, 8.0  # of the drawing in per cent, so that dots are not cut off at its edges
MOST_LESSONS = 12


@dataclass(frozen=True)
class HowItWent:
    """A closed goal, looked back on. `next_goal` is the open goal of the same plan that is due first."""

    goal: Goal
    closed_on: date
    progress: GoalProgress
    done_steps: list[ActionStep]  # in the order in which they were done
    open_steps: list[ActionStep]
    dropped_steps: list[ActionStep]
    next_goal: Goal | None

    @property
    def days_taken(self) -> int:
        """Return the days from the start to the closing; 1 if both are the same."""
        return max(1, (self.closed_on - self.goal.starts_on).days)

    @property
    def days_early(self) -> int:
        """Return how many days before its due date the goal was closed; negative if after."""
        return (self.goal.due_on - self.closed_on).days

    @property
    def lessons(self) -> list[ActionStep]:
        """Return the done steps whose rating says what was learned."""
        return [step for step in self.done_steps if learned_from(step)][-MOST_LESSONS:]

    @property
    def value_now(self) -> str:
        return self.progress.value_text

    @property
    def value_before(self) -> str:
        return "" if self.goal.start_value is None else format_number(self.goal.start_value)

    @property
    def way(self) -> list[tuple[Point, Point]]:
        """Return the line from the start to the closing, for a goal with a number; positions in per cent."""
        measured = self.goal.measure_range
        if measured is None:
            return []
        entries = [DatedValue(one.measured_on, one.value) for one in self.progress.entries if not one.removed_at]
        points = [Point(self._at(one.measured_on), _height(measured.share_done(one.value))) for one in ordered(entries)]
        return list(pairwise([Point(0.0, FLOOR), *points]))

    @property
    def pace_end(self) -> float:
        """Return the height that an even pace would have had at the closing."""
        return _height(self.goal.share_of_time_gone(self.closed_on))

    @property
    def done_at(self) -> list[float]:
        """Return where steps were done on the line of time, for a goal without a number."""
        return sorted({self._at(step.done_on) for step in self.done_steps if step.done_on})

    def _at(self, day: date) -> float:
        if self.closed_on <= self.goal.starts_on:
            return 100.0
        share = 100 * (day - self.goal.starts_on).days / self.days_taken
        return round(min(100.0, max(0.0, share)), 2)


def learned_from(step: ActionStep) -> str:
    """Return what the person wrote about a done step; "" without a rating."""
    evaluation = getattr(step, "evaluation", None)
    return evaluation.learned if evaluation else ""


def ordered(entries: Sequence[DatedValue]) -> list[DatedValue]:
    """Return the newest value of each day by date, as many as can be told apart."""
    return thinned(sorted({one.measured_on: one for one in reversed(entries)}.values()))


def _height(share: int) -> float:
    return round(FLOOR - (FLOOR - CEILING) * share / 100, 2)


def load_how_it_went(goal: Goal, user: User, today: date) -> HowItWent:
    """Load how a closed goal went. Four queries, one fewer without a number."""
    steps = load_steps(goal)
    following = Goal.objects.for_user(user).active().filter(plan=goal.plan_id, plan__state=Plan.State.ACTIVE)
    return HowItWent(
        goal=goal,
        closed_on=goal.closed_on or today,
        progress=goal_progress(goal, [*steps.open, *steps.done], today),
        done_steps=steps.done[::-1],
        open_steps=steps.open,
        dropped_steps=steps.dropped,
        next_goal=following.first(),
    )
