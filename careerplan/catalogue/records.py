"""What the readers hand to the loaders: one occupation and its needs, on our scales, from whatever source."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """What an occupation needs of one skill: level 0 to 5, importance 1 to 5."""

    level: Decimal
    importance: Decimal
    low_precision: bool = False


@dataclass(slots=True)
class OccupationRecord:
    """One occupation of a source. `needs` by skill (key or O*NET element id); empty means "not rated".

    `titles` are the other titles by themselves in lower case, so that none is there twice.
    """

    code: str
    title: str
    description: str = ""
    job_zone: int | None = None
    education: str = ""
    source: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    needs: dict[str, Need] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseData:
    """A release, read and checked: its number ("29.3") and its occupations by code."""

    release: str
    occupations: dict[str, OccupationRecord]
