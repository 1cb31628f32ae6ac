"""Add the first goals that a user chose from their results."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.goals.models import DeclinedFirstGoals, Goal
from careerplan.goals.queries.first_goals import gap_form_key, goals_of_gaps
from careerplan.goals.services.goals import create_goal
from careerplan.goals.suggestions import GapKind, GoalIdea
from careerplan.plans.services import ensure_active_plan, lock_plan, update_plan
from careerplan.skills.models import Assessment


@dataclass(frozen=True, kw_only=True)
class ChosenGoal:
    """A goal for a gap as the user wants it: fields by name, and what its first step needs (`write_resources`)."""

    idea: GoalIdea
    changes: dict[str, Any]
    first_step: dict[str, Any]
    resources: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True)
class AddedGoals:
    """The goals that were added, and the goals that other gaps already had."""

    added: list[Goal] = field(default_factory=list)
    existing: list[Goal] = field(default_factory=list)


def decline_first_goals(*, assessment: Assessment, now: datetime) -> None:
    """Remember that the user wants no goals from these results now. Idempotent."""
    DeclinedFirstGoals.objects.get_or_create(assessment=assessment, defaults={"declined_at": now})


@transaction.atomic
def add_first_goals(
    *,
    user: User,
    assessment: Assessment,
    chosen: Sequence[ChosenGoal],
    hours_a_week: Decimal | None = None,
    now: datetime,
) -> AddedGoals:
    """Add goals for gaps of the user's finished `assessment` to their active plan: all of them, or none on an error.

    A gap that already has a goal gets no second one, so a second tab or the Back button adds nothing twice.
    `hours_a_week` become those of the plan. Raises PlanIsArchived if the plan is archived at the same moment.
    """
    # The plan is locked, so that two requests at once do not both find a gap without a goal.
    plan = lock_plan(ensure_active_plan(user=user, today=local_day(now, user.time_zone)))
    known, result = goals_of_gaps(assessment), AddedGoals()
    for one in chosen:
        existing = known.find(one.idea)
        if existing is not None:
            result.existing.append(existing)
            continue
        skill = one.idea.skill
        goal = create_goal(
            user=user,
            form_key=gap_form_key(assessment, one.idea.key),
            changes=one.changes,
            first_step=one.first_step,
            resources=one.resources,
            origin_skill=skill if one.idea.kind != GapKind.STRENGTH else None,
            origin_task=one.idea.task.text if one.idea.task else "",
            skills=[skill.pk] if skill else [],
            now=now,
        )
        result.added.append(goal)
    if result.added and hours_a_week is not None and hours_a_week != plan.hours_a_week:
        update_plan(plan=plan, changes={"hours_a_week": hours_a_week})
    return result
