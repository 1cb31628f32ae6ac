"""What can be done with opportunities. Each write holds the opportunity, then the rules of the database its plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from accounts.models import User
from careerplan.core.dates import local_day
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Goal
from careerplan.goals.services.steps import StepData, add_step
from careerplan.opportunities.models import (
    Criterion,
    CriterionScore,
    GoalEffect,
    NeededSkill,
    Opportunity,
    PriorityScore,
)
from careerplan.opportunities.queries import asks_judgement
from careerplan.plans.models import Plan
from careerplan.plans.services import PlanIsArchived, ensure_active_plan, locked_plan


class ReasonIsMissing(Exception):
    """A decision is kept with why it was made."""


class IsDecided(Exception):
    """It was decided otherwise; it is to be considered again first."""


class NotPursued(Exception):
    """Only what is pursued is won or lost."""


class NothingToJudge(Exception):
    """It is not the time to say whether a decision was right, or there is none."""


@dataclass(frozen=True, kw_only=True)
class OpportunityData:
    """What is known of an opportunity when it is written down."""

    title: str
    organisation: str = ""
    link: str = ""
    closes_on: date | None = None
    summary: str = ""

    def columns(self) -> dict[str, Any]:
        """The same by the names of the columns."""
        return {name: getattr(self, name) for name in ("title", "organisation", "link", "closes_on", "summary")}


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """What the person says about an opportunity. Scores are 1 to 5 or None; `effects` by goal id, "" for not said."""

    pros: str = ""
    cons: str = ""
    vision_score: int | None = None
    effects: Mapping[int, str] = field(default_factory=dict)
    priorities: Mapping[str, int | None] = field(default_factory=dict)
    criteria: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CriterionData:
    """A criterion as it is to be; `id` names one that is there already."""

    name: str
    weight: int
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """The step that follows from pursuing, and the goal whose step it is. `form_key`: as for any step."""

    goal: Goal
    step: StepData
    form_key: UUID


def held_opportunity(opportunity: Opportunity, *, as_seen: bool = False) -> Opportunity:
    """The opportunity as it is now with its plan, held until the transaction ends.

    Raises PlanIsArchived; with `as_seen` StaleObjectError where it is not at the version of `opportunity` any more.
    """
    held = Opportunity.objects.select_for_update(of=("self",)).select_related("plan__user").get(pk=opportunity.pk)
    if not held.plan.is_active:
        raise PlanIsArchived
    if as_seen and held.version != opportunity.version:
        raise StaleObjectError
    return held


@transaction.atomic
def note_opportunity(*, user: User, form_key: UUID, data: OpportunityData, now: datetime) -> Opportunity:
    """Write down an opportunity in the person's active plan.

    Idempotent: `form_key` names the form that was sent; sent again unchanged, what it made is returned. Sent again with
    other answers it makes another one.
    """
    plan = ensure_active_plan(user=user, today=local_day(now, user.time_zone))
    answers = data.columns()
    first = {**answers, "closes_set_at": now if data.closes_on else None, "created_at": now}
    made, created = Opportunity.objects.get_or_create(plan=plan, form_key=form_key, defaults=first)
    if not created and any(getattr(made, name) != answer for name, answer in answers.items()):
        made = Opportunity.objects.create(plan=plan, form_key=uuid4(), **first)
    return made


@transaction.atomic
def update_opportunity(*, opportunity: Opportunity, data: OpportunityData, now: datetime) -> Opportunity:
    """Write what is known of it, as it was seen. Raises PlanIsArchived and StaleObjectError."""
    held = held_opportunity(opportunity, as_seen=True)
    if data.closes_on != held.closes_on:
        held.closes_set_at = now if data.closes_on else None
    for name, answer in data.columns().items():
        setattr(held, name, answer)
    held.save(update_fields=[*data.columns(), "closes_set_at"])
    return held


@transaction.atomic
def delete_opportunity(*, opportunity: Opportunity) -> None:
    """Remove an opportunity with all that was said of it, for good. Raises PlanIsArchived."""
    held_opportunity(opportunity).delete()


@transaction.atomic
def set_needed_skills(*, opportunity: Opportunity, levels: Mapping[int, int], now: datetime) -> Opportunity:
    """Write which skills (ids) it asks for, at levels 1 to 5; those that are not named are not needed any more.

    Raises PlanIsArchived and StaleObjectError. The skills must be visible to the person (a trigger sees to it).
    """
    held = held_opportunity(opportunity, as_seen=True)
    held.needed_skills.exclude(skill__in=levels).delete()
    return _need(held, levels, now)


@transaction.atomic
def add_needed_skills(*, opportunity: Opportunity, levels: Mapping[int, int], now: datetime) -> Opportunity:
    """Add skills (ids) that it asks for, at levels 1 to 5; one that is there takes the new level.

    Raises PlanIsArchived.
    """
    return _need(held_opportunity(opportunity), levels, now)


def _need(held: Opportunity, levels: Mapping[int, int], now: datetime) -> Opportunity:
    for skill_id, level in levels.items():
        NeededSkill.objects.update_or_create(opportunity=held, skill_id=skill_id, defaults={"level": level})
    return _touch(held, now)


def _touch(held: Opportunity, now: datetime, *columns: str) -> Opportunity:
    """Its parts are other than a page elsewhere shows: the version goes up (a trigger)."""
    held.weighed_at = now
    held.save(update_fields=["weighed_at", *columns])
    held.refresh_from_db(fields=["version"])
    return held


@transaction.atomic
def weigh_opportunity(*, opportunity: Opportunity, weighing: Weighing, now: datetime) -> Opportunity:
    """Write what the person says about it. What is not named in `weighing` stays as it is.

    Raises PlanIsArchived and StaleObjectError.
    """
    held = held_opportunity(opportunity, as_seen=True)
    for goal_id, effect in weighing.effects.items():
        _say(GoalEffect, held, {"goal_id": goal_id}, {"effect": effect} if effect else None)
    for priority, score in weighing.priorities.items():
        _say(PriorityScore, held, {"priority": priority}, {"score": score} if score else None)
    for criterion_id, score in weighing.criteria.items():
        _say(CriterionScore, held, {"criterion_id": criterion_id}, {"score": score} if score else None)
    held.pros, held.cons, held.vision_score = weighing.pros, weighing.cons, weighing.vision_score
    return _touch(held, now, "pros", "cons", "vision_score")


def _say(
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
def set_criteria(*, plan: Plan, criteria: Sequence[CriterionData], seen: Sequence[Criterion]) -> None:
    """Write what all opportunities of a plan are weighed by. One that is not named goes, with its scores.

    Raises PlanIsArchived, and StaleObjectError where the criteria are other than those `seen`.
    """
    plan = locked_plan(plan)
    there = list(Criterion.objects.filter(plan=plan).order_by("pk"))
    if [(row.pk, row.name, row.weight) for row in there] != [(row.pk, row.name, row.weight) for row in seen]:
        raise StaleObjectError
    kept = {one.id for one in criteria}
    Criterion.objects.filter(plan=plan).exclude(pk__in=[pk for pk in kept if pk]).delete()
    # First out of each other's way: two names may have changed places.
    for row in there:
        if row.pk in kept:
            Criterion.objects.filter(pk=row.pk).update(name=f"{uuid4()}")
    for one in criteria:
        if one.id is None:
            Criterion.objects.create(plan=plan, name=one.name, weight=one.weight)
        else:
            Criterion.objects.filter(plan=plan, pk=one.id).update(name=one.name, weight=one.weight)


@transaction.atomic
def pursue_opportunity(
    *, opportunity: Opportunity, reason: str, now: datetime, next_step: NextStep | None = None
) -> Opportunity:
    """Decide for it, with why; with the step that follows, if one is named. Idempotent: the first time counts.

    Raises ReasonIsMissing, IsDecided where it was decided otherwise, PlanIsArchived, and GoalIsClosed for the step's
    goal.
    """
    if next_step is not None:  # the goal is held before the opportunity, as by everything else
        add_step(goal=next_step.goal, step=next_step.step, form_key=next_step.form_key, now=now)
    return _decide(opportunity, Opportunity.State.PURSUING, reason, now, from_states={"considering"})


@transaction.atomic
def decline_opportunity(*, opportunity: Opportunity, reason: str, now: datetime) -> Opportunity:
    """Decide against it, or withdraw from it, with why. Idempotent.

    Raises ReasonIsMissing, IsDecided where it was won or lost, and PlanIsArchived.
    """
    return _decide(opportunity, Opportunity.State.DECLINED, reason, now, from_states={"considering", "pursuing"})


def _decide(
    opportunity: Opportunity, state: Opportunity.State, reason: str, now: datetime, *, from_states: set[str]
) -> Opportunity:
    if not reason.strip():
        raise ReasonIsMissing
    held = held_opportunity(opportunity)
    if held.state == state:
        return held
    if held.state not in from_states:
        raise IsDecided
    held.state, held.reason, held.decided_at = state, reason, now
    held.judgement, held.judged_at = "", None
    held.save(update_fields=["state", "reason", "decided_at", "judgement", "judged_at"])
    return held


@transaction.atomic
def win_opportunity(*, opportunity: Opportunity, now: datetime) -> Opportunity:
    """It came off. Idempotent. Raises NotPursued and PlanIsArchived."""
    return _end(opportunity, Opportunity.State.WON, now)


@transaction.atomic
def lose_opportunity(*, opportunity: Opportunity, now: datetime) -> Opportunity:
    """It went to somebody else, or to nobody. Idempotent. Raises NotPursued and PlanIsArchived."""
    return _end(opportunity, Opportunity.State.LOST, now)


def _end(opportunity: Opportunity, state: Opportunity.State, now: datetime) -> Opportunity:
    held = held_opportunity(opportunity)
    if held.state == state:
        return held
    if held.state != Opportunity.State.PURSUING:
        raise NotPursued
    held.state, held.outcome_at = state, now
    held.save(update_fields=["state", "outcome_at"])
    return held


@transaction.atomic
def reopen_opportunity(*, opportunity: Opportunity) -> Opportunity:
    """Consider it again; what was said at the decision stays, to be shown at the next one. Idempotent.

    Raises PlanIsArchived.
    """
    held = held_opportunity(opportunity)
    held.state = Opportunity.State.CONSIDERING
    held.decided_at = held.outcome_at = held.judged_at = None
    held.judgement = ""
    held.save(update_fields=["state", "decided_at", "outcome_at", "judged_at", "judgement"])
    return held


@transaction.atomic
def judge_decision(*, opportunity: Opportunity, judgement: str, note: str, now: datetime, today: date) -> Opportunity:
    """Say whether the decision was right, from 90 days after it on; it can be said anew. Idempotent.

    Raises NothingToJudge and PlanIsArchived.
    """
    held = held_opportunity(opportunity)
    if held.judged_at is None and not asks_judgement(held, today):
        raise NothingToJudge
    if (held.judgement, held.judgement_note) != (judgement, note):
        held.judgement, held.judgement_note, held.judged_at = judgement, note, now
        held.save(update_fields=["judgement", "judgement_note", "judged_at"])
    return held
