"""What every database of the tests is copied from: a cluster that is migrated, with the catalogue, made once.

It lies in var/test-template until a migration, the catalogue, a static file or the lock changes. Copying it takes a
fifth of a second; making it takes ten seconds of CPU.
"""

import fcntl
import hashlib
import io
import os
import shutil
import time
from pathlib import Path

import psycopg

from careerplan.local.processes import ROOT
from careerplan.local.stack import Stack
from tests.stack_process import StackProcess

PLACE = ROOT / "var" / "test-template"
VARIABLE = "CAREERPLAN_TEST_TEMPLATE"
# Migrated, without the catalogue: what the workers of pytest copy. The catalogue's rows lie beside, in a schema of
# their own; tests.factories.catalogue brings them in.
EMPTY_DATABASE = "careerplan_empty"
SHIPPED_SCHEMA = "shipped"
KEPT_SECONDS = 3600
MADE_FROM = (
    "accounts/migrations/*.py",
    "careerplan/*/migrations/*.py",
    "careerplan/catalogue/**/*",
    "careerplan/core/management/commands/*.py",
    "careerplan/core/assets.py",
    "tests/migration_executor.py",
    "careerplan/local/postgres.py",
    "careerplan/settings.py",
    "static/**/*",
    "requirements-local.lock",
    "tests/plugins/template.py",
)


def template() -> Path | None:
    """The folder to copy, below pytest; None elsewhere."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def ensure_template() -> Path:
    """Make the template where there is none that is current; one at a time, whole or not at all."""
    PLACE.mkdir(parents=True, exist_ok=True)
    folder = PLACE / _fingerprint()
    with (PLACE / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            for old in PLACE.glob("*/"):
                if time.time() - old.stat().st_mtime > KEPT_SECONDS:  # another run may still use a younger one
                    shutil.rmtree(old)
            fresh = PLACE / "new"
            shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
            _make(fresh)
            fresh.rename(folder)
    return folder


def _make(folder: Path) -> None:
    with Stack() as stack:
        _prepare(stack)
        with psycopg.connect(stack.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {EMPTY_DATABASE} TEMPLATE careerplan")
        with psycopg.connect(stack.env["DATABASE_URL"], dbname=EMPTY_DATABASE) as connection:
            connection.execute(f"CREATE SCHEMA {SHIPPED_SCHEMA}")
            found = connection.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'catalogue%'").fetchall()
            tables = [table for (table,) in found]
            for table in tables:
                connection.execute(f"CREATE TABLE {SHIPPED_SCHEMA}.{table} AS TABLE public.{table}")
            connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        owner = stack.site.postgres.url
        with psycopg.connect(owner, user="postgres") as connection:  # tests.database.empty_tables
            connection.execute("GRANT SET ON PARAMETER session_replication_role TO careerplan")
        stack.stop("postgres")
        shutil.copytree(stack.site.postgres.data, folder / "data")
        shutil.copytree(stack.env["STATIC_ROOT"], folder / "static")


def _prepare(stack: Stack) -> None:
    """Take the steps of `make run`, its management commands in one process: each loads the product for 2 s of CPU."""
    commands = []
    for step in stack.site.steps():
        if Path(step.argv[1]).name == "manage.py":
            commands.append(step.argv[2:])
        else:
            stack.run(step)
    with StackProcess(stack) as process:
        process.call(_run_commands, commands=commands)


def _run_commands(commands: list[list[str]]) -> None:
    from django.core.management import call_command
    from django.core.management.commands import migrate

    from tests.migration_executor import Executor

    vars(migrate)["MigrationExecutor"] = Executor  # Django's command lets nobody name another one
    for command in commands:
        call_command(*command, stdout=io.StringIO())


def _fingerprint() -> str:
    found = hashlib.sha256()
    for path in sorted({path for pattern in MADE_FROM for path in ROOT.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]
