"""Update the rows below occupations from a source, writing only differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.db.models import QuerySet

from careerplan.catalogue.models import OccupationNeed, OccupationTitle, Skill

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


BATCH = 2000


@dataclass(slots=True)
class LoadCounts:
    """Number of rows that a load wrote, by kind."""

    created: int = 0
    updated: int = 0
    dropped: int = 0
    titles_added: int = 0
    titles_removed: int = 0
    needs_written: int = 0
    needs_removed: int = 0

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def sync_titles(titles: Mapping[int, Mapping[str, str]], *, curated: bool, changes: LoadCounts) -> None:
    """Update the other titles, given by occupation id and lower-case form.

    Our titles and those of a release coexist; each load adds and removes only its own kind. A title in both is ours.
    """
    rows = OccupationTitle.objects.filter(occupation_id__in=titles.keys())
    claimed, stale, seen = [], [], set()
    columns = ("pk", "occupation_id", "title", "is_curated")
    for pk, occupation_id, title, is_curated in rows.values_list(*columns).iterator():
        lower = title.lower()
        if titles[occupation_id].get(lower) == title or (is_curated and not curated):
            seen.add((occupation_id, lower))
            if curated and not is_curated:
                claimed.append(pk)
        elif is_curated == curated or (curated and lower in titles[occupation_id]):
            stale.append(pk)
    fresh = [
        OccupationTitle(occupation_id=occupation_id, title=title, is_curated=curated)
        for occupation_id, of_one in titles.items()
        for lower, title in of_one.items()
        if (occupation_id, lower) not in seen
    ]
    OccupationTitle.objects.filter(pk__in=claimed).update(is_curated=True)
    OccupationTitle.objects.filter(pk__in=stale).delete()
    OccupationTitle.objects.bulk_create(fresh, batch_size=BATCH)
    changes.titles_added += len(fresh) + len(claimed)
    changes.titles_removed += len(stale)


def sync_needs(needs: Mapping[int, Mapping[str, NeedRecord]], changes: LoadCounts) -> set[int]:
    """Update the needs, given by occupation id and skill (key or O*NET element id).

    Returns the ids of changed occupations. Raises KeyError for a skill that the catalogue does not have.
    """
    skill_ids = _skill_ids()
    wanted = {
        (occupation_id, skill_ids[skill]): need
        for occupation_id, of_one in needs.items()
        for skill, need in of_one.items()
    }
    stale, same = _compared(OccupationNeed.objects.filter(occupation_id__in=needs.keys()), wanted)
    fresh = [
        OccupationNeed(
            occupation_id=occupation_id,
            skill_id=skill_id,
            level=need.level,
            importance=need.importance,
            low_precision=need.low_precision,
        )
        for (occupation_id, skill_id), need in wanted.items()
        if (occupation_id, skill_id) not in same
    ]
    OccupationNeed.objects.filter(pk__in=list(stale)).delete()
    OccupationNeed.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["occupation", "skill"],
        update_fields=["level", "importance", "low_precision"],
    )
    changes.needs_written += len(fresh)
    changes.needs_removed += len(stale)
    return {*stale.values(), *(need.occupation_id for need in fresh)}


def _compared(
    rows: QuerySet[OccupationNeed], wanted: Mapping[tuple[int, int], NeedRecord]
) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """Return rows to delete by occupation id, and rows that are already right."""
    stale, same = {}, set()
    columns = ("pk", "occupation_id", "skill_id", "level", "importance", "low_precision")
    for pk, occupation_id, skill_id, *figures in rows.values_list(*columns).iterator():
        need = wanted.get((occupation_id, skill_id))
        if need is None:
            stale[pk] = occupation_id
        elif [need.level, need.importance, need.low_precision] == figures:
            same.add((occupation_id, skill_id))
    return stale, same


def _skill_ids() -> dict[str, int]:
    """Return catalogue skills by key and by O*NET element id."""
    rows = Skill.objects.catalogue().values_list("pk", "key", "external_code")
    return {name: pk for pk, key, code in rows for name in (key, code) if name}
