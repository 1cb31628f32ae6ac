"""All opportunities of somebody, and the skills that are missing in most of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.goals.queries.goal_list import active_goals_by_skill
from careerplan.opportunities.models import Opportunity
from careerplan.opportunities.queries.match import Match, matches_of

MOST_MISSING = 5


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """One opportunity with its match."""

    opportunity: Opportunity
    match: Match


@dataclass(frozen=True, slots=True)
class MissingSkill:
    """A skill that is below what is needed in `count` of the `of` open opportunities that say what they need.

    `needed` is the highest level that one of them asks for, `have` the person's own; `goal` builds it already.
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
    """Everything on the page. `earlier`: those of archived plans, to be read only."""

    considering: list[OpportunityRow]
    pursuing: list[OpportunityRow]
    decided: list[OpportunityRow]
    earlier: list[Opportunity]
    to_judge: list[Opportunity]
    missing: list[MissingSkill]

    @property
    def open(self) -> list[OpportunityRow]:
        """Those that can still be won."""
        return [*self.considering, *self.pursuing]

    @property
    def is_empty(self) -> bool:
        """Whether none was ever noted."""
        return not (self.considering or self.pursuing or self.decided or self.earlier)


def opportunity_list(user: User, today: date) -> OpportunityList:
    """All of them: open ones by closing date, decided ones newest first. Three queries."""
    found = list(Opportunity.objects.for_user(user).select_related("plan"))
    active = [one for one in found if one.plan.is_active]
    matches = matches_of(user, [one.pk for one in active])
    rows = [OpportunityRow(one, matches[one.pk]) for one in active]
    decided = [row for row in rows if not row.opportunity.is_open]
    considering = [row for row in rows if row.opportunity.is_considering]
    pursuing = [row for row in rows if row.opportunity.is_open and not row.opportunity.is_considering]
    return OpportunityList(
        considering=considering,
        pursuing=pursuing,
        decided=sorted(decided, key=lambda row: row.opportunity.decided_at or row.opportunity.created_at, reverse=True),
        earlier=[one for one in found if not one.plan.is_active],
        to_judge=[one for one in active if asks_judgement(one, today)],
        missing=missing_skills([*considering, *pursuing], active_goals_by_skill(user)),
    )


def asks_judgement(opportunity: Opportunity, today: date) -> bool:
    """Whether it is asked now if the decision was right."""
    day = opportunity.judged_from
    return day is not None and day <= today and opportunity.judged_at is None


def missing_skills(rows: Sequence[OpportunityRow], goals: dict[int, Goal]) -> list[MissingSkill]:
    """The skills that are missing in most of the opportunities: by how many, then by the largest gap.

    What is not rated is not missing: nobody knows. `goals` by skill id are those that are worked on.
    """
    of = sum(bool(row.match.needed) for row in rows)
    gaps = [gap for row in rows for gap in row.match.gaps]
    found = []
    for skill_id in {gap.skill_id for gap in gaps}:
        own = [gap for gap in gaps if gap.skill_id == skill_id]
        needed = max(gap.need for gap in own)
        found.append(MissingSkill(skill_id, own[0].name, len(own), of, own[0].have, needed, goals.get(skill_id)))
    found.sort(key=lambda one: (-one.count, one.have - one.needed, one.name))
    return found[:MOST_MISSING]
