"""Create and change plans."""

from contextlib import suppress
from datetime import date
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from careerplan.catalogue.models import Occupation
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.core.readonly import ClosedRowError, require_open
from careerplan.plans.models import Plan


class DirectionData(TypedDict):
    """Answers about where the user is and wants to be."""

    career_stage: str
    current_role: str
    target_role: str
    target_occupation: Occupation | None
    vision: str
    horizon: str
    horizon_on: date | None


class PlanIsArchived(ClosedRowError):
    """The plan is archived and read-only."""


@transaction.atomic
def ensure_active_plan(*, user: User, today: date) -> Plan:
    """Return the user's active plan; create it if needed, started on `today` (their local date).

    Safe against two requests at once: the database allows one active plan per user.
    """
    plan, _created = Plan.objects.get_or_create(
        user=user, state=Plan.State.ACTIVE, defaults={"title": _("My career plan"), "started_on": today}
    )
    return plan


@transaction.atomic
def set_direction(*, plan: Plan, direction: DirectionData) -> Plan:
    """Save where the user is and wants to be in their plan, which the caller has locked (`lock_active_plan`)."""
    for field, value in direction.items():
        setattr(plan, field, value)
    plan.save(update_fields=list(direction))
    return plan


@transaction.atomic
def set_target(*, user: User, occupation: Occupation, today: date) -> Plan:
    """Make an occupation the target of the user's active plan, under its title; the rest of the direction stays.

    If it is the target already, nothing changes, so their own words for it stay. Idempotent.
    """
    plan = lock_active_plan(user=user, today=today)
    if plan.target_occupation_id != occupation.pk:
        plan.target_occupation, plan.target_role = occupation, occupation.title
        plan.save(update_fields=["target_occupation", "target_role"])
    return plan


def share_plan_lock(ids: QuerySet[Any, Any]) -> Plan | None:
    """Lock the plan FOR SHARE until the transaction ends, active or archived, and reload it.

    `ids` is a query for its id. Every write below a plan takes this lock first, so archiving waits for it and deadlocks
    cannot happen.
    """
    of_plan, parameters = ids.query.sql_with_params()
    plans = Plan.objects.raw(f"SELECT * FROM plans_plan WHERE id IN ({of_plan}) FOR SHARE", parameters)  # noqa: S608
    return next(iter(plans), None)


@transaction.atomic
def share_active_plan_lock(*, user: User, today: date) -> Plan:
    """Lock the active plan (`ensure_active_plan`) against archiving until the transaction ends."""
    while True:
        plan = ensure_active_plan(user=user, today=today)
        held = share_plan_lock(Plan.objects.filter(pk=plan.pk).values("pk"))
        if held is not None and held.is_active:
            return held


@transaction.atomic
def lock_active_plan(*, user: User, today: date) -> Plan:
    """Lock the active plan (`ensure_active_plan`) until the transaction ends, and reload it."""
    while True:
        with suppress(PlanIsArchived):  # while we waited for the lock: there is a new one
            return lock_plan(ensure_active_plan(user=user, today=today))


def lock_plan(plan: Plan) -> Plan:
    """Lock the plan until the transaction ends, and reload it. Raises PlanIsArchived."""
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    require_open(locked, PlanIsArchived)
    return locked


@transaction.atomic
def update_plan(*, plan: Plan, changes: dict[str, Any]) -> Plan:
    """Save changed fields of the plan.

    Raises PlanIsArchived, and StaleObjectError if the plan has changed since `plan` was loaded.
    """
    seen, plan = plan.version, lock_plan(plan)
    if plan.version != seen:
        raise StaleObjectError
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(changes))
    return plan
