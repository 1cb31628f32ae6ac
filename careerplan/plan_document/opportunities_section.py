"""The opportunities section of the document: how they were described, weighed up and decided.

The skills match is left out: it depends on today's levels, and a document has a date of its own.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from careerplan.opportunities.models import GoalEffect, NeededSkill, Opportunity
from careerplan.plan_document.document import Fact, OpportunityFacts
from careerplan.plan_document.texts import format_day, format_level
from careerplan.plans.models import Plan


def opportunities_section(plan: Plan, goals: Collection[int], today: date) -> tuple[OpportunityFacts, ...]:
    """Return open opportunities by closing date, then decided ones, newest first. Three queries, or one without any.

    `goals` are the ids of goals that may be named, so that excluded goals do not appear here either.
    """
    effects = GoalEffect.objects.filter(goal__in=goals).select_related("goal")
    needed = NeededSkill.objects.select_related("skill")
    parts: list[Prefetch[str, Any, str]] = [Prefetch("needed_skills", needed), Prefetch("effects", effects)]
    found = list(plan.opportunities.prefetch_related(*parts))
    decided = [(one.decided_at, one.pk, one) for one in found if one.decided_at and not one.is_open]
    shown = [one for one in found if one.is_open] + [one for _at, _pk, one in sorted(decided, reverse=True)]
    return tuple(_facts(one, today) for one in shown)


def _facts(one: Opportunity, today: date) -> OpportunityFacts:
    said = [f"{text.rstrip('.')}." for text in (one.organisation, one.summary) if text]
    if one.is_considering:
        said.append(_("No decision yet."))
    elif one.is_open and one.decided_on:
        said.append(_("Pursuing since %(day)s.") % {"day": format_day(one.decided_on)})
    return OpportunityFacts(one.title, _when(one, today), tuple(said), _own(one))


def _when(one: Opportunity, today: date) -> str:
    ended = one.outcome_on or one.decided_on
    if not one.is_open and ended:
        return f"{one.get_state_display().lower()} {format_day(ended)}"
    if one.closes_on is None:
        return ""
    words = _("closed %(day)s") if one.closes_on < today else _("closes %(day)s")
    return words % {"day": format_day(one.closes_on)}


def _own(one: Opportunity) -> tuple[Fact, ...]:
    needed = tuple(f"{row.skill.name} ({format_level(row.level)})" for row in one.needed_skills.all())
    facts = [
        Fact(_("Link"), (one.link,)),
        Fact(_("Skills needed"), needed),
        Fact(_("Helps"), _goals(one, GoalEffect.Effect.HELPS), is_own=True),
        Fact(_("Slows down"), _goals(one, GoalEffect.Effect.SLOWS_DOWN), is_own=True),
        Fact(_("Fit with the vision"), (one.get_vision_score_display() if one.vision_score else "",)),
        Fact(_("Reasons for it"), tuple(one.pro_lines), is_own=True),
        Fact(_("Reasons against it"), tuple(one.con_lines), is_own=True),
        Fact(_("Reason for the decision"), (one.reason if one.decided_at else "",), is_own=True),
        Fact(_("Was it the right decision?"), (one.get_outcome_review_display() if one.outcome_review else "",)),
        Fact(_("Looking back"), (one.outcome_review_note if one.outcome_review else "",), is_own=True),
    ]
    return tuple(fact for fact in facts if any(fact.lines))


def _goals(one: Opportunity, effect: str) -> tuple[str, ...]:
    return tuple(row.goal.title for row in one.effects.all() if row.effect == effect)
