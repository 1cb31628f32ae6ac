"""The audit log across a restore: what operators did after the backup is written into the restored database again.

Else whoever can restore could erase what they did. Until they are in, the entries wait in a file beside the backups, so
that they outlive a restore which was cut off.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import ProgrammingError, connection, transaction

from accounts.models import User
from careerplan.operations.postgres_tools import ToolError
from careerplan.operators.models import AuditAction, AuditEntry

FILE = "audit-log.jsonl"
FIELDS = ("at", "actor", "actor_id", "action", "person_id", "why", "details")

Entry = dict[str, Any]
log = structlog.get_logger(__name__)


def keep_audit_log(folder: Path) -> None:
    """Write the entries of this database into a file. Raises ToolError where that cannot be written.

    Entries of an earlier restore that was cut off stay in it.
    """
    try:
        with transaction.atomic():
            entries = list(AuditEntry.objects.order_by("pk").values(*FIELDS))
    except ProgrammingError:  # a database without tables
        return
    if entries:
        _write(folder, [*_read(folder), *entries])


def bring_back_audit_log(folder: Path) -> tuple[int, int]:
    """Add the entries that the restored database does not have; return how many, and how many it cannot hold.

    Those are acts that this version does not know: they stay in the file for a later one.
    """
    known = {_key(entry) for entry in AuditEntry.objects.values(*FIELDS)}
    missing = {key: entry for entry in _read(folder) if (key := _key(entry)) not in known}
    fit = [entry for entry in missing.values() if entry["action"] in AuditAction.values]
    unfit = [entry for entry in missing.values() if entry["action"] not in AuditAction.values]
    AuditEntry.objects.bulk_create(AuditEntry(**{**entry, "at": _time(entry)}) for entry in fit)
    _reserve_ids(entry[name] for entry in fit for name in ("actor_id", "person_id") if entry[name])
    if unfit:
        _write(folder, unfit)
    else:
        (folder / FILE).unlink(missing_ok=True)
    return len(fit), len(unfit)


def _reserve_ids(ids: Iterator[int]) -> None:
    """Let no new account get the id of one that came after the backup: the entries are not about it."""
    most = max(ids, default=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [User._meta.db_table])
        [name] = cursor.fetchone()
        if most:
            cursor.execute("SELECT setval(%s, greatest(nextval(%s), %s))", [name, name, most])


def _read(folder: Path) -> list[Entry]:
    file, found = folder / FILE, []
    for line in file.read_text().splitlines() if file.is_file() else []:
        try:
            found.append({name: json.loads(line)[name] for name in FIELDS})
        except (ValueError, KeyError, TypeError):
            log.error("audit_entry_unreadable")
    return found


def _write(folder: Path, entries: list[Entry]) -> None:
    """Replace the file: it is whole at any moment."""
    file = folder / FILE
    fresh = file.with_name(f"{FILE}.new")
    try:
        fresh.touch(mode=0o600)
        fresh.write_text("".join(f"{json.dumps(entry, cls=_Exact)}\n" for entry in entries))
        fresh.replace(file)
    except OSError as error:
        said = f"{file} keeps the audit log during a restore and cannot be written: {error.strerror}."
        raise ToolError(said) from None


class _Exact(DjangoJSONEncoder):
    """Times with their microseconds: by them an entry is known again."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _time(entry: Entry) -> datetime:
    at = entry["at"]
    return at if isinstance(at, datetime) else datetime.fromisoformat(at)


def _key(entry: Entry) -> tuple[Any, ...]:
    others = (entry[name] for name in FIELDS if name not in {"at", "details"})
    return (_time(entry), json.dumps(entry["details"], sort_keys=True), *others)
