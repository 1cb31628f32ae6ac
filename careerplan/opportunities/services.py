"""Create and change opportunities. Each function locks the plan first, against archiving, then the opportunity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.core.readonly import require_open
from careerplan.goals.models import Goal
from careerplan.goals.services.steps import add_step
from careerplan.opportunities.models import (
    Criterion,
    CriterionScore,
    GoalEffect,
    NeededSkill,
    Opportunity,
    PriorityScore,
)
from careerplan.opportunities.queries.opportunity_list import is_outcome_review_due
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived, lock_plan, share_active_plan_lock, share_plan_lock


class DecisionReasonMissing(Exception):
    """A decision needs a reason."""


class AlreadyDecided(Exception):
    """Another decision was made; reopen the opportunity first."""


class NotPursuing(Exception):
    """Only an opportunity that is being pursued can have an outcome."""


class OutcomeReviewNotDue(Exception):
    """There is no decision, or it is less than 90 days old."""


@dataclass(frozen=True, kw_only=True)
class WeighingAnswers:
    """Answers about an opportunity. Scores are 1 to 5 or None, `effects` are by goal id with "" for no answer."""

    pros: str = ""
    cons: str = ""
    vision_score: int | None = None
    effects: Mapping[int, str] = field(default_factory=dict)
    priorities: Mapping[str, int | None] = field(default_factory=dict)
    criteria: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """The step to add to a goal when an opportunity is pursued. `form_key` makes adding it idempotent."""

    goal: Goal
    step: dict[str, Any]
    form_key: UUID


def lock_opportunity(opportunity: Opportunity, *, check_version: bool = False) -> Opportunity:
    """Lock the plan of an opportunity, then its row, and return it with its plan.

    Raises PlanIsArchived, Opportunity.DoesNotExist if it was deleted since; with `check_version` also StaleObjectError
    if the version of `opportunity` is outdated.
    """
    found = Opportunity.objects.filter(pk=opportunity.pk)
    plan = share_plan_lock(found.values("plan_id"))
    if plan is not None:
        require_open(plan, PlanIsArchived)
    locked = found.select_for_update().get()
    if plan is not None:
        locked.plan = plan
    if check_version and locked.version != opportunity.version:
        raise StaleObjectError
    return locked


@transaction.atomic
def add_opportunity(*, user: User, form_key: UUID, changes: Mapping[str, Any], now: datetime) -> Opportunity:
    """Add an opportunity to the user's active plan. `changes`: fields by name.

    Idempotent by `form_key`: the same form sent again returns the same opportunity; with other answers it adds another.
    """
    plan = share_active_plan_lock(user=user, today=local_day(now, user.time_zone))
    fields = {**changes, "closes_set_at": now if changes.get("closes_on") else None, "created_at": now}
    opportunity, created = Opportunity.objects.get_or_create(plan=plan, form_key=form_key, defaults=fields)
    if not created and any(getattr(opportunity, name) != value for name, value in changes.items()):
        opportunity = Opportunity.objects.create(plan=plan, form_key=uuid4(), **fields)
    return opportunity


@transaction.atomic
def update_opportunity(*, opportunity: Opportunity, changes: Mapping[str, Any], now: datetime) -> Opportunity:
    """Save changed fields. Raises PlanIsArchived and StaleObjectError."""
    locked = lock_opportunity(opportunity, check_version=True)
    if changes.get("closes_on", locked.closes_on) != locked.closes_on:
        locked.closes_set_at = now if changes["closes_on"] else None
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*changes, "closes_set_at"])
    return locked


@transaction.atomic
def delete_opportunity(*, opportunity: Opportunity) -> None:
    """Delete an opportunity with its scores and answers. Raises PlanIsArchived."""
    lock_opportunity(opportunity).delete()


@transaction.atomic
def set_needed_skills(*, opportunity: Opportunity, levels: Mapping[int, int], now: datetime) -> Opportunity:
    """Replace the skills needed: levels 1 to 5 by skill id.

    Raises PlanIsArchived and StaleObjectError. A trigger refuses another user's skills.
    """
    locked = lock_opportunity(opportunity, check_version=True)
    locked.needed_skills.exclude(skill__in=levels).delete()
    return _store_levels(locked, levels, now)


@transaction.atomic
def add_needed_skills(*, opportunity: Opportunity, levels: Mapping[int, int], now: datetime) -> Opportunity:
    """Add skills needed, or change their level: levels 1 to 5 by skill id. Raises PlanIsArchived."""
    return _store_levels(lock_opportunity(opportunity), levels, now)


@transaction.atomic
def keep_advert(*, opportunity: Opportunity, text: str) -> Opportunity:
    """Keep the text of an advert in place of an earlier one; "" removes it. Idempotent. Raises PlanIsArchived."""
    locked = lock_opportunity(opportunity)
    if locked.advert != text:
        locked.advert = text
        locked.save(update_fields=["advert"])
        locked.refresh_from_db(fields=["version"])
    return locked


@transaction.atomic
def take_from_advert(
    *, opportunity: Opportunity, changes: Mapping[str, Any], levels: Mapping[int, int], now: datetime
) -> Opportunity:
    """Save facts and skills needed that an advert names. Raises PlanIsArchived and StaleObjectError."""
    if changes:
        opportunity = update_opportunity(opportunity=opportunity, changes=changes, now=now)
    return add_needed_skills(opportunity=opportunity, levels=levels, now=now) if levels else opportunity


def _store_levels(locked: Opportunity, levels: Mapping[int, int], now: datetime) -> Opportunity:
    for skill_id, level in levels.items():
        NeededSkill.objects.update_or_create(opportunity=locked, skill_id=skill_id, defaults={"level": level})
    return _touch(locked, now)


def _touch(locked: Opportunity, now: datetime, *columns: str) -> Opportunity:
    """Save the opportunity after its parts have changed, so that a trigger raises the version that other tabs check."""
    locked.weighed_at = now
    locked.save(update_fields=["weighed_at", *columns])
    locked.refresh_from_db(fields=["version"])
    return locked


@transaction.atomic
def weigh_opportunity(*, opportunity: Opportunity, answers: WeighingAnswers, now: datetime) -> Opportunity:
    """Save the user's answers about an opportunity. Goals, priorities and criteria not named do not change; an answer
    about a goal or a criterion that was deleted since is about nothing.

    Raises PlanIsArchived and StaleObjectError.
    """
    goals = _lock_goals(opportunity, answers.effects)
    locked = lock_opportunity(opportunity, check_version=True)
    criteria = set(Criterion.objects.filter(plan=locked.plan_id).values_list("pk", flat=True))
    for goal_id, effect in answers.effects.items():
        if goal_id in goals:
            _store_answer(GoalEffect, locked, {"goal_id": goal_id}, {"effect": effect} if effect else None)
    for priority, score in answers.priorities.items():
        _store_answer(PriorityScore, locked, {"priority": priority}, {"score": score} if score else None)
    for criterion_id, score in answers.criteria.items():
        if criterion_id in criteria:
            _store_answer(CriterionScore, locked, {"criterion_id": criterion_id}, {"score": score} if score else None)
    locked.pros, locked.cons, locked.vision_score = answers.pros, answers.cons, answers.vision_score
    return _touch(locked, now, "pros", "cons", "vision_score")


def _lock_goals(opportunity: Opportunity, ids: Iterable[int]) -> set[int]:
    """Lock the plan, then these goals as far as they are there, before the opportunity. Return their ids."""
    share_plan_lock(Opportunity.objects.filter(pk=opportunity.pk).values("plan_id"))
    goals = Goal.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    return set(goals.values_list("pk", flat=True))


def _store_answer(
    model: type[GoalEffect | PriorityScore | CriterionScore],
    opportunity: Opportunity,
    about: dict[str, Any],
    answer: dict[str, Any] | None,
) -> None:
    if answer is None:
        model.objects.filter(opportunity=opportunity, **about).delete()
    else:
        model.objects.update_or_create(opportunity=opportunity, **about, defaults=answer)


@transaction.atomic
def set_criteria(*, plan: Plan, criteria: Sequence[Criterion], seen: Sequence[Criterion]) -> None:
    """Replace the criteria of a plan by `criteria`, unsaved objects; those with a `pk` keep their scores.

    Raises PlanIsArchived, and StaleObjectError if the criteria differ from those in `seen`.
    """
    plan = lock_plan(plan)
    current = list(Criterion.objects.filter(plan=plan).order_by("pk"))
    if [(row.pk, row.name, row.weight) for row in current] != [(row.pk, row.name, row.weight) for row in seen]:
        raise StaleObjectError
    remaining = {row.pk for row in criteria if row.pk}
    Criterion.objects.filter(plan=plan).exclude(pk__in=remaining).delete()
    # Names are unique in a plan: free them first, so that two criteria can swap names.
    for row in current:
        if row.pk in remaining:
            Criterion.objects.filter(pk=row.pk).update(name=f"{uuid4()}")
    for row in criteria:
        if row.pk is None:
            Criterion.objects.create(plan=plan, name=row.name, weight=row.weight)
        else:
            Criterion.objects.filter(plan=plan, pk=row.pk).update(name=row.name, weight=row.weight)


@transaction.atomic
def pursue_opportunity(
    *, opportunity: Opportunity, reason: str, now: datetime, first_step: FirstStep | None = None
) -> Opportunity:
    """Decide to pursue an opportunity and add its first step, if there is one. Idempotent.

    Raises DecisionReasonMissing, AlreadyDecided, PlanIsArchived, and GoalIsClosed for the goal of the step.
    """
    if first_step is not None:  # before the opportunity is locked: goals are locked first everywhere
        add_step(goal=first_step.goal, changes=first_step.step, form_key=first_step.form_key, now=now)
    return _decide(opportunity, Opportunity.State.PURSUING, reason, now, from_states={"considering"})


@transaction.atomic
def decline_opportunity(*, opportunity: Opportunity, reason: str, now: datetime) -> Opportunity:
    """Decline an opportunity, or withdraw the application. Idempotent.

    Raises DecisionReasonMissing, AlreadyDecided if it has an outcome, and PlanIsArchived.
    """
    return _decide(opportunity, Opportunity.State.DECLINED, reason, now, from_states={"considering", "pursuing"})


def _decide(
    opportunity: Opportunity, state: Opportunity.State, reason: str, now: datetime, *, from_states: set[str]
) -> Opportunity:
    if not reason.strip():
        raise DecisionReasonMissing
    locked = lock_opportunity(opportunity)
    if locked.state == state:
        return locked
    if locked.state not in from_states:
        raise AlreadyDecided
    locked.state, locked.reason, locked.decided_at = state, reason, now
    locked.outcome_review, locked.outcome_reviewed_at = "", None
    locked.save(update_fields=["state", "reason", "decided_at", "outcome_review", "outcome_reviewed_at"])
    return locked


@transaction.atomic
def mark_won(*, opportunity: Opportunity, now: datetime) -> Opportunity:
    """Record that the user got it. Idempotent. Raises NotPursuing and PlanIsArchived."""
    return _set_outcome(opportunity, Opportunity.State.WON, now)


@transaction.atomic
def mark_lost(*, opportunity: Opportunity, now: datetime) -> Opportunity:
    """Record that the user did not get it. Idempotent. Raises NotPursuing and PlanIsArchived."""
    return _set_outcome(opportunity, Opportunity.State.LOST, now)


def _set_outcome(opportunity: Opportunity, state: Opportunity.State, now: datetime) -> Opportunity:
    locked = lock_opportunity(opportunity)
    if locked.state == state:
        return locked
    if locked.state != Opportunity.State.PURSUING:
        raise NotPursuing
    locked.state, locked.outcome_at = state, now
    locked.save(update_fields=["state", "outcome_at"])
    return locked


@transaction.atomic
def reopen_opportunity(*, opportunity: Opportunity) -> Opportunity:
    """Consider an opportunity again, without clearing its reason. Idempotent. Raises PlanIsArchived."""
    locked = lock_opportunity(opportunity)
    locked.state = Opportunity.State.CONSIDERING
    locked.decided_at = locked.outcome_at = locked.outcome_reviewed_at = None
    locked.outcome_review = ""
    locked.save(update_fields=["state", "decided_at", "outcome_at", "outcome_reviewed_at", "outcome_review"])
    return locked


@transaction.atomic
def review_outcome(
    *, opportunity: Opportunity, outcome_review: str, note: str, now: datetime, today: date
) -> Opportunity:
    """Save whether the decision was right, from 90 days after it; it can be changed later. Idempotent.

    Raises OutcomeReviewNotDue and PlanIsArchived.
    """
    locked = lock_opportunity(opportunity)
    if locked.outcome_reviewed_at is None and not is_outcome_review_due(locked, today):
        raise OutcomeReviewNotDue
    if (locked.outcome_review, locked.outcome_review_note) != (outcome_review, note):
        locked.outcome_review, locked.outcome_review_note, locked.outcome_reviewed_at = outcome_review, note, now
        locked.save(update_fields=["outcome_review", "outcome_review_note", "outcome_reviewed_at"])
    return locked
