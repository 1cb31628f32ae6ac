"""`make postgres-majors`: from an older PostgreSQL into ours, by the manual, with the demo plan.

The older one is Debian's (`apt-get install postgresql-15`, which need not run). It takes root: servers run as a user of
their own.
"""

import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from careerplan.local.data_dir import account_with_a_name, hand_over, postgres_package
from careerplan.local.postgres import APP, OWNER
from careerplan.local.processes import ROOT, run_as
from careerplan.local.servers import LocalSite, free_port

SYSTEM = Path("/usr/lib/postgresql")
SUPERUSER = "postgres"
TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
WRITTEN_ANEW = {"operations_backup", "operators_auditentry", "reminders_schedulerrun"}
"""A restore writes down the backups that it finds, that it was done, and that emails are held."""


class Server:
    """A PostgreSQL on a port, with both roles and an empty database. Use it in a with statement."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder, self.port = programs, folder, free_port()
        self._account, self._password = account_with_a_name(), secrets.token_hex(16)

    def __enter__(self) -> "Server":
        self.folder.mkdir(mode=0o700)
        (self.folder / "password").write_text(self._password)
        hand_over(self.folder, self._account)
        words = f"-U {SUPERUSER} --pwfile={self.folder}/password -A scram-sha-256 -E UTF8 --locale=C"
        self._run("initdb", *words.split())
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c fsync=off"
        options += " -c log_error_verbosity=terse -c log_min_error_statement=panic"
        self._run("pg_ctl", "-l", f"{self.folder}/log", "-o", options, "-w", "start")
        for role in (OWNER, APP):
            self.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{self._password}'", "postgres")
        self.sql(f"CREATE DATABASE careerplan OWNER {OWNER}", "postgres")
        return self

    def __exit__(self, *exception: object) -> None:
        self._run("pg_ctl", "-m", "fast", "-w", "stop")

    @property
    def major(self) -> str:
        """Return the major version."""
        return str(self.sql("SHOW server_version")[0][0]).partition(".")[0]

    def url(self, role: str, database: str = "careerplan") -> str:
        """Return DATABASE_URL of a role."""
        return f"postgres://{role}:{self._password}@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str, database: str = "careerplan") -> list[tuple[object, ...]]:
        """Run a statement as the superuser, and return its rows."""
        with psycopg.connect(self.url(SUPERUSER, database), autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[arg-type]  # made here
            return found.fetchall() if found.description else []

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return {str(name): int(str(self.sql(f'SELECT count(*) FROM "{name}"')[0][0])) for (name,) in self.sql(TABLES)}

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", f"{self.folder}/data", *arguments]
        done = run_as(self._account, command, cwd="/")
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")


class Site:
    """Commands of Careerplan, with the settings of `make run` and one server after the other."""

    def __init__(self, folder: Path) -> None:
        self._env = LocalSite(folder / "site", free_port(), durable=False).env
        self.backups = folder / "backups"

    def manage(self, server: Server, *command: str, role: str = OWNER) -> str:
        """Run a command as a role of a server, with the programs of that server."""
        env = {**self._env, "DATABASE_URL": server.url(role), "PATH": f"{server.programs}:{self._env['PATH']}"}
        env |= {"STATEMENT_TIMEOUT_SECONDS": "0"}
        argv = [sys.executable, "manage.py", *command]
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout


def change_over(site: Site, old: Server, new: Server) -> None:
    """Do the steps of docs/operating/backups.md, and compare."""
    for command in ("migrate --no-input", f"grant_rights {APP}", "load_catalogue"):
        site.manage(old, *command.split())
    site.manage(old, "load_demo", role=APP)
    before, started = old.rows(), time.monotonic()
    site.manage(old, "backup", str(site.backups))
    [dump] = site.backups.glob("*.dump")
    site.manage(new, "backup", "--check", str(dump))
    site.manage(new, "restore", str(dump))
    site.manage(new, "reminders", "go-on")
    seconds, after = time.monotonic() - started, new.rows()
    differing = {name: (count, after.get(name)) for name, count in before.items() if after.get(name) != count}
    assert set(differing) <= WRITTEN_ANEW, differing
    site.manage(new, "load_demo", role=APP)  # the application writes: sequences, triggers and rights are there
    said = site.manage(new, "check", "--database", "default", role=APP)
    counts = f"{len(before)} tables, {sum(before.values()):,} rows, {dump.stat().st_size // 1000} kB"
    print(f"{old.major} -> {new.major}: {counts}, the same afterwards; {seconds:.0f} s. {said.strip()}", flush=True)


def main() -> int:
    """The command line."""
    ours = postgres_package(account_with_a_name()) / "pginstall" / "bin"
    older = sorted(place for place in SYSTEM.glob("*/bin") if (place / "initdb").exists())
    if not older or account_with_a_name() is None:
        print("It takes root and an older PostgreSQL in /usr/lib/postgresql: apt-get install postgresql-15")
        return 1
    folder = Path(tempfile.mkdtemp(prefix="careerplan-"))
    folder.chmod(0o711)
    try:
        with Server(older[0], folder / "old") as old, Server(ours, folder / "new") as new:
            change_over(Site(folder), old, new)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
