"""What can be done with a goal as a whole."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

import pghistory
from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.core.dates import local_day
from careerplan.goals.models import GREW_FROM, Goal, Resource
from careerplan.goals.services.data import GoalData, StepData, says
from careerplan.goals.services.locks import locked_goal
from careerplan.goals.services.steps import add_step
from careerplan.plans.services import shared_active_plan


@transaction.atomic
def create_goal(
    *,
    user: User,
    form_key: UUID,
    data: GoalData,
    first_step: StepData,
    skill: Skill | None = None,
    more_skills: Iterable[int] = (),
    takes: tuple[str, str] | None = None,
    now: datetime,
) -> Goal:
    """Save a goal together with its first step, in the person's active plan.

    `skill`: the one whose gap it grew from, which its history says; `more_skills`: ids; `takes`: kind and description
    of what the first step needs.
    Idempotent: `form_key` names the form that was sent; sent again unchanged, the goal it made is returned.
    Sent again with other answers (the Back button, an edit, Save), it makes a goal of its own.
    Raises IntegrityError where a rule of the schema is broken (the form has asked before).
    """
    plan = shared_active_plan(user=user, today=local_day(now, user.time_zone))
    answers = data.columns()
    first = {"due_set_at": now, "created_at": now}
    with pghistory.context(**{GREW_FROM: skill.pk} if skill else {}):
        goal, created = Goal.objects.get_or_create(plan=plan, form_key=form_key, defaults={**answers, **first})
        if not created and not says(goal, answers):
            goal, created = Goal.objects.create(plan=plan, form_key=uuid4(), **answers, **first), True
    if created:
        step = add_step(goal=goal, step=first_step, form_key=form_key, now=now)
        if takes is not None:
            Resource.objects.create(step=step, kind=takes[0], description=takes[1])
        goal.skills.add(*([skill.pk] if skill else []), *more_skills)
    return goal


@transaction.atomic
def delete_goal(*, goal: Goal) -> None:
    """Remove a goal with its steps for good. Idempotent. Raises GoalIsArchived."""
    try:
        locked_goal(goal).delete()
    except Goal.DoesNotExist:  # the second of two clicks
        return
