"""The site without containers: machines of network namespaces with web and worker each, and the servers at their hub.

It is what docker-compose.yml describes: the same proxy with the same configuration, the same commands, three roles. For
a version there is a clone of the repository at its tag.
"""

import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from careerplan.local.postgres import APP, OWNER
from careerplan.local.processes import Service
from tests.compose.any_stack import AnyStack
from tests.compose.servers import NAMES, Mailbox, Servers, caddy
from tests.compose.sources import make_repository
from tests.compose.visitor import SITE, wait_for
from tests.faults.fleet import Fleet
from tests.faults.network import Machine

FIRST = "0.1.0"
INHERITED = ("PATH", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE")
WEB = (
    "-m", "granian", "--interface", "asginl", "--host", "0.0.0.0", "--port", "8000", "--workers", "2",
    "--respawn-failed-workers", "--log-config", "careerplan/granian-logs.json", "careerplan.asgi:application",
)  # fmt: skip
CELERY = ("-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "-A", "careerplan")


class NamespaceStack(AnyStack):
    """A site in a folder. `first_machine`: two sites one after the other have no machine in common."""

    made = 0

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.certificates, self._hosts = folder / name, folder / "certificates", folder / "hosts"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.version, self.backups = FIRST, str(self.folder / "backups")
        Path(self.backups).mkdir(parents=True)
        (self.folder / "log").mkdir()
        self._repository = folder / "sources"
        if NamespaceStack.made == 0:
            make_repository(folder)
        self._first_machine, NamespaceStack.made = NamespaceStack.made * 10, NamespaceStack.made + 1
        self._servers = Servers(self.folder / "servers")
        self._mailbox = Mailbox(self.folder / "postfix", self.certificates)
        self._fleet, self._machines, self._key = Fleet(self.folder / "log"), list[Machine](), secrets.token_hex(32)
        self._killed: dict[str, int] = {}
        self._is_set_up = self._has_servers = False

    # --- Starting and ending ------------------------------------------------------------------------------
    def start_servers(self) -> None:
        """Start PostgreSQL, Valkey and Postfix, and fetch the version that is set up later."""
        self._write_hosts()
        self._servers.start(self._fleet)
        self._mailbox.start()
        self._prepare_sources("first")
        self._has_servers = True

    def up(self, *, each: int = 1) -> None:
        """Set up the database, and start the proxy and so many machines."""
        if not self._has_servers:
            self.start_servers()
        if not self._is_set_up:
            self._set_up()
            self._fleet.start(caddy(self.folder.parent / "proxy", self.certificates), self._service("beat", None))
            self._is_set_up = True
        while len(self._machines) < each:
            machine = Machine(self._first_machine + len(self._machines))
            machine.start()
            self._machines.append(machine)
            self._fleet.start(*(self._service(name, machine) for name in ("web", "worker")))
            wait_for(lambda machine=machine: self._answers(machine))
        self._write_hosts()

    def down(self) -> None:
        """End everything."""
        for name in reversed(list(self._fleet.processes)):
            self._fleet.end(name, 20)
        self._fleet.stop()
        for machine in self._machines:
            machine.stop()
        self._machines.clear()
        self._mailbox.stop()

    def _write_hosts(self) -> None:
        """Say where each name leads. The file is mounted, so it is written in place, and never empty meanwhile."""
        webs = "".join(f"{machine.address} web\n" for machine in self._machines)
        with self._hosts.open("r+") as file:
            file.write(f"127.0.0.1 localhost {SITE.removeprefix('https://')}\n{NAMES}{webs}")
            file.truncate()

    # --- Versions -----------------------------------------------------------------------------------------
    @property
    def _sources(self) -> Path:
        return self.folder / f"sources-{self.version}"

    def _prepare_sources(self, revision: str) -> None:
        """Clone the tag of the version, and collect its static files, as its image does."""
        clone = ["git", "clone", "-q", "-b", f"v{self.version}", "-c", "advice.detachedHead=false"]
        subprocess.run([*clone, str(self._repository.parent / "repository"), str(self._sources)], check=True)
        (self._sources / "careerplan" / "revision.txt").write_text(f"{revision}\n")
        self.manage("collectstatic", "--no-input")

    def _set_up(self) -> None:
        """What the service `setup` does."""
        for command in ("doctor --before-start", "migrate --no-input", f"grant_rights {APP}", "load_catalogue"):
            self.manage(*command.split())

    def upgrade(self, version: str, revision: str) -> None:
        """Back up, migrate while the old version goes on, then replace one machine after the other."""
        self.manage("backup", self.backups, "--keep", "14")
        self.version = version
        self._prepare_sources(revision)
        self._set_up()
        self._change_over()

    def go_back(self, version: str) -> None:
        """Replace one machine after the other with the version before."""
        self.version = version
        self._change_over()

    def _change_over(self) -> None:
        for machine in self._machines:
            self._replace("web", machine)
            wait_for(lambda machine=machine: self._answers(machine))
        for machine in self._machines:
            self._replace("worker", machine)
        self._replace("beat", None)

    def _replace(self, name: str, machine: Machine | None) -> None:
        service = self._service(name, machine)
        self._fleet.end(service.name, 60)
        self._fleet.start(service)

    # --- Services -----------------------------------------------------------------------------------------
    def _environment(self, role: str) -> dict[str, str]:
        """Return what docker-compose.yml gives a container."""
        return {
            **{name: os.environ[name] for name in INHERITED if name in os.environ},
            "PATH": f"{self._servers.postgres.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "DJANGO_SETTINGS_MODULE": "careerplan.settings",
            "SECRET_KEY": self._key,
            "ALLOWED_HOSTS": SITE.removeprefix("https://"),
            "BASE_URL": SITE,
            "DATABASE_URL": self._servers.url_of(role),
            "REDIS_URL": self._servers.redis_url,
            "EMAIL_URL": "smtp+tls://postfix:25",
            "EMAIL_FROM": "Careerplan <plan@example.org>",
            "TRUSTED_PROXY_COUNT": "1",
            "SCHEDULER_SECONDS": "5",
            "STATIC_ROOT": str(self.folder / f"static-{self.version}"),
            "BACKUP_FOLDER": self.backups,
            "DELETIONS_FILE": f"{self.backups}/deletions.jsonl",
            "SSL_CERT_FILE": str(self.certificates / "ca.pem"),
        }

    def manage(self, *command: str) -> str:
        """Run a management command of this version as the owner of the tables."""
        env = self._environment(OWNER) | {"STATEMENT_TIMEOUT_SECONDS": "0"}
        argv = [sys.executable, "manage.py", *command]
        done = subprocess.run(argv, cwd=self._sources, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)[:200]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def _service(self, name: str, machine: Machine | None) -> Service:
        number = "" if machine is None else f"-{machine.number}"
        schedule = ("--schedule", str(self.folder / "schedule"), "--pidfile", "")
        commands = {
            "web": WEB,
            "worker": (*CELERY, "worker", "-n", f"worker{number}@%h"),
            "beat": (*CELERY, "beat", *schedule),
        }
        env = self._environment(APP) | {"WORKER_LIFE_FILE": str(self.folder / f"life{number}")}
        service = Service(name, (sys.executable, *commands[name]), env, cwd=self._sources)
        return service if machine is None else replace(machine.runs(service, {}), name=f"{name}{number}")

    def _answers(self, machine: Machine) -> bool:
        connection = HTTPConnection(machine.address, 8000, timeout=2)
        try:
            connection.request("GET", "/health/web/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def services(self, name: str) -> list[str]:
        """Return the names of the services of this kind that run."""
        running = [one for one, process in self._fleet.processes.items() if process.poll() is None]
        return [one for one in running if one.partition("-")[0] == name]

    def stop(self, name: str) -> None:
        """Stop the services of this kind on every machine."""
        for service in self.services(name):
            self._fleet.end(service, 60)

    def go_on(self, name: str) -> None:
        """Start them again."""
        self._fleet.start(*(self._service(name, machine) for machine in self._machines))

    def kill(self, service: str) -> None:
        """Kill the first process of a service. What it leaves is ended, and it is started again."""
        self._killed[service] = self._fleet.processes[service].pid
        self._fleet.kill(service)

    def starts(self, service: str) -> int:
        """Return whether a service that was killed was started again."""
        return int(self._fleet.processes[service].pid != self._killed[service])

    def logs(self, service: str) -> str:
        """Return all that a service has written."""
        return (self.folder / "log" / f"{service}.log").read_text(errors="replace")

    # --- Emails and backups -------------------------------------------------------------------------------
    def messages(self) -> list[Message]:
        """Return the emails that arrived."""
        return [message_from_bytes(file.read_bytes(), policy=default) for file in self._mails()]

    def mail_count(self) -> int:
        """Return how many emails arrived."""
        return len(self._mails())

    def _mails(self) -> list[Path]:
        return sorted((self._mailbox.kept / "new").glob("*"))

    def newest_backup(self) -> str:
        """Return the path of the newest backup."""
        return str(sorted(Path(self.backups).glob("*.dump"))[-1])

    def copy_backups(self, folder: Path) -> None:
        """Copy the folder of the backups out."""
        shutil.copytree(self.backups, folder, dirs_exist_ok=True)

    def bring_backups(self, folder: Path) -> None:
        """Copy backups into the folder."""
        shutil.copytree(folder, self.backups, dirs_exist_ok=True)
