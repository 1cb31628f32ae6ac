"""Query that compares an assessment with an occupation, skill by skill."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from careerplan.catalogue.models import Occupation, OccupationNeed, SkillKind
from careerplan.matching.levels import ItemKind
from careerplan.skills.fit import IMPORTANT, LEAST_NEEDED, SkillNeed
from careerplan.skills.queries.skill_groups import GoalLink

FIRST_GAPS = 3
"""Gaps of each kind that are shown at first; the smaller ones are folded."""
PER_LEVEL = 20  # per cent of the scale


@dataclass(frozen=True, slots=True)
class GapRow:
    """A skill that is rated and needed. `have` and `need` are whole levels, 0 to 5, `gap` those that are missing."""

    skill_id: int
    name: str
    have: int
    need: int
    gap: int
    importance: Decimal
    weighted: float
    is_low_precision: bool
    kind: ItemKind = ItemKind.SKILL
    is_stale: bool = False
    goal: GoalLink | None = None

    @property
    def surplus(self) -> Decimal:
        """Return the levels above the need times importance."""
        return max(0, self.have - self.need) * self.importance

    @property
    def have_percent(self) -> int:
        """Return the end of the bar as a percentage of the scale."""
        return PER_LEVEL * self.have

    @property
    def need_percent(self) -> int:
        """Return the position of the level needed as a percentage of the scale."""
        return PER_LEVEL * self.need


@dataclass(frozen=True, slots=True)
class GapList:
    """The gaps in skills or in fields of knowledge, biggest first, and what is met."""

    kind: ItemKind
    gaps: list[GapRow]
    met: list[GapRow]

    @property
    def is_knowledge(self) -> bool:
        """Return whether these are fields of knowledge."""
        return self.kind is ItemKind.KNOWLEDGE

    @property
    def first(self) -> list[GapRow]:
        """Return the gaps shown at first."""
        return self.gaps[:FIRST_GAPS]

    @property
    def smaller(self) -> list[GapRow]:
        """Return the gaps that only the page of all rows has."""
        return self.gaps[FIRST_GAPS:]

    @property
    def anchor(self) -> str:
        """Return the id of its section in the page."""
        return f"gaps-{self.kind}"

    @property
    def all_words(self) -> str:
        """Return the text of the link to all rows: "All 24 skills"."""
        count = len(self.gaps) + len(self.met)
        if self.is_knowledge:
            words = ngettext("%(n)s field of knowledge", "All %(n)s fields of knowledge", count)
        else:
            words = ngettext("%(n)s skill", "All %(n)s skills", count)
        return words % {"n": count}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels and levels needed: gaps first, biggest first, then skills without a gap. `unrated`: needed, but not
    rated.
    """

    occupation: Occupation
    gaps: list[GapRow]
    met: list[GapRow]
    unrated: list[str]
    unrated_ids: list[int]

    @property
    def compared(self) -> int:
        """Return how many skills are needed and rated."""
        return len(self.gaps) + len(self.met)

    @property
    def has_close(self) -> bool:
        """Return whether a skill counts as met although its level is one below: within the error of a rating."""
        return any(row.have < row.need for row in self.met)

    @property
    def lists(self) -> list["GapList"]:
        """Return the rows by kind, knowledge first, without empty lists."""
        found = [
            GapList(
                kind,
                [row for row in self.gaps if row.kind is kind],
                [row for row in self.met if row.kind is kind],
            )
            for kind in (ItemKind.KNOWLEDGE, ItemKind.SKILL)
        ]
        return [one for one in found if one.gaps or one.met]

    @property
    def has_rough(self) -> bool:
        """Return whether a level needed has low precision."""
        return any(row.is_low_precision for row in (*self.gaps, *self.met))


def load_needs(
    occupation_ids: Iterable[int], skill_ids: Iterable[int] | None = None, *, only_needed: bool = False
) -> dict[int, dict[int, SkillNeed]]:
    """Return the needs of occupations, for all or some skills: by occupation, then by skill, ordered by name.

    `only_needed` leaves out what is not important: two thirds of the rows.
    Every page that compares a user with an occupation uses this. An unrated occupation has an empty dict. One query.
    """
    found: dict[int, dict[int, SkillNeed]] = {pk: {} for pk in occupation_ids}
    rows = OccupationNeed.objects.filter(occupation_id__in=found).order_by("skill__name", "skill_id")
    if skill_ids is not None:
        rows = rows.filter(skill_id__in=list(skill_ids))
    if only_needed:
        rows = rows.filter(importance__gte=IMPORTANT, level__gte=LEAST_NEEDED)
    columns = ("occupation_id", "skill_id", "level", "importance", "low_precision", "skill__name", "figure")
    for occupation_id, skill_id, level, importance, low, name, figure, spread, kind in rows.values_list(
        *columns, "skill__spread", "skill__kind"
    ):
        found[occupation_id][skill_id] = SkillNeed(
            skill_id=skill_id,
            level=level,
            importance=importance,
            low_precision=low,
            name=name,
            figure=float(figure),
            spread=float(spread),
            kind=ItemKind.KNOWLEDGE if kind == SkillKind.KNOWLEDGE else ItemKind.SKILL,
        )
    return found


def gap_rows(
    levels: Mapping[int, int],
    needs: Iterable[SkillNeed],
    goals: Mapping[int, GoalLink] | None = None,
    stale: frozenset[int] = frozenset(),
) -> list[GapRow]:
    """Return a row for each needed and rated skill: the biggest gap first, then by importance."""
    rows = [
        GapRow(
            skill_id=need.skill_id,
            name=need.name,
            have=levels[need.skill_id],
            need=need.level,
            gap=need.gap(levels[need.skill_id]),
            importance=need.importance,
            weighted=need.weighted_gap(levels[need.skill_id]),
            is_low_precision=need.low_precision,
            kind=need.kind,
            is_stale=need.skill_id in stale,
            goal=(goals or {}).get(need.skill_id),
        )
        for need in needs
        if need.is_needed and need.skill_id in levels
    ]
    return sorted(rows, key=lambda row: (-row.weighted, -row.importance, row.name))


def compare(
    occupation: Occupation, rows: Sequence[GapRow], levels: Mapping[int, int], needs: Iterable[SkillNeed]
) -> Comparison:
    """Return the table from rows in the order of `gap_rows`."""
    missing = [need for need in needs if need.is_needed and need.skill_id not in levels]
    return Comparison(
        occupation=occupation,
        gaps=[row for row in rows if row.gap],
        met=[row for row in rows if not row.gap],
        unrated=[need.name for need in missing],
        unrated_ids=[need.skill_id for need in missing],
    )
