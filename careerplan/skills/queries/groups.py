"""The groups of skills: their averages, and the radar over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from statistics import fmean

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from careerplan.catalogue.models import SkillGroup
from careerplan.skills.models import Rating
from careerplan.skills.radar import Radar, build_radar


@dataclass(frozen=True, slots=True)
class GoalLink:
    """A goal that builds a skill already, to go to."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One rated skill; `is_own`: one the person added. `level` is None for "not sure"; `width` is the bar's.

    `gap`: whole levels missing to what it is compared with, 0 where nothing is asked.
    """

    skill_id: int
    name: str
    level: int | None
    level_name: str
    evidence: str
    is_stale: bool = False
    goal: GoalLink | None = None
    is_own: bool = False
    gap: int = 0

    @property
    def width(self) -> int:
        """How long the bar is: 0 to 100 per cent."""
        return 20 * (self.level or 0)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of skills. Means (levels, 0 to 5) as text are blank where there is nothing to average.

    Where the occupation has figures for skills of the group, both means are over the skills that both rate;
    else `mean` is over all that are rated and `need` is None.
    """

    name: str
    mean: float | None
    need: float | None
    rated: int
    rows: list[LevelRow]
    is_own: bool

    @property
    def average(self) -> str:
        """The person's mean, with one decimal."""
        return _one_decimal(self.mean)

    @property
    def needed(self) -> str:
        """The occupation's mean, with one decimal."""
        return _one_decimal(self.need)


def group_rows(ratings: list[Rating], rows: Mapping[int, LevelRow], needs: Mapping[int, Decimal]) -> list[GroupRow]:
    """The ratings under their groups. `rows` by rating id, `needs` the occupation's levels by skill id."""
    groups = groupby(ratings, key=lambda rating: rating.skill.group)
    return [_group(group, [rows[rating.pk] for rating in members], needs) for group, members in groups]


def radar_of(groups: list[GroupRow]) -> Radar | None:
    """The radar: with needs over the groups that have both means, else over those the person rated."""
    compared = [(group.name, group.mean, group.need) for group in groups if group.need is not None]
    if compared:
        return build_radar(
            [(name, mean or 0) for name, mean, _need in compared], [need or 0 for *_names, need in compared]
        )
    return build_radar([(g.name, g.mean) for g in groups if g.mean is not None and not g.is_own])


def _group(group: SkillGroup | None, rows: list[LevelRow], needs: Mapping[int, Decimal]) -> GroupRow:
    """A group with its plain means; "not sure" counts as no answer."""
    rated = {row.skill_id: row.level for row in rows if row.level is not None}
    both = [skill_id for skill_id in rated if skill_id in needs]
    return GroupRow(
        name=group.name if group else _("Skills you added"),
        mean=fmean(rated[skill_id] for skill_id in both or rated) if rated else None,
        need=fmean(needs[skill_id] for skill_id in both) if both else None,
        rated=len(rated),
        rows=rows,
        is_own=group is None,
    )


def _one_decimal(value: float | None) -> str:
    return "" if value is None else number_format(round(value, 1), decimal_pos=1)  # by itself it would cut off
