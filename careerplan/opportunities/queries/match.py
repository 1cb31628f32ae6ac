"""What opportunities ask for beside what the person can do: the formula of the results (careerplan.skills.fit)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils.http import urlencode

from accounts.models import User
from careerplan.opportunities.models import NeededSkill
from careerplan.skills.fit import IMPORTANT, Fit, Need, match
from careerplan.skills.models import Assessment, Rating
from careerplan.skills.queries.compare import GapRow, NamedNeed, gap_rows


@dataclass(frozen=True, slots=True)
class Match:
    """Have against need of one opportunity. `fit` is None where nothing needed is rated; `unrated` are names by skill
    id, `levels` those needed.
    """

    fit: Fit | None = None
    gaps: list[GapRow] = field(default_factory=list)
    met: list[GapRow] = field(default_factory=list)
    unrated: dict[int, str] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)

    @property
    def about(self) -> int | None:
        """The fit as it is shown, in per cent: to the nearest step of 5, and at most 95."""
        return self.fit.about if self.fit else None

    @property
    def needed(self) -> int:
        """How many skills it asks for."""
        return len(self.levels)

    @property
    def unrated_query(self) -> str:
        """What leads to rating those that are not: the query of the page that starts an assessment."""
        return urlencode({"skill": list(self.unrated)}, doseq=True)


def matches_of(user: User, opportunities: Collection[int]) -> dict[int, Match]:
    """The match of each opportunity (ids) of the person with their newest inventory. One query, or none.

    Every skill of an opportunity weighs alike: who notes it says how much is needed, not how important it is.
    """
    if not opportunities:
        return {}
    newest = Assessment.objects.for_user(user).finished()
    ratings = Rating.objects.filter(skill=OuterRef("skill"), assessment=Subquery(newest.values("pk")[:1]))
    rows = (
        NeededSkill.objects.for_user(user)
        .filter(opportunity__in=opportunities)
        .annotate(have=Subquery(ratings.values("level")[:1]))
        .order_by("skill__name", "skill_id")
        .values_list("opportunity_id", "skill_id", "skill__name", "level", "have")
    )
    needs: dict[int, list[NamedNeed]] = {pk: [] for pk in opportunities}
    levels: dict[int, int] = {}
    for pk, skill_id, name, level, have in rows:
        needs[pk].append(NamedNeed(name, Need(skill_id, Decimal(level), IMPORTANT)))
        if have is not None:
            levels[skill_id] = have
    return {pk: _match(levels, asked) for pk, asked in needs.items()}


def _match(levels: dict[int, int], asked: list[NamedNeed]) -> Match:
    rows = gap_rows(levels, asked)
    return Match(
        fit=match(levels, [one.need for one in asked]),
        gaps=[row for row in rows if row.gap],
        met=[row for row in rows if not row.gap],
        unrated={one.need.skill_id: one.name for one in asked if one.need.skill_id not in levels},
        levels={one.need.skill_id: one.need.whole_level for one in asked},
    )
