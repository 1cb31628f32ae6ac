"""Goals and steps in lists. Each function costs a fixed number of queries, however many there are."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from django.db.models import Count, Max, Prefetch, Q

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal

if TYPE_CHECKING:

    class CountedGoal(Goal):
        """A goal with what `goal_rows` annotates."""

        steps_done: int
        steps_open: int
        open_steps: list[ActionStep]

        class Meta:
            abstract = True


OPEN = Q(steps__state__in=ActionStep.OPEN_STATES)


def share(part: int, whole: int) -> int:
    """A part in per cent of the whole, 0 where there is nothing."""
    return round(100 * part / whole) if whole else 0


@dataclass(frozen=True)
class GoalRow:
    """One goal in a list: how far its steps are, how far its time, and what comes next."""

    goal: Goal
    steps_done: int
    steps_open: int
    time_gone: int  # per cent
    next_step: ActionStep | None

    @property
    def steps_all(self) -> int:
        """Steps that count: dropped ones do not."""
        return self.steps_done + self.steps_open

    @property
    def share_done(self) -> int:
        """Steps done, in per cent of those that count."""
        return share(self.steps_done, self.steps_all)


def goal_rows(user: User, today: date) -> list[GoalRow]:
    """The active goals of the active plan, by due date, each with its next open step."""
    open_steps = ActionStep.objects.open().order_by("due_on", "id")
    goals = (
        Goal.objects.for_user(user)
        .active()
        .filter(plan__state="active")
        .annotate(
            steps_done=Count("steps", filter=Q(steps__state=ActionStep.State.DONE)),
            steps_open=Count("steps", filter=OPEN),
        )
        .prefetch_related(Prefetch("steps", queryset=open_steps, to_attr="open_steps"))
    )
    return [
        GoalRow(
            goal=goal,
            steps_done=goal.steps_done,
            steps_open=goal.steps_open,
            time_gone=goal.share_of_time_gone(today),
            next_step=goal.open_steps[0] if goal.open_steps else None,
        )
        for goal in cast("list[CountedGoal]", list(goals))
    ]


def active_goals_by_skill(user: User) -> dict[int, Goal]:
    """The active goal of the active plan that builds a skill, by skill id; of several the one due first. One query."""
    goals = Goal.objects.for_user(user).active().filter(plan__state="active").order_by("due_on", "id")
    found: dict[int, Goal] = {}
    for skill_id, pk, title in goals.values_list("skills", "pk", "title"):
        if skill_id is not None:
            found.setdefault(skill_id, Goal(pk=pk, title=title))
    return found


def open_steps_by_date(user: User) -> list[ActionStep]:
    """Every open step of an active goal in the active plan, nearest first."""
    return list(
        ActionStep.objects.for_user(user)
        .open()
        .filter(goal__state=Goal.State.ACTIVE, goal__plan__state="active")
        .select_related("goal")
        .order_by("due_on", "id")
    )


def last_open_step_on(goal: Goal) -> date | None:
    """When the last open step of a goal is due."""
    last: date | None = goal.steps.filter(state__in=ActionStep.OPEN_STATES).aggregate(last=Max("due_on"))["last"]
    return last


def closed_goals(user: User) -> list[Goal]:
    """Goals of the active plan that are not worked on any more, last closed first."""
    return list(Goal.objects.for_user(user).filter(plan__state="active").exclude(state="active").order_by("-closed_at"))
