"""The plan on an earlier date, from the history in the database (docs/adr/0007).

A row at the end of a day is its newest event until then. Deleted rows have no history.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db.models import Model, QuerySet

from accounts.models import User
from careerplan.goals.facts import ListedFact, Place, list_facts
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry, Resource
from careerplan.plans.models import Pause, Plan

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class StepSnapshot:
    """A step on that date, with its rating and resources."""

    step: ActionStep
    evaluation: Evaluation | None
    resources: list[Resource]


@dataclass(frozen=True)
class GoalSnapshot:
    """A goal on that date: its newest entry, and its steps in order."""

    goal: Goal
    entry: ProgressEntry | None
    steps: list[StepSnapshot]

    @property
    def facts(self) -> list[ListedFact]:
        """Return the facts of the goal besides title, measure and due date."""
        return list_facts(self.goal, Place.SNAPSHOT)


@dataclass(frozen=True)
class PlanSnapshot:
    """A plan at the end of a day, with its current and planned pauses."""

    day: date
    plan: Plan
    goals: list[GoalSnapshot]
    pauses: list[Pause]


def end_of_day(user: User, day: date) -> datetime:
    """Return the start of the next day in the user's time zone."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=user.zone)


def load_snapshot(user: User, day: date) -> PlanSnapshot | None:
    """Load the plan that was active at the end of a local day; None if nothing is known.

    Seven queries, however long the plan.
    """
    end = end_of_day(user, day)
    plans = [_as_row(event, Plan) for event in _newest("plans.PlanEvent", end, pgh_obj__user=user)]
    plan = next((plan for plan in plans if plan.is_active), None)
    if plan is None:
        return None
    goals = [_as_row(event, Goal) for event in _newest("goals.GoalEvent", end, pgh_obj__plan=plan.pk)]
    steps = [_as_row(e, ActionStep) for e in _newest("goals.ActionStepEvent", end, pgh_obj__goal__plan=plan.pk)]
    events = _newest("goals.EvaluationEvent", end, pgh_obj__step__goal__plan=plan.pk)
    evaluations = {evaluation.step_id: evaluation for evaluation in (_as_row(event, Evaluation) for event in events)}
    resources: dict[int, list[Resource]] = defaultdict(list)
    for event in _newest("goals.ResourceEvent", end, pgh_obj__step__goal__plan=plan.pk):
        resource = _as_row(event, Resource)
        resources[resource.step_id].append(resource)
    pauses = [_as_row(event, Pause) for event in _newest("plans.PauseEvent", end, pgh_obj__plan=plan.pk)]
    known = ProgressEntry.objects.filter(goal__plan=plan.pk, recorded_at__lt=end).exclude(removed_at__lt=end)
    entries = {entry.goal_id: entry for entry in known.order_by("measured_on", "id")}
    by_goal: dict[int, list[StepSnapshot]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step.position):
        if step.state != ActionStep.State.DROPPED:
            evaluation = evaluations.get(step.pk) if step.state == ActionStep.State.DONE else None
            by_goal[step.goal_id].append(StepSnapshot(step, evaluation, resources[step.pk]))
    goals.sort(key=lambda goal: (not goal.is_active, goal.due_on, goal.pk))
    return PlanSnapshot(
        day=day,
        plan=plan,
        goals=[GoalSnapshot(goal, entries.get(goal.pk), by_goal[goal.pk]) for goal in goals],
        pauses=sorted((pause for pause in pauses if pause.ends_on >= day), key=lambda pause: pause.starts_on),
    )


def history_begins_on(user: User) -> date | None:
    """Return the local date of the first event of the user's plans. One query."""
    events = apps.get_model("plans.PlanEvent").objects.filter(pgh_obj__user=user)
    first: datetime | None = events.order_by("pgh_created_at").values_list("pgh_created_at", flat=True).first()
    return first.astimezone(user.zone).date() if first else None


def _newest(event_model: str, end: datetime, **owner: Any) -> QuerySet[Any]:
    """Return the newest event of each row before `end`."""
    events: QuerySet[Any] = apps.get_model(event_model).objects.filter(pgh_created_at__lt=end, **owner)
    return events.order_by("pgh_obj_id", "-pgh_created_at", "-pgh_id").distinct("pgh_obj_id")


def _as_row(event: Model, model: type[M]) -> M:
    """Return the row of an event, unsaved, with the labels of its choices."""
    columns = [field.attname for field in model._meta.concrete_fields]
    return model(**{name: getattr(event, name) for name in columns})
