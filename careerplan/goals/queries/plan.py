"""The plan page, and earlier chapters."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from accounts.models import User
from careerplan.goals.models import ActionStep, Change, Goal, Progress
from careerplan.goals.queries.load import PlanLoad, plan_load
from careerplan.goals.queries.pause import TriageDue, triage_due
from careerplan.plans.models import Pause, Plan
from careerplan.plans.queries import active_plan, archived_plans, pauses_ahead


@dataclass(frozen=True)
class PlanPage:
    """Everything the plan page shows of the active plan."""

    plan: Plan
    load: PlanLoad
    pauses: list[Pause]
    triage: TriageDue | None
    archived: list[Plan]


def plan_page(user: User, today: date) -> PlanPage | None:
    """The active plan with the load of its weeks; None for who has no plan yet. Six queries."""
    plan = active_plan(user)
    if plan is None:
        return None
    pauses = pauses_ahead(plan, today)
    return PlanPage(
        plan=plan,
        load=plan_load(plan, today, pauses),
        pauses=pauses,
        triage=triage_due(user, today),
        archived=archived_plans(user),
    )


@dataclass(frozen=True)
class Chapter:
    """An archived plan with its goals as they were left; `came_along`: ids of those that were carried on."""

    plan: Plan
    goals: list[Goal]
    came_along: set[int]


def chapter(plan: Plan) -> Chapter:
    """An archived plan with its goals and their steps. Three queries."""
    steps = ActionStep.objects.exclude(state=ActionStep.State.DROPPED).order_by("position")
    goals = list(plan.goals.prefetch_related(Prefetch("steps", queryset=steps)))
    carried = Goal.objects.filter(carried_from__in=[goal.pk for goal in goals])
    return Chapter(plan, goals, set(carried.values_list("carried_from_id", flat=True)))


def goals_with_a_step(plan: Plan) -> list[tuple[Goal, bool]]:
    """The active goals of a plan, and whether each has an open step: only then it can come along. Two queries."""
    goals = list(plan.goals.active())
    open_steps = ActionStep.objects.open().filter(goal__plan=plan)
    having = set(open_steps.values_list("goal_id", flat=True))
    return [(goal, goal.pk in having) for goal in goals]


@dataclass(frozen=True)
class ArchivedGoal:
    """A goal of an archived plan, to be read: its steps with verdicts and resources, readings and changes."""

    goal: Goal
    steps: list[ActionStep]
    readings: list[Progress]
    changes: list[Change]
    went_on_as: int | None


def archived_goal(goal: Goal) -> ArchivedGoal:
    """Everything that is kept of a goal in an archived plan. Five queries."""
    steps = goal.steps.exclude(state=ActionStep.State.DROPPED).select_related("evaluation")
    return ArchivedGoal(
        goal=goal,
        steps=list(steps.prefetch_related("resources")),
        readings=list(Progress.objects.filter(goal=goal, withdrawn_at__isnull=True)),
        changes=list(goal.changes.all()),
        went_on_as=Goal.objects.filter(carried_from=goal).values_list("pk", flat=True).first(),
    )
