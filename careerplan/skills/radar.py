"""Geometry of the radar over the groups: pure arithmetic, in the units of the picture's viewBox (440 x 320)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from textwrap import wrap

CENTRE_X, CENTRE_Y, RADIUS, LABEL_RADIUS = 220, 160, 116, 132.2  # as in the design's results.html
LEVELS = 5
LEAST_AXES = 3  # two axes make no area
LABEL_LENGTH = 13  # characters a line, so that it stays in the picture on a phone
LINE = 15


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture, as text with one decimal, whatever the reader's language."""

    x: str
    y: str

    def __str__(self) -> str:
        return f"{self.x},{self.y}"


@dataclass(frozen=True, slots=True)
class Label:
    """The name beside an axis, in short lines; `dy` moves the first one up, so that all are centred."""

    at: Point
    anchor: str
    lines: tuple[str, ...]
    dy: str


@dataclass(frozen=True, slots=True)
class Radar:
    """Everything the picture needs."""

    rings: list[str]
    axes: list[Point]
    have: str
    need: str  # blank where there is nothing to compare with
    dots: list[Point]
    labels: list[Label]


def build_radar(groups: Sequence[tuple[str, float]], needs: Sequence[float] = ()) -> Radar | None:
    """The radar of (name, average level 0 to 5), the first on top, then clockwise; None for fewer than three.

    `needs` are the levels needed, of the same groups in the same order; without them there is one line.
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


def _place(index: int, count: int, radius: float) -> Point:
    angle = 2 * pi * index / count
    return Point(f"{CENTRE_X + radius * sin(angle):.1f}", f"{CENTRE_Y - radius * cos(angle):.1f}")


def _polygon(count: int, radius: float) -> str:
    return " ".join(str(_place(index, count, radius)) for index in range(count))


def _label(index: int, count: int, name: str) -> Label:
    sideways = sin(2 * pi * index / count)
    anchor = "middle" if abs(sideways) < 0.1 else "start" if sideways > 0 else "end"
    lines = (name,) if anchor == "middle" else tuple(wrap(name, LABEL_LENGTH, break_long_words=False))
    return Label(_place(index, count, LABEL_RADIUS), anchor, lines, f"{4 - LINE / 2 * (len(lines) - 1):.1f}")
