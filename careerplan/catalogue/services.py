"""Write reference data: the shipped catalogue (load_catalogue) and O*NET releases (load_occupations).

All of it is idempotent, writes only differences, and never deletes a skill or an occupation, because ratings and plans
refer to them. Each function runs in one transaction with an advisory lock, so that servers starting together, or a
failed load, leave nothing half done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from careerplan.catalogue.models import Occupation, Skill, SkillGroup
from careerplan.catalogue.shipped_data import ShippedGroup
from careerplan.catalogue.sync import (
    LoadCounts,
    OccupationRecord,
    ReleaseData,
    onet_source,
    sync_needs,
    sync_relations,
    sync_tasks,
    sync_titles,
)

LOADER_LOCK = 0x63617461  # "cata": any number that nothing else in the database locks
BATCH = 500
# A release that lacks ratings for more than a tenth of the rated catalogue is incomplete, not revised.
LOSABLE = 0.1


class ReleaseTooSmall(Exception):
    """A release lacks ratings for too much of the rated catalogue: (lost, rated)."""


@dataclass(frozen=True, slots=True)
class SkillChanges:
    """Result of load_skills. `left_over`: catalogue skills that the file no longer has; they stay."""

    created: int
    updated: int
    left_over: int
    total: int


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADER_LOCK])


def _assign(row: Any, values: Mapping[str, Any]) -> bool:
    """Set values that differ; return whether any did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


@transaction.atomic
def load_skills(*, groups: Iterable[ShippedGroup]) -> SkillChanges:
    """Update the groups and skills of the catalogue from the file, by key."""
    _lock()
    groups = list(groups)
    group_ids = _load_groups(groups)
    existing = {skill.key: skill for skill in Skill.objects.catalogue()}
    fresh, changed, wanted = [], [], set()
    for group in groups:
        for position, text in enumerate(group.skills, start=1):
            wanted.add(text.key)
            skill = existing.get(text.key)
            values = {
                "name": text.name,
                "group_id": group_ids[group.key],
                "kind": group.kind,
                "meaning": text.meaning,
                **{f"level_{level}": example for level, example in enumerate(text.examples, start=1)},
                "external_code": text.code,
                "is_core": text.core,
                "position": position,
            }
            if skill is None:
                fresh.append(Skill(key=text.key, **values))
            elif _assign(skill, values):
                changed.append(skill)
    if changed:
        Skill.objects.bulk_update(changed, list(values))
    Skill.objects.bulk_create(fresh)
    return SkillChanges(len(fresh), len(changed), len(existing.keys() - wanted), len(wanted))


def _load_groups(groups: list[ShippedGroup]) -> dict[str, int]:
    existing = {group.key: group for group in SkillGroup.objects.all()}
    for position, text in enumerate(groups, start=1):
        group = existing.setdefault(text.key, SkillGroup(key=text.key))
        if _assign(group, {"name": text.name, "kind": text.kind, "position": position}):
            group.save()
    return {key: group.pk for key, group in existing.items()}


@transaction.atomic
def load_shipped_occupations(*, records: Iterable[OccupationRecord], now: datetime) -> LoadCounts:
    """Update the shipped occupations from the files.

    Titles and descriptions are always ours; ratings that a release loaded later are left alone.
    """
    _lock()
    records = list(records)
    released = set(Occupation.objects.exclude(release="").values_list("code", flat=True))
    changes = LoadCounts()
    wanted = {}
    for record in records:
        values = {
            "title": record.title,
            "description": record.description,
            "plural": record.plural,
            "tools": record.tools,
            "needs_licence": record.needs_licence,
            "is_starter": True,
            "is_current": True,
        }
        if record.code not in released:
            values |= _figures(record, release="")
        wanted[record.code] = values
    ids = _save_occupations(wanted, changes, now)
    touched = sync_titles({ids[record.code]: record.titles for record in records}, curated=True, changes=changes)
    touched |= sync_tasks({ids[record.code]: record.tasks for record in records})
    ours = [record for record in records if record.code not in released]
    touched |= sync_needs({ids[record.code]: record.needs for record in ours}, changes)
    touched |= sync_relations({ids[record.code]: record.related for record in ours}, ids)
    _touch(touched, now)
    return changes


