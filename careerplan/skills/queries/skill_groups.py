"""Rated skills as rows, by group."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from careerplan.skills.models import Level


@dataclass(frozen=True, slots=True)
class GoalLink:
    """A goal that builds a skill, with its link."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A rated skill; `is_own`: added by the user. `level` is None for "not sure"; `width` is that of the bar.

    `gap`: whole levels below the level needed, 0 if none is needed.
    """

    skill_id: int
    name: str
    level: int | None
    evidence: str
    is_stale: bool = False
    goal: GoalLink | None = None
    is_own: bool = False
    gap: int = 0

    @property
    def phrase(self) -> str:
        """Return the level in words: "2 basic"."""
        return _("not sure") if self.level is None else Level(self.level).phrase


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of skills with its rated skills."""

    name: str
    rows: list[LevelRow]


def group_rows(rows: Iterable[LevelRow], groups: Mapping[int, str]) -> list[GroupRow]:
    """Return rows in catalogue order by group, the user's own skills as the last group. `groups` by skill id."""
    found = groupby(rows, key=lambda row: groups.get(row.skill_id))
    return [GroupRow(group or _("Skills you added"), list(members)) for group, members in found]
