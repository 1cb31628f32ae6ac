"""Start a new plan: archive the old one and copy the chosen goals."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.dispatch import Signal

from careerplan.core.dates import local_day
from careerplan.core.models import copyable_values
from careerplan.goals.models import ActionStep, Evaluation, Goal, ProgressEntry, Resource, StepOccurrence
from careerplan.goals.services.locks import lock_plan_and_goals
from careerplan.planning.models import PauseMove
from careerplan.plans.models import Pause, Plan
from careerplan.plans.services import PlanIsArchived, ensure_active_plan

# Sent inside the transaction that starts a new plan. Arguments: old and new (Plan; the old one is already archived),
# goals (dict[int, Goal]: copies by the ids of the originals), now.
new_plan_started = Signal()


CARRIED_DIRECTION = (
    *("career_stage", "current_role", "target_role", "target_occupation", "vision", "horizon", "horizon_on"),
    *("priorities", "hours_a_week", "currency"),
)


class GoalHasNoStep(Exception):
    """A goal without an open step cannot move to a new plan, because goals are saved with their next step."""


@transaction.atomic
def start_new_plan(*, plan: Plan, title: str, closing_notes: str, carried: Collection[int], now: datetime) -> Plan:
    """Archive `plan` and start a new one with `title`; return the new plan.

    `carried`: ids of active goals to keep, with their open and done steps, the times of those that repeat, resources,
    ratings, progress entries, skills and stop rule. The direction is copied as a start. Idempotent: if the plan is
    archived already, the active plan is returned. Raises GoalHasNoStep.
    """
    today = local_day(now, plan.user.time_zone)
    try:
        old, goals = lock_plan_and_goals(plan)
    except PlanIsArchived:
        return ensure_active_plan(user=plan.user, today=today)
    taken = [goal for goal in goals if goal.pk in carried]
    steps = _steps_of(taken)
    if not all(any(step.is_open for step in steps.get(goal.pk, ())) for goal in taken):
        raise GoalHasNoStep
    old.state, old.archived_at, old.closing_notes = Plan.State.ARCHIVED, now, closing_notes
    pauses = list(old.pauses.filter(ends_on__gte=today))
    parts = _parts_of(taken, steps)
    old.save(update_fields=["state", "archived_at", "closing_notes"])
    new = Plan.objects.create(
        user=old.user, title=title, started_on=today, **{name: getattr(old, name) for name in CARRIED_DIRECTION}
    )
    for goal in taken:
        _carry(goal, new, steps[goal.pk], parts, now)
    for pause in pauses:  # an illness does not end with a plan
        made = Pause.objects.create(
            **copyable_values(pause, "plan", "made_at", "form_key"), plan=new, made_at=now, form_key=uuid4()
        )
        _carry_moves(pause, made, parts)
    new_plan_started.send(sender=Plan, old=old, new=new, goals=parts.new_goals, now=now)
    return new


class CopiedParts:
    """Rows that belong to the kept goals, loaded at once."""

    def __init__(self) -> None:
        self.entries: dict[int, list[ProgressEntry]] = defaultdict(list)
        self.skills: dict[int, list[int]] = defaultdict(list)
        self.resources: dict[int, list[Resource]] = defaultdict(list)
        self.occurrences: dict[int, list[StepOccurrence]] = defaultdict(list)
        self.evaluations: dict[int, Evaluation] = {}
        self.new_goals: dict[int, Goal] = {}  # copies by the ids of the originals
        self.new_steps: dict[int, ActionStep] = {}


def _steps_of(goals: list[Goal]) -> dict[int, list[ActionStep]]:
    """Return open and done steps in order, by goal id."""
    found: dict[int, list[ActionStep]] = {}
    steps = ActionStep.objects.exclude(state=ActionStep.State.DROPPED).filter(goal__in=goals)
    for step in steps.order_by("goal_id", "position"):
        found.setdefault(step.goal_id, []).append(step)
    return found


def _parts_of(goals: list[Goal], steps: dict[int, list[ActionStep]]) -> CopiedParts:
    parts = CopiedParts()
    for entry in ProgressEntry.objects.filter(goal__in=goals):
        parts.entries[entry.goal_id].append(entry)
    through = Goal.skills.through.objects.filter(goal__in=goals)
    for goal_id, skill_id in through.values_list("goal_id", "skill_id"):
        parts.skills[goal_id].append(skill_id)
    pks = [step.pk for goal_steps in steps.values() for step in goal_steps]
    for resource in Resource.objects.filter(step__in=pks):
        parts.resources[resource.step_id].append(resource)
    for occurrence in StepOccurrence.objects.filter(step__in=pks):
        parts.occurrences[occurrence.step_id].append(occurrence)
    parts.evaluations = {row.step_id: row for row in Evaluation.objects.filter(step__in=pks)}
    return parts


def _carry(goal: Goal, plan: Plan, steps: list[ActionStep], parts: CopiedParts, now: datetime) -> None:
    """Copy a goal into the new plan. Its dates count as set now, so that no reminder is sent twice."""
    fresh = ("form_key", "due_set_at", "created_at")

    def anew() -> dict[str, Any]:
        return {"form_key": uuid4(), "due_set_at": now, "created_at": now}

    columns = copyable_values(goal, "plan", "carried_from", *fresh)
    copy = Goal.objects.create(plan=plan, carried_from=goal, **columns, **anew())
    parts.new_goals[goal.pk] = copy
    copy.skills.set(parts.skills[goal.pk])
    for step in steps:
        made = ActionStep.objects.create(goal=copy, **copyable_values(step, "goal", *fresh), **anew())
        parts.new_steps[step.pk] = made
        Resource.objects.bulk_create(
            Resource(step=made, **copyable_values(resource, "step")) for resource in parts.resources[step.pk]
        )
        StepOccurrence.objects.bulk_create(
            StepOccurrence(step=made, **copyable_values(occurrence, "step"))
            for occurrence in parts.occurrences[step.pk]
        )
        if rating := parts.evaluations.get(step.pk):
            Evaluation.objects.create(step=made, **copyable_values(rating, "step"))
    ProgressEntry.objects.bulk_create(
        ProgressEntry(goal=copy, **copyable_values(entry, "goal", "form_key")) for entry in parts.entries[goal.pk]
    )


def _carry_moves(pause: Pause, copy: Pause, parts: CopiedParts) -> None:
    """Copy what a pause moved, so that its end moves the copies back (services/pauses.py)."""
    carried = []
    for move in PauseMove.objects.filter(pause=pause):
        goal, step = parts.new_goals.get(move.goal_id or 0), parts.new_steps.get(move.step_id or 0)
        if goal or step:
            columns = copyable_values(move, "pause", "goal", "step")
            carried.append(PauseMove(pause=copy, goal=goal, step=step, **columns))
    PauseMove.objects.bulk_create(carried)