@transaction.atomic
def load_release(*, data: ReleaseData, now: datetime, may_lose: bool = False) -> LoadCounts:
    """Update the catalogue from an O*NET release.

    A shipped occupation keeps our title and description, and its ratings if the release has none. What only a missing
    file would say stays as it is. An occupation that the release no longer has stays for the plans that refer to it,
    but is no longer offered. Raises ReleaseTooSmall for a release that seems incomplete, unless `may_lose` is set.
    """
    _lock()
    if not may_lose:
        _check_figures(data)
    starters = set(Occupation.objects.filter(is_starter=True).values_list("code", flat=True))
    changes = LoadCounts()
    ids = _save_occupations(_columns_of_release(data, starters), changes, now)
    _withdraw(data, changes, now)
    titles = {
        ids[code]: record.titles | ({record.title.lower(): record.title} if code in starters else {})
        for code, record in data.occupations.items()
    }
    touched = sync_titles(titles, curated=False, changes=changes)
    rated = {
        ids[code]: record.needs for code, record in data.occupations.items() if code not in starters or record.needs
    }
    touched |= sync_needs(rated, changes, has_knowledge=data.has_knowledge)
    theirs = {code: record for code, record in data.occupations.items() if code not in starters}
    if data.has_related:
        of_release = {code: record for code, record in data.occupations.items() if code in theirs or record.needs}
        touched |= sync_relations({ids[code]: record.related for code, record in of_release.items()}, ids)
    if data.has_tasks:
        touched |= sync_tasks({ids[code]: record.tasks for code, record in theirs.items()})
    _touch(touched, now)
    return changes


def _columns_of_release(data: ReleaseData, starters: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the columns to write by code; `starters` are the codes of shipped occupations."""
    columns: dict[str, dict[str, Any]] = {}
    for code, record in data.occupations.items():
        record.source = onet_source(data.release).key if record.needs else ""
        columns[code] = {"is_current": True}
        if code not in starters:
            columns[code] |= {"title": record.title, "description": record.description, "tools": record.tools}
        if code not in starters or record.needs:
            columns[code] |= _figures(record, release=data.release)
            if not data.has_interests:
                del columns[code]["interests"]
    return columns


def _check_figures(data: ReleaseData) -> None:
    """Check how many ratings the release would lose: a file cut after a whole line looks complete."""
    rated = list(Occupation.objects.filter(is_rated=True, is_current=True).values_list("code", flat=True))
    lost = sum(not (code in data.occupations and data.occupations[code].needs) for code in rated)
    if lost > LOSABLE * len(rated):
        raise ReleaseTooSmall(lost, len(rated))


def _figures(record: OccupationRecord, release: str) -> dict[str, Any]:
    return {
        "job_zone": record.job_zone,
        "typical_education": str(record.education),
        "is_rated": bool(record.needs),
        "interests": list(record.interests),
        "source": record.source,
        "release": release,
    }


def _save_occupations(wanted: Mapping[str, Mapping[str, Any]], changes: LoadCounts, now: datetime) -> dict[str, int]:
    """Create and update occupations; return their ids by code."""
    existing = {o.code: o for o in Occupation.objects.filter(code__in=wanted.keys())}
    fresh, changed = [], []
    for code, values in wanted.items():
        occupation = existing.get(code)
        if occupation is None:
            fresh.append(Occupation(code=code, updated_at=now, **values))
        elif _assign(occupation, values):
            occupation.updated_at = now
            changed.append(occupation)
    if changed:
        names = {name for values in wanted.values() for name in values} | {"updated_at"}
        Occupation.objects.bulk_update(changed, sorted(names), batch_size=BATCH)
    Occupation.objects.bulk_create(fresh, batch_size=BATCH)
    changes.created += len(fresh)
    changes.updated += len(changed)
    return {code: occupation.pk for code, occupation in existing.items()} | {o.code: o.pk for o in fresh}


def _withdraw(data: ReleaseData, changes: LoadCounts, now: datetime) -> None:
    """Withdraw occupations that the release no longer has, unless we ship them."""
    gone = Occupation.objects.filter(is_starter=False, is_current=True).exclude(code__in=data.occupations.keys())
    changes.dropped += gone.update(is_current=False, updated_at=now)


def _touch(ids: set[int], now: datetime) -> None:
    if ids:
        Occupation.objects.filter(pk__in=ids).update(updated_at=now)
