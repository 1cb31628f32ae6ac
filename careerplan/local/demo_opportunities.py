"""Opportunities of the demo account: added, weighed up and decided on through the services, each on its own day."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.opportunities import services
from careerplan.opportunities.models import Criterion, GoalEffect, Opportunity
from careerplan.opportunities.queries.weighing import plan_criteria
from careerplan.plans.models import Plan


def make_opportunities(user: User, data: dict[str, Any], shift: timedelta) -> None:
    """Add the opportunities and criteria of demo_plan.toml, with all dates moved by `shift`."""
    plan = Plan.objects.for_user(user).active().get()
    services.set_criteria(plan=plan, criteria=[Criterion(**row) for row in data["criteria"]], seen=[])
    ids = dict(Skill.objects.catalogue().values_list("key", "pk"))
    for row in data["opportunities"]:
        added_at = _noon(user, row["added_on"] + shift)
        changes = {
            "title": row["title"],
            "organisation": row["organisation"],
            "link": row.get("link", ""),
            "closes_on": row["closes_on"] + shift if "closes_on" in row else None,
            "summary": row.get("summary", ""),
        }
        key = uuid5(NAMESPACE_URL, row["title"])
        made = services.add_opportunity(user=user, form_key=key, changes=changes, now=added_at)
        needs = {ids[key]: level for key, level in row["needs"].items() if key in ids}
        made = services.add_needed_skills(opportunity=made, levels=needs, now=added_at)
        made = services.weigh_opportunity(opportunity=made, answers=_answers(plan, row), now=added_at)
        _decide(user, made, row, shift)


def _answers(plan: Plan, row: Mapping[str, Any]) -> services.WeighingAnswers:
    goals = dict(plan.goals.values_list("title", "pk"))
    effects = {goals[title]: str(GoalEffect.Effect.HELPS) for title in row.get("helps", [])}
    effects |= {goals[title]: str(GoalEffect.Effect.SLOWS_DOWN) for title in row.get("slows_down", [])}
    criteria = {one.name: one.pk for one in plan_criteria(plan)}
    return services.WeighingAnswers(
        pros="\n".join(row.get("pros", [])),
        cons="\n".join(row.get("cons", [])),
        vision_score=row.get("vision"),
        effects=effects,
        priorities=row.get("priorities", {}),
        criteria={criteria[name]: score for name, score in row.get("criteria", {}).items()},
    )


def _decide(user: User, made: Opportunity, row: Mapping[str, Any], shift: timedelta) -> None:
    if "declined_on" in row:
        on = _noon(user, row["declined_on"] + shift)
        services.decline_opportunity(opportunity=made, reason=row["reason"], now=on)
    if "pursued_on" in row:
        on = _noon(user, row["pursued_on"] + shift)
        services.pursue_opportunity(opportunity=made, reason=row["reason"], now=on)
    if "won_on" in row:
        services.mark_won(opportunity=made, now=_noon(user, row["won_on"] + shift))


def _noon(user: User, day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=user.zone)
