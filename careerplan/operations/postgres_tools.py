"""pg_dump, pg_restore and psql for the database of DATABASE_URL: their programs, arguments and errors."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.db import connection

TOOL_MISSING = (
    "The program {name} is missing. Install the client of PostgreSQL, in the version of the server or a newer one, or "
    "name its folder with --bin."
)


class ToolError(Exception):
    """A program of PostgreSQL is missing or failed; one sentence for the operator."""


def run_tool(name: str, *arguments: str, folder: str = "", **options: Any) -> str:
    """Run a program of PostgreSQL and return its output. Raises ToolError with the end of what it said."""
    program = shutil.which(name, path=folder or None)
    if program is None:
        raise ToolError(TOOL_MISSING.format(name=name))
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        said = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise ToolError(f"{name} failed: {said}")
    return str(done.stdout)


def connection_environment() -> dict[str, str]:
    """Return the environment that tells the programs which database to use: a password is in no command line."""
    values = connection.settings_dict
    options = values.get("OPTIONS", {})
    names = {
        "PGHOST": options.get("host") or values["HOST"],
        "PGPORT": values["PORT"],
        "PGUSER": values["USER"],
        "PGPASSWORD": values["PASSWORD"],
        "PGDATABASE": values["NAME"],
        "PGSSLMODE": options.get("sslmode", ""),
        "PGSSLROOTCERT": options.get("sslrootcert", ""),
    }
    given = {name: str(value) for name, value in names.items() if value}
    return {"PATH": os.defpath, "HOME": str(Path.home()), "PGCONNECT_TIMEOUT": "10", **given}
