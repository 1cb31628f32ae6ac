"""Groups of skills with their averages, and their radar chart (in units of its viewBox, 440 x 320)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import cos, pi, sin
from statistics import fmean
from textwrap import wrap

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from careerplan.catalogue.models import SkillGroup
from careerplan.skills.models import Level, Rating

CENTRE_X, CENTRE_Y, RADIUS, LABEL_RADIUS = 220, 160, 116, 132.2  # as in the design's results.html
LEVELS = 5
LEAST_AXES = 3  # two axes have no area
LABEL_LENGTH = 13  # characters per line, so that it stays inside the drawing on a phone
LINE = 15


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

    @property
    def width(self) -> int:
        """Return the width of the bar: 0 to 100 per cent."""
        return 20 * (self.level or 0)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of skills. Averages (levels, 0 to 5) as text are blank if there are none.

    If the occupation has levels for skills of the group, both averages are over the skills that both rate; else `mean`
    is over all rated skills and `need` is None.
    """

    name: str
    mean: float | None
    need: float | None
    rated: int
    rows: list[LevelRow]
    is_own: bool

    @property
    def average(self) -> str:
        """Return the user's average, with one decimal."""
        return _one_decimal(self.mean)

    @property
    def needed(self) -> str:
        """Return the occupation's average, with one decimal."""
        return _one_decimal(self.need)


@dataclass(frozen=True, slots=True)
class RadarPoint:
    """A point in the drawing, as text with one decimal in any language."""

    x: str
    y: str

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True, slots=True)
class RadarLabel:
    """The label of an axis, in short lines; `dy` moves the first one up to centre them."""

    at: RadarPoint
    anchor: str
    lines: tuple[str, ...]
    dy: str


@dataclass(frozen=True, slots=True)
class Radar:
    """Everything the radar chart needs."""

    rings: list[str]
    axes: list[RadarPoint]
    have: str
    need: str  # blank if there is nothing to compare with
    dots: list[RadarPoint]
    labels: list[RadarLabel]


def group_rows(ratings: list[Rating], rows: Mapping[int, LevelRow], needs: Mapping[int, Decimal]) -> list[GroupRow]:
    """Return the ratings by group. `rows` by rating id, `needs` the occupation's levels by skill id."""
    groups = groupby(ratings, key=lambda rating: rating.skill.group)
    return [_group(group, [rows[rating.pk] for rating in members], needs) for group, members in groups]


def groups_radar(groups: list[GroupRow]) -> Radar | None:
    """Return the radar chart: with needs over groups that have both averages, else over rated groups."""
    compared = [(group.name, group.mean, group.need) for group in groups if group.need is not None]
    if compared:
        return build_radar(
            [(name, mean or 0) for name, mean, _need in compared], [need or 0 for *_names, need in compared]
        )
    return build_radar([(g.name, g.mean) for g in groups if g.mean is not None and not g.is_own])


def _group(group: SkillGroup | None, rows: list[LevelRow], needs: Mapping[int, Decimal]) -> GroupRow:
    """Return a group with its averages; "not sure" counts as no answer."""
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
    return "" if value is None else number_format(round(value, 1), decimal_pos=1)  # alone it would cut off


def build_radar(groups: Sequence[tuple[str, float]], needs: Sequence[float] = ()) -> Radar | None:
    """Return the radar chart of (name, average level 0 to 5), the first on top, then clockwise; None for fewer than
    three.

    `needs` are the levels needed of the same groups; without them there is one line.
    """
    count = len(groups)
    if count < LEAST_AXES:
        return None
    dots = [_place(index, count, RADIUS * level / LEVELS) for index, (_name, level) in enumerate(groups)]
    return Radar(
        rings=[_polygon(count, RADIUS * ring / LEVELS) for ring in range(1, LEVELS + 1)],
        axes=[_place(index, count, RADIUS) for index in range(count)],
        have=" ".join(map(str, dots)),
        need=" ".join(str(_place(index, count, RADIUS * need / LEVELS)) for index, need in enumerate(needs)),
        dots=dots,
        labels=[_label(index, count, name) for index, (name, _level) in enumerate(groups)],
    )


def _place(index: int, count: int, radius: float) -> RadarPoint:
    angle = 2 * pi * index / count
    return RadarPoint(f"{CENTRE_X + radius * sin(angle):.1f}", f"{CENTRE_Y - radius * cos(angle):.1f}")


def _polygon(count: int, radius: float) -> str:
    return " ".join(str(_place(index, count, radius)) for index in range(count))


def _label(index: int, count: int, name: str) -> RadarLabel:
    sideways = sin(2 * pi * index / count)
    anchor = "middle" if abs(sideways) < 0.1 else "start" if sideways > 0 else "end"
    lines = (name,) if anchor == "middle" else tuple(wrap(name, LABEL_LENGTH, break_long_words=False))
    return RadarLabel(_place(index, count, LABEL_RADIUS), anchor, lines, f"{4 - LINE / 2 * (len(lines) - 1):.1f}")
