"""Undo an import: delete what it made, except what its owner has used since.

A plan or an assessment is deleted with everything that belongs to it, or kept whole; so is a goal or a step that a list
added to the plan. Fingerprints of the rows show whether it has changed: a new step counts like an edited or a deleted
one. A release that adds a column to a table makes earlier imports look changed, so they are kept.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from careerplan.account_data.import_rules import ImportContext
from careerplan.account_data.models import UNDO_PERIOD, DataImport, ImportedRows
from careerplan.account_data.sections import SECTIONS, SECTIONS_BY_NAME, Section
from careerplan.catalogue.models import Skill
from careerplan.core.readonly import allow_closed_changes
from careerplan.plans.models import Plan

# Rows that are deleted with everything that belongs to them, by section, and the lookup from other sections.
UNITS: Mapping[str, str] = {"plans": "plan", "assessments": "assessment", "goals": "goal", "steps": "step"}
# Rows of the account itself, in the order of deletion; all others are deleted with their plan or assessment.
ROOTS = ("reminders", "emails", "plans", "assessments", "reminder_preferences", "own_skills")
ADDED = ("steps", "goals")
"""Rows that a list adds to a plan that was there before."""
# Written by the scheduler, so not a change by the owner.
SCHEDULED = {"reminders", "emails", "review_schedules"}
BATCH = 1000


@dataclass
class UndoPreview:
    """What undoing an import deletes, by section, and what it keeps: (title, names of changed sections)."""

    deleted: dict[str, int] = field(default_factory=dict)
    kept: list[tuple[str, list[str]]] = field(default_factory=list)
    kept_skills: list[str] = field(default_factory=list)  # used elsewhere


def record_import(context: ImportContext, written: Mapping[Section, list[int]], *, checksum: str) -> DataImport:
    """Record what an import made. Called in its transaction, after all rows are written."""
    record = DataImport.objects.create(
        user=context.user,
        checksum=checksum,
        imported_at=context.now,
        expires_at=context.now + UNDO_PERIOD,
        counts=context.summary.counts,
        archived_plan_id=context.archived_plan,
    )
    lines = []
    for section, ids in written.items():
        if section.name not in ROOTS:
            continue
        if section.name in UNITS:
            lines += _units(record, section, ids)
        else:
            lines.append(ImportedRows(data_import=record, section=section.name, ids=ids))
    ImportedRows.objects.bulk_create(lines, BATCH)
    return record


def record_added_rows(
    *, user: User, added: Mapping[str, list[int]], counts: Mapping[str, int], checksum: str, now: datetime
) -> DataImport:
    """Record the goals and steps that a list added, by section (ADDED). Called in its transaction, at its end."""
    record = DataImport.objects.create(
        user=user, checksum=checksum, imported_at=now, expires_at=now + UNDO_PERIOD, counts=dict(counts)
    )
    lines = [line for name in ADDED for line in _units(record, SECTIONS_BY_NAME[name], added.get(name, []))]
    ImportedRows.objects.bulk_create(lines, BATCH)
    return record


def _units(record: DataImport, section: Section, ids: Iterable[int]) -> list[ImportedRows]:
    return [
        ImportedRows(data_import=record, section=section.name, ids=[pk], fingerprints=fingerprints(section, pk))
        for pk in ids
    ]


def fingerprints(unit: Section, pk: int) -> dict[str, str]:
    """Return a digest of the rows of each section of one row of UNITS; empty sections have none."""
    found = {unit.name: _digest(unit, unit.model._base_manager.filter(pk=pk))}
    for section in SECTIONS:
        path = _path_to(unit.name, section)
        if section.is_history or section.name in SCHEDULED or not path:
            continue
        rows = section.model._base_manager.filter(**{path: pk})
        if section.name == "reviews":
            rows = rows.filter(started_at__isnull=False)  # the scheduler makes a review due
        found[section.name] = _digest(section, rows)
    return {name: digest for name, digest in found.items() if digest}


def _path_to(unit: str, section: Section) -> str:
    """Return the lookup from the rows of a section to their plan, assessment, goal or step; "" if they have none."""
    parts = section.owner.split("__")
    step = UNITS[unit]
    return "__".join(parts[: parts.index(step) + 1]) if step in parts else ""


def _digest(section: Section, rows: "QuerySet[Any]") -> str:
    digest, empty = hashlib.sha256(), True
    columns = [column.field.attname for column in section.columns]
    for row in rows.order_by("pk").values_list(*columns).iterator(chunk_size=BATCH):
        empty = False
        digest.update(repr(row).encode())
    return "" if empty else digest.hexdigest()


def preview_undo(record: DataImport) -> UndoPreview:
    """Return what undoing an import would delete, and what it would keep and why. Changes nothing."""
    return _split(record)[0]


@transaction.atomic
def undo_import(*, record: DataImport, now: datetime) -> UndoPreview | None:
    """Undo an import; None if it was undone before or its time is over. What was used since is kept."""
    User.objects.select_for_update(no_key=True).get(pk=record.user_id)
    locked = DataImport.objects.select_for_update().filter(pk=record.pk, expires_at__gt=now).first()
    if locked is None:
        return None
    preview, doomed = _split(locked)
    with allow_closed_changes():
        for name in (*ADDED, *ROOTS):
            ids = doomed.get(name, [])
            for start in range(0, len(ids), BATCH):
                SECTIONS_BY_NAME[name].model._base_manager.filter(pk__in=ids[start : start + BATCH]).delete()
        _reactivate(locked)
    locked.delete()
    return preview


def _split(record: DataImport) -> tuple[UndoPreview, dict[str, list[int]]]:
    """Split what an import made into what is deleted and what is kept."""
    preview, doomed = UndoPreview(), dict[str, list[int]]()
    for line in record.rows.order_by("pk"):
        section = SECTIONS_BY_NAME[line.section]
        rows = section.model._base_manager.filter(pk__in=line.ids, **{section.owner: record.user_id})
        there = list(rows.values_list("pk", flat=True))
        if line.section in UNITS and there:
            changed = _changed(line.fingerprints, fingerprints(section, there[0]))
            if changed:
                preview.kept.append((_title(section, there[0]), changed))
                continue
        doomed.setdefault(line.section, []).extend(there)
    doomed["own_skills"], preview.kept_skills = _unused_skills(doomed.get("own_skills", []), doomed)
    preview.deleted = {name: len(ids) for name, ids in doomed.items() if ids}
    for name, path in (("goals", "plan__in"), ("steps", "goal__plan__in")):
        count = SECTIONS_BY_NAME[name].model._base_manager.filter(**{path: doomed.get("plans", [])}).count()
        if count:
            preview.deleted[name] = count
    return preview, doomed


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Return the sections whose rows have changed since the import."""
    return [section.name for section in SECTIONS if before.get(section.name) != now.get(section.name)]


