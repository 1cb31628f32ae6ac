"""Keep in an account what a visitor answered, or chose, before having one."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.plans.models import Plan
from careerplan.plans.services import lock_active_plan, set_target
from careerplan.skills.models import Assessment
from careerplan.skills.services.answers import save_ratings
from careerplan.skills.services.direction import DirectionChanges, save_direction
from careerplan.skills.services.drafts import start_assessment
from careerplan.skills.services.locks import locked_draft
from careerplan.skills.services.own_skills import ask_about_skills


@transaction.atomic
def keep_answers(*, user: User, occupation: Occupation, levels: Mapping[int, int | None], now: datetime) -> Assessment:
    """Add answers (levels by skill id) to the user's draft, or to a new quick one, and return it.

    The occupation becomes its target role if neither it nor the plan has one. Answers that the draft has do not change.
    Idempotent.
    """
    start_assessment(user=user, mode=Assessment.Mode.QUICK, now=now)
    with locked_draft(user=user) as draft:
        plan = Plan.objects.for_user(user).active().first()
        has_target = plan is not None and bool(plan.target_role or plan.target_occupation_id)
        if not (draft.target_name or draft.target_undecided or has_target):
            target: DirectionChanges = {"target_occupation": occupation, "target_role": occupation.title}
            save_direction(assessment=draft, changes=target, now=now)
        answered = draft.ratings.filter(confirmed_at__gte=draft.started_at).values_list("skill_id", flat=True)
        new = {pk: level for pk, level in levels.items() if pk not in set(answered)}
        ask_about_skills(assessment=draft, skills=new, names=(), now=now)
        save_ratings(assessment=draft, levels=new, now=now)
    return draft


@transaction.atomic
def choose_first_target(*, user: User, occupation: Occupation, today: date) -> bool:
    """Make the occupation the target role of a plan that has none, and return whether it is the target now."""
    plan = lock_active_plan(user=user, today=today)
    if plan.target_role or plan.target_occupation_id:
        return plan.target_occupation_id == occupation.pk
    set_target(user=user, occupation=occupation, today=today)
    return True
