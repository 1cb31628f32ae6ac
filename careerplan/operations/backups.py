"""Backups: a dump of the database, a note beside it that says what is in it, and how it is brought back.

Owners and rights are not in a dump: whoever restores it owns the tables, and `grant_rights` gives the application's
role its rights. So it fits into any server.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from careerplan.core.version import version
from careerplan.operations.postgres_tools import ToolError, connection_environment, run_tool

WITHOUT_OWNERS = ("--no-owner", "--no-privileges", "--no-comments")
LEFT_OVER_AFTER = timedelta(minutes=75)
"""Longer than a worker may take: what is unfinished and older belongs to one that has ended."""
BY_COMMAND, FROM_PAGE = "careerplan-", "careerplan-page-"
KINDS = (f"{BY_COMMAND}[0-9]*.dump", f"{FROM_PAGE}*.dump")
REMOVE_ALL = ("--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public")


@dataclass(frozen=True)
class BackupNote:
    """What is in a dump: when it was begun, by which version, its check sum and the migrations of its tables."""

    made_at: str
    version: str
    sha256: str
    size: int
    migrations: list[str]


def make_backup(folder: Path, *, now: datetime, tools: str = "", kind: str = BY_COMMAND) -> Path:
    """Write a dump and its note into a folder, read the dump back, and return its path.

    It gets its name when it is whole. What killed workers left is removed. Raises ToolError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    remove_left_overs(folder, now)
    path = folder / f"{kind}{now:%Y%m%dT%H%M%SZ}.dump"
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    applied = [f"{app}.{migration}" for app, migration in MigrationRecorder(connection).applied_migrations()]
    try:
        run_tool(
            "pg_dump", "--format=custom", *WITHOUT_OWNERS, f"--file={fresh}", folder=tools, env=connection_environment()
        )
        read_dump(fresh, tools)
        note = BackupNote(now.isoformat(), version(), _sha256(fresh), fresh.stat().st_size, sorted(applied))
        _note_path(path).write_text(json.dumps(asdict(note), indent=1) + "\n")
        fresh.rename(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def remove_old_backups(folder: Path, keep: int) -> list[Path]:
    """Remove all dumps in a folder but the newest `keep` of each kind; return those that were removed.

    So those of pages push out no nightly ones.
    """
    old = [path for kind in KINDS for path in sorted(folder.glob(kind))[:-keep]]
    for path in old:
        path.unlink()
        _note_path(path).unlink(missing_ok=True)
    return old


def remove_left_overs(folder: Path, now: datetime) -> None:
    """Remove unfinished dumps, and notes without a dump, that nobody writes any more."""
    notes = [note for note in folder.glob("careerplan-*.dump.json") if not note.with_suffix("").exists()]
    for path in [*folder.glob("careerplan-*.dump.new"), *notes]:
        if path.stat().st_mtime < (now - LEFT_OVER_AFTER).timestamp():
            path.unlink(missing_ok=True)


def check_backup(path: Path, tools: str = "") -> BackupNote:
    """Compare a dump with its note and read all of it. Raises ToolError where it is missing, damaged or has no note."""
    if not path.is_file():
        raise ToolError(f"{path.name} is not in {path.parent}.")
    note = read_note(path)
    if _sha256(path) != note.sha256:
        raise ToolError(f"{path.name} is not the file that was written on {note.made_at}: its check sum differs.")
    read_dump(path, tools)
    return note


def read_note(path: Path) -> BackupNote:
    """Return the note of a dump. Raises ToolError."""
    try:
        return BackupNote(**json.loads(_note_path(path).read_text()))
    except (OSError, ValueError, TypeError):
        raise ToolError(f"{_note_path(path).name} is missing beside the dump, or damaged.") from None


def read_dump(path: Path, tools: str = "") -> None:
    """Read a whole dump, as a restore would. Raises ToolError where it is cut off."""
    run_tool("pg_restore", "--file=/dev/null", str(path), folder=tools)


def restore_backup(path: Path, note: BackupNote, *, replace: bool, tools: str = "") -> None:
    """Bring a dump into the database of DATABASE_URL: all of it or nothing. Raises ToolError.

    The database must be empty, unless `replace`: then everything in it is removed first, in the same transaction. The
    dump is unpacked into a temporary file.
    """
    refuse_newer(note)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        [tables] = cursor.fetchone()
        if tables and not replace:
            raise ToolError(f"The database has {tables} tables. Use an empty one, or --replace to remove all of it.")
    connection.close()
    with TemporaryDirectory() as folder:  # only its owner can read it
        script = Path(folder) / "restore.sql"
        run_tool("pg_restore", *WITHOUT_OWNERS, f"--file={script}", str(path), folder=tools)
        run_tool(
            "psql",
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"),
            *(REMOVE_ALL if replace else ()),
            f"--file={script}",
            folder=tools,
            env=connection_environment(),
        )


def refuse_newer(note: BackupNote) -> None:
    """Raise ToolError where a dump has tables that this version does not know.

    Those that are here already are fine: after going back, this version works on them.
    """
    ours = our_apps()
    known = {*MigrationLoader(None).disk_migrations, *MigrationRecorder(connection).applied_migrations()}
    names = {f"{app}.{name}" for app, name in known}
    if unknown := [name for name in note.migrations if name.partition(".")[0] in ours and name not in names]:
        raise ToolError(f"The dump is of version {note.version}, which is newer: {unknown[0]} is not known here.")


def our_apps() -> set[str]:
    """Return the labels of our own apps: their migrations must all be known here."""
    return {app.label for app in apps.get_app_configs() if f"{app.name}.".startswith(("accounts.", "careerplan."))}


def role_exists(name: str) -> bool:
    """Return whether the server has a role of this name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [name])
        return bool(cursor.fetchone()[0])


def _note_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
