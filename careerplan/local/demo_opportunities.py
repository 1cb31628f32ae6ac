"""The invented person's opportunities: noted, weighed and decided on by the services, each on its day."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.opportunities import services
from careerplan.opportunities.models import GoalEffect, Opportunity
from careerplan.opportunities.queries import criteria_of
from careerplan.plans.models import Plan


def make_opportunities(user: User, data: dict[str, Any], shift: timedelta) -> None:
    """The opportunities of demo_plan.toml with their criteria; dates are moved by `shift`."""
    plan = Plan.objects.for_user(user).active().get()
    services.set_criteria(plan=plan, criteria=[services.CriterionData(**row) for row in data["criteria"]], seen=[])
    ids = dict(Skill.objects.catalogue().values_list("key", "pk"))
    for row in data["opportunities"]:
        noted = _noon(user, row["noted_on"] + shift)
        known = services.OpportunityData(
            title=row["title"],
            organisation=row["organisation"],
            link=row.get("link", ""),
            closes_on=row["closes_on"] + shift if "closes_on" in row else None,
            summary=row.get("summary", ""),
        )
        key = uuid5(NAMESPACE_URL, row["title"])
        made = services.note_opportunity(user=user, form_key=key, data=known, now=noted)
        needs = {ids[key]: level for key, level in row["needs"].items() if key in ids}
        made = services.add_needed_skills(opportunity=made, levels=needs, now=noted)
        made = services.weigh_opportunity(opportunity=made, weighing=_weighing(plan, row), now=noted)
        _decide(user, made, row, shift)


def _weighing(plan: Plan, row: Mapping[str, Any]) -> services.Weighing:
    goals = dict(plan.goals.values_list("title", "pk"))
    effects = {goals[title]: str(GoalEffect.Effect.SERVES) for title in row.get("serves", [])}
    effects |= {goals[title]: str(GoalEffect.Effect.DELAYS) for title in row.get("delays", [])}
    criteria = {one.name: one.pk for one in criteria_of(plan)}
    return services.Weighing(
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
        services.win_opportunity(opportunity=made, now=_noon(user, row["won_on"] + shift))


def _noon(user: User, day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=user.zone)
