"""The list of all services, for both `make run` and the tests."""

import contextlib
import errno
import fcntl
import hashlib
import http.client
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from careerplan.core.watch import is_fresh
from careerplan.local.postgres import APP, Postgres
from careerplan.local.processes import ROOT, Service, StartupError, Step
from careerplan.local.valkey import Valkey, load_secret, write_private

# Variables that a child inherits from the caller. Other settings of a shell must not leak into the product.
KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TMPDIR",
    "LOG_LEVEL",
    "PYTHONDONTWRITEBYTECODE",
)


MAIL_PASSWORD = "mail-password"  # noqa: S105  (the name of a file)


_port_locks: list[int] = []  # of the ports that were given to this process, for as long as it lives


def free_port() -> int:
    """Return a free TCP port of this machine that no other call has returned to a process that is still there.

    It is used only later, and by a web server that shares its port between processes (SO_REUSEPORT): so two servers
    with the same port would share it without an error, and each get half of the other's requests.
    """
    folder = Path(tempfile.gettempdir(), f"careerplan-ports-{os.geteuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        port_lock = os.open(folder / str(port), os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(port_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(port_lock)
        else:
            _port_locks.append(port_lock)
            return port


def port_is_used(port: int) -> bool:
    """Return whether a port is in use or not allowed."""
    with socket.socket() as probe:
        # As the web server does; otherwise connections of a minute ago would count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def hold_ipv6(port: int) -> contextlib.AbstractContextManager[object]:
    """Take a port at ::1, where there is IPv6, and answer nothing there. Raises StartupError if it is used.

    Browsers try ::1 first for `localhost`, then 127.0.0.1: on a shared machine somebody else could answer them there.
    """
    try:
        held = socket.socket(socket.AF_INET6)
    except OSError:  # no IPv6
        return contextlib.nullcontext()
    try:
        held.bind(("::1", port))
    except OSError as error:
        held.close()
        if error.errno == errno.EADDRINUSE:
            raise StartupError(f"Port {port} is in use at ::1. Try: make run PORT={port + 10}") from None
        return contextlib.nullcontext()
    return held


@dataclass
class LocalSite:
    """A Careerplan on this machine: its folder `var`, ports, secrets and services.

    Creating one creates what is missing in the folder and starts nothing. `extra` overrides the environment of the
    product's own processes (SCHEDULER_SECONDS and the like). `template`: a folder whose `data` and `static` are used
    instead of creating them.
    """

    var: Path
    port: int
    durable: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)
    template: Path | None = None
    web_workers: int = 2
    postgres: Postgres = field(init=False)
    valkey: Valkey = field(init=False)
    smtp_port: int = field(init=False)

    def __post_init__(self) -> None:
        self.var = self.var.resolve()
        for folder in (self.logs, self.run, self.mail):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
        self.postgres = Postgres(
            self.var, durable=self.durable, template=self.template / "data" if self.template else None
        )
        self.valkey = Valkey(self.var, free_port(), durable=self.durable)
        self.smtp_port = free_port()

    @property
    def logs(self) -> Path:
        """Return the folder of the logs, one per service."""
        return self.var / "log"

    @property
    def run(self) -> Path:
        """Return the folder of runtime files."""
        return self.var / "run"

    @property
    def mail(self) -> Path:
        """Return the folder of the messages."""
        return self.var / "mail"

    @property
    def base_url(self) -> str:
        """Return the address of the site, by the name for which browsers offer passkeys. The number works as well."""
        return f"http://localhost:{self.port}"

    @property
    def mail_url(self) -> str:
        """Return the address of the pages that show the messages; whoever has it may read them."""
        return f"{self.base_url}/local/{self.env['LOCAL_MAIL_KEY']}/mail/"

    @property
    def _mail_password(self) -> str:
        return load_secret(self.var / MAIL_PASSWORD, 16)

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of management commands, which own the database."""
        return {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "PATH": f"{self.postgres.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",  # pg_dump of its version
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "careerplan.settings",
            "SECRET_KEY": load_secret(self.var / "secret-key", 32),
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "BASE_URL": self.base_url,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.valkey.url,
            "EMAIL_URL": f"smtp://careerplan:{self._mail_password}@127.0.0.1:{self.smtp_port}",
            "EMAIL_FROM": "Careerplan <careerplan@careerplan.localhost>",
            "STATIC_ROOT": str((self.template or self.var) / "static"),
            "LOCAL_MAIL_DIR": str(self.mail),
            "LOCAL_MAIL_KEY": load_secret(self.var / "mail-key", 16),
            "LOG_FORMAT": "console",
            "WORKER_LIFE_FILE": str(self._worker_life),
            "BACKUP_FOLDER": str(self.var / "backups"),
            "SCHEDULER_SECONDS": "15",
            **self.extra,
        }

    @property
    def product_env(self) -> dict[str, str]:
        """Return the environment of the product's processes, whose role owns nothing."""
        return {**self.env, "DATABASE_URL": self.postgres.app_url, **self.extra}

    def base_services(self) -> list[Service]:
        """Return PostgreSQL, Valkey and the mail catcher."""
        return [self.postgres.service(), self.valkey.service(), self._mail_service()]

    def product_services(self) -> list[Service]:
        """Return web, worker and beat, which need the steps first."""
        return [self._web_service(), self._worker_service(), self._beat_service()]

    def steps(self) -> list[Step]:
        """Return what must run before the product starts; nothing runs twice."""
        if self.template:
            return []
        steps = [self.postgres.make_app_role(), self.manage("migrate", "--no-input"), self.manage("grant_rights", APP)]
        steps += [self.manage("load_catalogue")]
        return [*steps, *([] if self._static_is_current() else [self.manage("collectstatic", "--no-input")])]

    def manage(self, *arguments: str, show: bool = False) -> Step:
        """Return a management command as a step."""
        argv = (sys.executable, str(ROOT / "manage.py"), *arguments)
        return Step(name=arguments[0], argv=argv, env=self.env, show=show)

    def steps_are_done(self) -> None:
        """Record what was collected, so that the next start can skip it."""
        write_private(self._static_stamp, self._static_fingerprint())

    def _mail_service(self) -> Service:
        argv = ["-m", "careerplan.local.mailcatcher", "--port", str(self.smtp_port), "--dir", str(self.mail)]
        argv += ["--password-file", str(self.var / MAIL_PASSWORD)]
        return Service("mail", (sys.executable, *argv), self.env, ready=self._mail_is_ready, quiet=True)

    def _web_service(self) -> Service:
        argv = ["-m", "granian", "--interface", "asginl", "careerplan.asgi:application", "--host", "127.0.0.1"]
        argv += ["--port", str(self.port), "--workers", str(self.web_workers), "--log-level", "warning"]
        return Service(
            "web", (sys.executable, *argv), self.product_env, ready=self._web_is_ready, alive=self._web_is_ready
        )

    def _worker_service(self) -> Service:
        # Celery warns about root because of pickle, which the settings do not accept; its banner fills the screen.
        argv = ["-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "careerplan", "worker"]
        argv += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
        return Service(
            name="worker",
            argv=(sys.executable, *argv),
            env=self.product_env,
            ready=self._worker_is_ready,
            alive=self._worker_is_alive,
            prepare=lambda: self._worker_life.unlink(missing_ok=True),
            # A clean stop would wait for a broker that is already gone. Killing a worker costs nothing.
            orphan_signal=signal.SIGKILL,
        )

    def _beat_service(self) -> Service:
        argv = ["-m", "celery", "-A", "careerplan", "beat", "--schedule", str(self.var / "celerybeat-schedule")]
        return Service("beat", (sys.executable, *argv, "--loglevel", "INFO"), self.product_env, quiet=True)

    def _mail_is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.smtp_port), timeout=2) as connection:
                return connection.recv(100).startswith(b"220")
        except OSError:
            return False

    def _web_is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/health/web/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _worker_is_ready(self) -> bool:
        """Return whether a worker waits for tasks, by the broker: logs may look different."""
        return "cmd=brpop" in self.valkey.ask("CLIENT LIST")

    def _worker_is_alive(self) -> bool:
        """Return whether the worker gave a sign of life, or waits for a broker that does not answer."""
        return is_fresh(self._worker_life, time.time()) or not self.valkey.ask("PING")

    @property
    def _worker_life(self) -> Path:
        return self.run / "worker-life"

    @property
    def _static_stamp(self) -> Path:
        return self.run / "static-files"

    @property
    def is_first_start(self) -> bool:
        """Return whether no start has been finished with this folder."""
        return not self._static_stamp.exists()

    def _static_is_current(self) -> bool:
        if not (Path(self.env["STATIC_ROOT"]) / "staticfiles.json").exists() or not self._static_stamp.exists():
            return False
        return self._static_stamp.read_text() == self._static_fingerprint()

    def _static_fingerprint(self) -> str:
        """Return a value that changes with a static file, a setting or an installed package; twice as fast as
        asking Django.
        """
        names = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
        names += [ROOT / "requirements-local.lock", ROOT / "careerplan" / "settings.py"]
        facts = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in names]
        return hashlib.sha256(repr((facts, self.env["STATIC_ROOT"])).encode()).hexdigest()


def lock(var: Path) -> IO[str]:
    """Lock a folder for as long as the returned file is open.

    Raises BlockingIOError if another process has it, StartupError if it is not writable.
    """
    try:
        if not var.exists() or (var / "secret-key").exists():  # a folder of our own, and nobody else's
            var.mkdir(parents=True, exist_ok=True)
            var.chmod(0o711 if os.geteuid() == 0 else 0o700)  # started by root, the user of PostgreSQL goes through
        file = open(var / "lock", "a+", opener=lambda path, flags: os.open(path, flags, 0o600))  # noqa: SIM115
    except OSError as error:
        raise StartupError(f"Careerplan keeps its data in {var} and cannot write there ({error.strerror}).") from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise
    return file
