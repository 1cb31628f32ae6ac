"""Sources of occupation data with licences and credits, and the records that the readers return."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

ONET_CREDIT = (
    "This page includes information from the O*NET {release} Database by the U.S. Department of Labor, "
    "Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a "
    "trademark of USDOL/ETA. Careerplan has modified all or some of this information. USDOL/ETA has not "
    "approved, endorsed, or tested these modifications."
)


@dataclass(frozen=True, slots=True)
class Source:
    """A source of ratings: `key` is stored in Occupation.source, `credit` is shown beside its ratings."""

    key: str
    name: str
    licence: str
    credit: str


def onet_source(release: str) -> Source:
    """Return the source of an O*NET release, such as "29.3". The licence requires this exact credit."""
    return Source(
        key=f"onet-{release}",
        name=f"O*NET {release} Database",
        licence="CC BY 4.0",
        credit=ONET_CREDIT.format(release=release),
    )


OASIS = Source(
    key="oasis-2023",
    name="OaSIS 2023 version 1.0, Employment and Social Development Canada",
    licence="Open Government Licence - Canada",
    credit="Contains information licensed under the Open Government Licence - Canada.",
)

SOURCES: dict[str, Source] = {source.key: source for source in (onet_source("29.3"), onet_source("30.0"), OASIS)}
"""The sources of the shipped data; `source_of` returns that of a release loaded later."""


def source_of(key: str) -> Source | None:
    """Return the source for Occupation.source; None if it is blank or unknown."""
    if key in SOURCES:
        return SOURCES[key]
    prefix, _, release = key.partition("-")
    return onet_source(release) if prefix == "onet" and release else None


@dataclass(frozen=True, slots=True)
class NeedRecord:
    """The level (0 to 5) and importance (1 to 5) of one skill in an occupation."""

    level: Decimal
    importance: Decimal
    low_precision: bool = False


@dataclass(slots=True)
class OccupationRecord:
    """An occupation of a source. `needs` by skill (key or O*NET element id); empty means "not rated".

    `titles` are the other titles by their lower-case form, so that none appears twice.
    """

    code: str
    title: str
    description: str = ""
    job_zone: int | None = None
    education: str = ""
    source: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    needs: dict[str, NeedRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleaseData:
    """A release, read and checked: its number ("29.3") and its occupations by code."""

    release: str
    occupations: dict[str, OccupationRecord]
