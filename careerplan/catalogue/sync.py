"""Update the rows below occupations from a source, writing only differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal

from django.db import connection
from django.db.models import QuerySet

from careerplan.catalogue.models import (
    OccupationNeed,
    OccupationRelation,
    OccupationTask,
    OccupationTitle,
    Skill,
    SkillKind,
)

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
    """The figure (0 to 7) and importance (1 to 5) of one skill or field of knowledge in an occupation."""

    figure: Decimal
    importance: Decimal
    low_precision: bool = False


@dataclass(frozen=True, slots=True)
class RelationRecord:
    """The code of a related occupation. `is_primary`: closely related."""

    code: str
    is_primary: bool


@dataclass(slots=True)
class OccupationRecord:
    """An occupation of a source. `needs` by skill (key or O*NET element id); empty means "not rated".

    `titles` are the other titles by their lower-case form, so that none appears twice. `interests` are six figures (1
    to 7) or none; `related` and `tasks` are in order, the closest and the most telling first.
    """

    code: str
    title: str
    description: str = ""
    job_zone: int | None = None
    education: str = ""
    source: str = ""
    titles: dict[str, str] = field(default_factory=dict)
    needs: dict[str, NeedRecord] = field(default_factory=dict)
    interests: tuple[Decimal, ...] = ()
    related: list[RelationRecord] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    plural: str = ""
    needs_licence: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseData:
    """A release, read and checked: its number ("29.3") and its occupations by code.

    If a file is missing, what it would say is unknown, not empty: `has_knowledge` and so on.
    """

    release: str
    occupations: dict[str, OccupationRecord]
    has_knowledge: bool = True
    has_interests: bool = True
    has_related: bool = True
    has_tasks: bool = True


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


def sync_titles(titles: Mapping[int, Mapping[str, str]], *, curated: bool, changes: LoadCounts) -> set[int]:
    """Update the other titles, given by occupation id and lower-case form.

    Our titles and those of a release coexist; each load adds and removes only its own kind. A title in both is ours.
    Returns the ids of changed occupations.
    """
    rows = OccupationTitle.objects.filter(occupation_id__in=titles.keys())
    claimed, stale, seen, touched = [], [], set(), set()
    columns = ("pk", "occupation_id", "title", "is_curated")
    for pk, occupation_id, title, is_curated in rows.values_list(*columns).iterator():
        lower = title.lower()
        if titles[occupation_id].get(lower) == title or (is_curated and not curated):
            seen.add((occupation_id, lower))
            if curated and not is_curated:
                claimed.append(pk)
                touched.add(occupation_id)
        elif is_curated == curated or (curated and lower in titles[occupation_id]):
            stale.append(pk)
            touched.add(occupation_id)
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
    return touched | {title.occupation_id for title in fresh}


def sync_needs(
    needs: Mapping[int, Mapping[str, NeedRecord]], changes: LoadCounts, *, has_knowledge: bool = True
) -> set[int]:
    """Update the needs, given by occupation id and skill (key or O*NET element id).

    Without `has_knowledge` those of fields of knowledge stay. Returns the ids of changed occupations. Raises KeyError
    for a skill that the catalogue does not have.
    """
    skills = _skills()
    wanted = {
        (occupation_id, skills[skill].pk): (need.figure, skills[skill].level_of(need.figure), *_weight(need))
        for occupation_id, of_one in needs.items()
        for skill, need in of_one.items()
    }
    rows = OccupationNeed.objects.filter(occupation_id__in=needs.keys())
    stale, same = _compared(rows if has_knowledge else rows.exclude(skill__kind=SkillKind.KNOWLEDGE), wanted)
    fresh = [
        OccupationNeed(occupation_id=key[0], skill_id=key[1], **dict(zip(NEED_FIELDS, values, strict=True)))
        for key, values in wanted.items()
        if key not in same
    ]
    OccupationNeed.objects.filter(pk__in=list(stale)).delete()
    OccupationNeed.objects.bulk_create(
        fresh,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["occupation", "skill"],
        update_fields=NEED_FIELDS,
    )
    changes.needs_written += len(fresh)
    changes.needs_removed += len(stale)
    if fresh or stale:
        _update_spreads()
    return {*stale.values(), *(need.occupation_id for need in fresh)}


NEED_FIELDS = ("figure", "level", "importance", "low_precision")
NeedValues = tuple[Decimal, int, Decimal, bool]


def _weight(need: NeedRecord) -> tuple[Decimal, bool]:
    return need.importance, need.low_precision


def _compared(
    rows: QuerySet[OccupationNeed], wanted: Mapping[tuple[int, int], NeedValues]
) -> tuple[dict[int, int], set[tuple[int, int]]]:
    """Return rows to delete by occupation id, and rows that are already right."""
    stale, same = {}, set()
    for pk, occupation_id, skill_id, *values in rows.values_list(
        "pk", "occupation_id", "skill_id", *NEED_FIELDS
    ).iterator():
        need = wanted.get((occupation_id, skill_id))
        if need is None:
            stale[pk] = occupation_id
        elif list(need) == values:
            same.add((occupation_id, skill_id))
    return stale, same


def _skills() -> dict[str, Skill]:
    """Return catalogue skills by key and by O*NET element id."""
    return {name: skill for skill in Skill.objects.catalogue() for name in (skill.key, skill.external_code) if name}


SPREADS = """
UPDATE catalogue_skill SET spread = greatest(0.1, found.spread)
FROM (SELECT skill_id, round(stddev_pop(figure), 2) AS spread FROM catalogue_occupationneed GROUP BY skill_id) found
WHERE found.skill_id = catalogue_skill.id AND catalogue_skill.spread <> greatest(0.1, found.spread)
"""


def _update_spreads() -> None:
    """Update how far the figures of each skill are spread over the occupations."""
    with connection.cursor() as cursor:
        cursor.execute(SPREADS)


def sync_relations(related: Mapping[int, Sequence[RelationRecord]], ids: Mapping[str, int]) -> set[int]:
    """Update the related occupations, given by occupation id; those without an id in `ids` are left out.

    Returns the ids of changed occupations.
    """
    wanted = {
        pk: [(ids[one.code], one.is_primary) for one in of_one if ids.get(one.code, pk) != pk]
        for pk, of_one in related.items()
    }
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    rows = OccupationRelation.objects.filter(occupation_id__in=wanted.keys()).order_by("position")
    for occupation_id, related_id, is_primary in rows.values_list("occupation_id", "related_id", "is_primary"):
        found[occupation_id].append((related_id, is_primary))
    changed = {pk for pk, of_one in wanted.items() if found[pk] != of_one}
    OccupationRelation.objects.filter(occupation_id__in=changed).delete()
    OccupationRelation.objects.bulk_create(
        [
            OccupationRelation(occupation_id=pk, related_id=other, is_primary=is_primary, position=position)
            for pk in sorted(changed)
            for position, (other, is_primary) in enumerate(wanted[pk])
        ],
        batch_size=BATCH,
    )
    return changed


def sync_tasks(tasks: Mapping[int, Sequence[str]]) -> set[int]:
    """Update the tasks, given by occupation id; a task that is kept keeps its id, because answers refer to it.

    Returns the ids of changed occupations.
    """
    found: dict[int, dict[str, OccupationTask]] = defaultdict(dict)
    for task in OccupationTask.objects.filter(occupation_id__in=tasks.keys()):
        found[task.occupation_id][task.text] = task
    gone: list[OccupationTask] = []
    fresh: list[OccupationTask] = []
    moved: list[OccupationTask] = []
    for pk, texts in tasks.items():
        gone += [task for text, task in found[pk].items() if text not in set(texts)]
        for position, text in enumerate(texts):
            known = found[pk].get(text)
            if known is None:
                fresh.append(OccupationTask(occupation_id=pk, text=text, position=position))
            elif known.position != position:
                known.position = position
                moved.append(known)
    OccupationTask.objects.filter(pk__in=[task.pk for task in gone]).delete()
    OccupationTask.objects.bulk_update(moved, ["position"], batch_size=BATCH)
    OccupationTask.objects.bulk_create(fresh, batch_size=BATCH)
    return {task.occupation_id for task in (*gone, *moved, *fresh)}
