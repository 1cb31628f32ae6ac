"""One project of docker compose, and what an operator does with it."""

import secrets
import subprocess
from email.message import Message
from pathlib import Path

from tests.compose.any_stack import AnyStack
from tests.compose.engine import Engine
from tests.compose.stand_ins import HERE, ROOT
from tests.compose.visitor import read_messages

MARK = b"=====8<====="
ASK = """
from django.utils import timezone
from careerplan.operations.server_jobs import ask
from careerplan.operators.actors import SYSTEM
ask(actor=SYSTEM, kind={kind!r}, target={target!r}, now=timezone.now())
"""
OPEN_JOBS = "SELECT count(*) FROM operations_serverjob WHERE state IN ('waiting', 'running')"
OUTCOME = """
from careerplan.operations.models import ServerJob
print(ServerJob.objects.latest("pk").state)
"""
ALL_MAIL = f"for file in /var/mail/kept/new/*; do [ -e $file ] && echo '{MARK.decode()}' && cat $file; done; true"


class Stack(AnyStack):
    """A project: docker-compose.yml with override.yml, and settings of its own."""

    def __init__(self, engine: Engine, folder: Path, name: str, sources: Path = ROOT) -> None:
        self.engine, self.name, self.certificates = engine, name, folder / "certificates"
        self.sources, self.backups = sources, "/srv/backups"
        self._settings = folder / f"{name}.env"
        password = secrets.token_urlsafe(24)
        values = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "POSTGRES_PASSWORD": password,
            "POSTGRES_APP_PASSWORD": secrets.token_urlsafe(24),
            "ALLOWED_HOSTS": "plan.example.org",
            "BASE_URL": "https://plan.example.org",
            "EMAIL_URL": "smtp+tls://postfix:25",
            "EMAIL_FROM": "Careerplan <plan@example.org>",
            "PROXY_CERTIFICATE": "files",
            "PROXY_CERTIFICATES": str(self.certificates),
            "SCHEDULER_SECONDS": "5",
        }
        self._settings.write_text("")
        self.change_settings(**values)
        self.version = "0.1.0"

    def read_settings(self) -> dict[str, str]:
        """Return the lines of the file of the settings."""
        lines = (line.partition("=") for line in self._settings.read_text().splitlines() if line)
        return {name: value for name, _, value in lines}

    def change_settings(self, **values: str) -> None:
        """Write lines into the file of the settings, as with an editor."""
        settings = {**self.read_settings(), **values}
        self._settings.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))

    def compose(self, *command: str, stdin: bytes | None = None, **more: str) -> str:
        """Run docker compose for this project."""
        return self._compose(*command, stdin=stdin, **more).decode(errors="replace")

    def _compose(self, *command: str, stdin: bytes | None = None, **more: str) -> bytes:
        environment = {"CAREERPLAN_VERSION": self.version, **more}
        return self.engine.run_bytes("docker-compose", *self._options, *command, stdin=stdin, more=environment)

    @property
    def _options(self) -> list[str]:
        files = ["-f", str(self.sources / "docker-compose.yml"), "-f", str(HERE / "override.yml")]
        return ["-p", self.name, "--project-directory", str(self.sources), "--env-file", str(self._settings), *files]

    def up(self, *, each: int = 1) -> None:
        """Start everything, with so many web services and workers."""
        more = [part for name in ("web", "worker") for part in ("--scale", f"{name}={each}")]
        self.compose("up", "-d", "--no-build", *(more if each > 1 else []))

    def start_servers(self) -> None:
        """Start PostgreSQL, Redis and the mail server alone."""
        self.compose("up", "-d", "--no-build", "postgres", "redis", "postfix")

    def stop(self, name: str) -> None:
        """Stop the containers of a service."""
        self.compose("stop", name)

    def go_on(self, name: str) -> None:
        """Start the containers of a service again."""
        self.compose("start", name)

    def upgrade(self, version: str, revision: str) -> None:
        """Change over to another version as an operator does, while people use the site."""
        self.version = version
        self._run_script("upgrade", "--as", version, REVISION=revision)

    def go_back(self, version: str) -> None:
        """Let the agent start the version before."""
        self.version = version
        self.ask_agent("back", version)

    def ask_agent(self, kind: str, target: str) -> None:
        """Ask the agent for something as the page does, and let it do that."""
        self._run_script("agent", "--once")  # it says what it can do
        self.manage("shell", "-c", ASK.format(kind=kind, target=target))
        said = self._run_script("agent", "--once")
        state = self.manage("shell", "-c", OUTCOME).split()[-1]
        assert state == "done", said

    def _run_script(self, name: str, *arguments: str, **more: str) -> str:
        script = str(self.sources / "deploy" / "compose" / name)
        return self.engine.run(script, *arguments, more={**self.script_environment, **more})

    @property
    def script_environment(self) -> dict[str, str]:
        """Return what the scripts of deploy/compose need to find this project."""
        return {"COMPOSE": " ".join(["docker-compose", *self._options]), "ENV_FILE": str(self._settings)}

    def open_jobs(self) -> int:
        """Return how many requests to the server are not done."""
        psql = ["psql", "-U", "careerplan", "-d", "careerplan", "-qAtc", OPEN_JOBS]
        return int(self.compose("exec", "-T", "postgres", *psql))

    def manage(self, *command: str) -> str:
        """Run a management command as the owner."""
        return self.compose("run", "-T", "--rm", "--no-deps", "setup", "python", "manage.py", *command)

    def services(self, name: str) -> list[str]:
        """Return the ids of the containers of a service that run."""
        label = f"label=com.docker.compose.service={name}"
        project = f"label=com.docker.compose.project={self.name}"
        return self.engine.run("docker", "ps", "-q", "--filter", label, "--filter", project).split()

    def kill(self, service: str) -> None:
        """Kill the processes of a container from outside, as a lack of memory does: Docker then starts it again."""
        for line in self.engine.run("docker", "top", service, "-o", "pid").splitlines()[1:2]:
            subprocess.run(["kill", "-9", line.strip()], check=True)

    def starts(self, service: str) -> int:
        """Return how often Docker has started a container again."""
        return int(self.engine.run("docker", "inspect", "-f", "{{.RestartCount}}", service))

    def logs(self, service: str) -> str:
        """Return all that a container has written."""
        done = subprocess.run(
            ["docker", "logs", service], env=self.engine.environment, capture_output=True, text=True, check=True
        )
        return done.stdout + done.stderr

    def messages(self) -> list[Message]:
        """Return the emails that arrived."""
        [postfix] = self.services("postfix")
        raw = subprocess.run(
            ["docker", "exec", postfix, "sh", "-c", ALL_MAIL],
            env=self.engine.environment,
            capture_output=True,
            check=True,
        )
        return read_messages(raw.stdout, MARK + b"\n")

    def mail_count(self) -> int:
        """Return how many emails arrived."""
        [postfix] = self.services("postfix")
        return int(self.engine.run("docker", "exec", postfix, "sh", "-c", "ls /var/mail/kept/new | wc -l"))

    def newest_backup(self) -> str:
        """Return the path of the newest backup in the volume."""
        command = ["run", "-T", "--rm", "--no-deps", "setup", "sh", "-c", f"ls {self.backups}/*.dump"]
        return self.compose(*command).split()[-1]

    def copy_backups(self, folder: Path) -> None:
        """Copy the volume out, as the second line of cron in docs/operating/compose.md does."""
        command = ["run", "-T", "--rm", "--no-deps", "setup", "tar", "-c", "-C", self.backups, "."]
        subprocess.run(["tar", "-x", "-C", str(folder)], input=self._compose(*command), check=True)

    def bring_backups(self, folder: Path) -> None:
        """Copy a folder into the volume."""
        archive = subprocess.run(["tar", "-c", "-C", str(folder), "."], capture_output=True, check=True).stdout
        self.compose("run", "-T", "--rm", "--no-deps", "setup", "tar", "-x", "-C", self.backups, stdin=archive)

    def memory(self) -> dict[str, str]:
        """Return the memory of each container."""
        rows = self.engine.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").splitlines()
        return {row.split()[0].removeprefix(f"{self.name}_"): row.split()[1] for row in rows}

    def down(self) -> None:
        """Remove containers and network. The volumes stay."""
        self.compose("down", "--timeout", "20", "--remove-orphans")
