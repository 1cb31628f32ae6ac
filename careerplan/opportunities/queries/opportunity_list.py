"""Queries of opportunities: the list, skill matches, and what needs attention soon."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.utils.http import urlencode

from accounts.models import User
from careerplan.core.compiled_query import CompiledQuery, as_text
from careerplan.goals.models import Goal
from careerplan.goals.queries.goal_list import active_goals_by_skill
from careerplan.opportunities.models import NeededSkill, Opportunity
from careerplan.opportunities.models.opportunity import OUTCOME_REVIEW_AFTER
from careerplan.skills.fit import IMPORTANT, ShareMet, SkillNeed, share_met
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.comparison import GapRow, gap_rows
from careerplan.skills.texts import skills_met, skills_met_sentence

MISSING_MAX = 5
A_DAY = timedelta(days=1)  # a local day starts up to a day before or after the same day in UTC


@dataclass(frozen=True, slots=True)
class SkillMatch:
    """The user's levels against the levels an opportunity needs.

    `fit` is None if no needed skill is rated. `unrated` holds names, `levels` the levels needed, both by skill id.
    """

    fit: ShareMet | None = None
    gaps: list[GapRow] = field(default_factory=list)
    met: list[GapRow] = field(default_factory=list)
    unrated: dict[int, str] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)

    @property
    def is_unknown(self) -> bool:
        """Return whether skills are needed, but too few are rated to say how many of them the user has."""
        return bool(self.unrated) and (self.fit is None or self.fit.skills_met is None)

    @property
    def words(self) -> str:
        """Return how many skills the user has; blank if that is not known."""
        return skills_met(self.fit)

    @property
    def sentence(self) -> str:
        """Return the same as a sentence."""
        return skills_met_sentence(self.fit)

    @property
    def needed(self) -> int:
        """Number of skills needed."""
        return len(self.levels)

    @property
    def unrated_query(self) -> str:
        """Query string that starts an assessment of the unrated skills."""
        return urlencode({"skill": list(self.unrated)}, doseq=True)


def skill_matches(user: User, opportunities: Collection[int]) -> dict[int, SkillMatch]:
    """Match the user's newest assessment with opportunities, by id. One query, or none.

    All skills of an opportunity have the same weight, because the user enters only a level for each.
    """
    if not opportunities:
        return {}
    return _match(opportunities, _needed_skills(user).filter(opportunity__in=opportunities))


def _needed_skills(user: User) -> QuerySet[NeededSkill, tuple[Any, ...]]:
    """Return the skills that opportunities need, each with the level in the newest assessment, or None."""
    newest = Assessment.objects.for_user(user).finished()
    ratings = Rating.objects.filter(skill=OuterRef("skill"), assessment=Subquery(newest.values("pk")[:1]))
    return (
        NeededSkill.objects.for_user(user)
        .annotate(have=Subquery(ratings.values("level")[:1]))
        .order_by("skill__name", "skill_id")
        .values_list("opportunity_id", "skill_id", "skill__name", "level", "have")
    )


def _match(opportunities: Collection[int], rows: Iterable[tuple[Any, ...]]) -> dict[int, SkillMatch]:
    needs: dict[int, list[SkillNeed]] = {pk: [] for pk in opportunities}
    levels: dict[int, int] = {}
    for pk, skill_id, name, level, have in rows:
        needs[pk].append(SkillNeed(skill_id, level, IMPORTANT, name=name))
        if have is not None:
            levels[skill_id] = have
    return {pk: _skill_match(levels, needed) for pk, needed in needs.items()}


def _skill_match(levels: dict[int, int], needed: list[SkillNeed]) -> SkillMatch:
    rows = gap_rows(levels, needed)
    return SkillMatch(
        fit=share_met(levels, needed),
        gaps=[row for row in rows if row.gap],
        met=[row for row in rows if not row.gap],
        unrated={need.skill_id: need.name for need in needed if need.skill_id not in levels},
        levels={need.skill_id: need.level for need in needed},
    )


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """An opportunity in a list, with its match."""

    opportunity: Opportunity
    match: SkillMatch


@dataclass(frozen=True, slots=True)
class MissingSkill:
    """A skill below the level needed in `count` of the `of` open opportunities that list skills.

    `needed` is the highest of these levels, `have` the user's own. `goal` is an active goal that builds the skill.
    """

    skill_id: int
    name: str
    count: int
    of: int
    have: int
    needed: int
    goal: Goal | None = None


@dataclass(frozen=True)
class OpportunityList:
    """The page of all opportunities. `earlier` holds those of archived plans."""

    considering: list[OpportunityRow]
    pursuing: list[OpportunityRow]
    decided: list[OpportunityRow]
    earlier: list[Opportunity]
    outcome_reviews_due: list[Opportunity]
    missing: list[MissingSkill]

    @property
    def open(self) -> list[OpportunityRow]:
        """Opportunities being considered or pursued."""
        return [*self.considering, *self.pursuing]

    @property
    def is_empty(self) -> bool:
        """Return whether the user never added one."""
        return not (self.considering or self.pursuing or self.decided or self.earlier)


def list_opportunities(user: User, today: date) -> OpportunityList:
    """List all opportunities: open ones by closing date, decided ones newest first. Three queries."""
    found = list(Opportunity.objects.for_user(user).select_related("plan").defer("advert"))
    active = [one for one in found if one.plan.is_active]
    matches = skill_matches(user, [one.pk for one in active])
    rows = [OpportunityRow(one, matches[one.pk]) for one in active]
    decided = [row for row in rows if not row.opportunity.is_open]
    considering = [row for row in rows if row.opportunity.is_considering]
    pursuing = [row for row in rows if row.opportunity.is_open and not row.opportunity.is_considering]
    return OpportunityList(
        considering=considering,
        pursuing=pursuing,
        decided=sorted(decided, key=lambda row: row.opportunity.decided_at or row.opportunity.created_at, reverse=True),
        earlier=[one for one in found if not one.plan.is_active],
        outcome_reviews_due=[one for one in active if is_outcome_review_due(one, today)],
        missing=missing_skills([*considering, *pursuing], active_goals_by_skill(user)),
    )


def is_outcome_review_due(opportunity: Opportunity, today: date) -> bool:
    """Whether the user is asked now if the decision was right."""
    day = opportunity.outcome_review_due_on
    return day is not None and day <= today and opportunity.outcome_reviewed_at is None


def missing_skills(rows: Sequence[OpportunityRow], goals: dict[int, Goal]) -> list[MissingSkill]:
    """List the skills missing in most opportunities, then by the largest gap. Unrated skills are left out.

    `goals` are active goals by the id of a skill that they build.
    """
    of = sum(bool(row.match.needed) for row in rows)
    gaps = [gap for row in rows for gap in row.match.gaps]
    found = []
    for skill_id in {gap.skill_id for gap in gaps}:
        own = [gap for gap in gaps if gap.skill_id == skill_id]
        needed = max(gap.need for gap in own)
        found.append(MissingSkill(skill_id, own[0].name, len(own), of, own[0].have, needed, goals.get(skill_id)))
    found.sort(key=lambda one: (-one.count, one.have - one.needed, one.name))
    return found[:MISSING_MAX]


@dataclass(frozen=True)
class UpcomingOpportunities:
    """Opportunities that close soon, nearest first, and decisions to look back on, oldest first."""

    closing: list[OpportunityRow]
    outcome_reviews_due: list[Opportunity]


def upcoming_opportunities(user: User, now: datetime, *, today: date, last_day: date) -> UpcomingOpportunities:
    """Find opportunities that close from `today` to `last_day`, and outcome reviews due. Two queries at most."""
    upcoming, needed = _upcoming_queries((last_day - today).days)
    found = [Opportunity.from_db(DEFAULT_DB_ALIAS, UPCOMING_FIELDS, row) for row in upcoming.fetch(user.pk, now, today)]
    closing = [one for one in found if one.is_open and one.closes_on and today <= one.closes_on <= last_day]
    matches = _match([one.pk for one in closing], needed.fetch(user.pk, now, today)) if closing else {}
    reviews_due = [one for one in found if is_outcome_review_due(one, today)]
    return UpcomingOpportunities(
        closing=[OpportunityRow(one, matches[one.pk]) for one in closing],
        outcome_reviews_due=sorted(reviews_due, key=lambda one: one.decided_at or now),
    )


UPCOMING_FIELDS = [field.attname for field in Opportunity._meta.concrete_fields if field.name != "advert"]


@cache
def _upcoming_queries(days: int) -> tuple[CompiledQuery, CompiledQuery]:
    """Return the queries of opportunities that close within some days or are to look back on, and of the skills needed
    by those that close.
    """

    def closing(today: date) -> Q:
        return Q(state__in=Opportunity.OPEN_STATES, closes_on__range=(today, today + timedelta(days=days)))

    def upcoming(user: User, now: datetime, today: date) -> QuerySet[Opportunity, Any]:
        review_due = Q(decided_at__lt=now - OUTCOME_REVIEW_AFTER + A_DAY, outcome_reviewed_at__isnull=True)
        mine = Opportunity.objects.for_user(user).of_active_plans()
        columns = [_column(name) for name in UPCOMING_FIELDS]
        return mine.filter(closing(today) | review_due).values_list(*columns)

    def needed(user: User, now: datetime, today: date) -> QuerySet[NeededSkill, Any]:
        mine = Opportunity.objects.for_user(user).of_active_plans()
        return _needed_skills(user).filter(opportunity__in=mine.filter(closing(today)).order_by().values("pk"))

    return CompiledQuery(upcoming, is_planned_once=True), CompiledQuery(needed)


def _column(name: str) -> str | Cast:
    return as_text(name) if isinstance(Opportunity._meta.get_field(name), CharField) else name