def _title(section: Section, pk: int) -> str:
    row = section.model._base_manager.get(pk=pk)
    return str(getattr(row, "title", ""))


def _unused_skills(ids: Iterable[int], doomed: Mapping[str, list[int]]) -> tuple[list[int], list[str]]:
    """Split skills into unused ones, once the rest is deleted, and the names of the others."""
    unused, used = [], []
    for skill in Skill.objects.filter(pk__in=list(ids)).order_by("name"):
        is_used = False
        for section in SECTIONS:
            fields = [column.field.name for column in section.columns if column.refers_to is Skill]
            if section.is_history or not fields:
                continue
            rows = section.model._base_manager.filter(**{fields[0]: skill.pk})
            for name in UNITS:
                if path := _path_to(name, section):
                    rows = rows.exclude(**{f"{path}__in": doomed.get(name, [])})
            is_used = is_used or rows.exists()
        if is_used:
            used.append(skill.name)
        else:
            unused.append(skill.pk)
    return unused, used


def _reactivate(record: DataImport) -> None:
    """Make the plan active again that the import archived, if no plan is active now."""
    plan = record.archived_plan
    if (
        plan is None
        or plan.archived_at != record.imported_at
        or Plan.objects.active().filter(user=record.user).exists()
    ):
        return
    plan.state, plan.archived_at = Plan.State.ACTIVE, None
    plan.save(update_fields=["state", "archived_at"])
