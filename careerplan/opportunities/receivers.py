"""Copy the open opportunities into a new plan."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.dispatch import receiver

from careerplan.core.models import copyable_values
from careerplan.goals.models import Goal
from careerplan.opportunities.models import (
    Criterion,
    CriterionScore,
    GoalEffect,
    NeededSkill,
    Opportunity,
    PriorityScore,
)
from careerplan.planning.services.new_plan import new_plan_started
from careerplan.plans.models import Plan


@receiver(new_plan_started)
def copy_open_opportunities(*, old: Plan, new: Plan, goals: dict[int, Goal], now: datetime, **_signal: Any) -> None:
    """Copy the criteria and the open opportunities of `old` into `new`, with their scores.

    `goals` are the copied goals by the id of the original; effects on other goals are left out. The closing date counts
    as set at `now`, so that a reminder that was sent is not sent again.
    """
    criteria = {
        criterion.pk: Criterion.objects.create(plan=new, **copyable_values(criterion, "plan"))
        for criterion in Criterion.objects.filter(plan=old).order_by("id")
    }
    parts = ("needed_skills", "effects", "priority_scores", "criterion_scores")
    for opportunity in Opportunity.objects.filter(plan=old).open().order_by("id").prefetch_related(*parts):
        copy = Opportunity.objects.create(
            plan=new,
            form_key=uuid4(),
            closes_set_at=now if opportunity.closes_on else None,
            **copyable_values(opportunity, "plan", "form_key", "closes_set_at"),
        )
        NeededSkill.objects.bulk_create(
            NeededSkill(opportunity=copy, **copyable_values(row, "opportunity"))
            for row in opportunity.needed_skills.all()
        )
        PriorityScore.objects.bulk_create(
            PriorityScore(opportunity=copy, **copyable_values(row, "opportunity"))
            for row in opportunity.priority_scores.all()
        )
        GoalEffect.objects.bulk_create(
            GoalEffect(opportunity=copy, goal=goals[row.goal_id], effect=row.effect)
            for row in opportunity.effects.all()
            if row.goal_id in goals
        )
        CriterionScore.objects.bulk_create(
            CriterionScore(opportunity=copy, criterion=criteria[row.criterion_id], score=row.score)
            for row in opportunity.criterion_scores.all()
        )
