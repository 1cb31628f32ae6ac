"""Rated skills as rows, by group."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from careerplan.skills.models import Level, Rating


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


def group_rows(ratings: list[Rating], rows: Mapping[int, LevelRow]) -> list[GroupRow]:
    """Return the ratings by group, the user's own skills as the last group. `rows` by rating id."""
    groups = groupby(ratings, key=lambda rating: rating.skill.group)
    return [
        GroupRow(group.name if group else _("Skills you added"), [rows[rating.pk] for rating in members])
        for group, members in groups
    ]
