"""A Docker engine in network and mount namespaces of its own: no bridge, rule or mount of it is seen outside."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Self

PACKAGES = {
    "dockerd": "docker.io",
    "docker-compose": "docker-compose",
    "debootstrap": "debootstrap",
    "iptables": "iptables",
    "openssl": "openssl",
    "dpkg-deb": "dpkg",
}
INSIDE = "CAREERPLAN_COMPOSE_TEST_INSIDE"
START_SECONDS = 60
WITHOUT = "WITHOUT_DOCKER"
"""Set it to see what happens where dockerd cannot start."""


class CannotStart(Exception):
    """dockerd does not start here; with the end of what it wrote."""


def why_not() -> str:
    """Why dockerd cannot start here, or ""; that it does not is seen when it is tried (CannotStart)."""
    if os.environ.get(WITHOUT):
        return f"{WITHOUT} is set"
    if os.geteuid() != 0:
        return "it needs root"
    missing = sorted({package for program, package in PACKAGES.items() if not shutil.which(program)})
    if missing:
        return f"install first: apt-get install --no-install-recommends {' '.join(missing)}"
    return "" if Path("/proc/self/ns/net").exists() else "this kernel has no network namespaces"


def enter_namespaces(module: str, *arguments: str) -> int:
    """Run a module in namespaces of its own and return its exit code."""
    command = ["unshare", "--net", "--mount", "--propagation", "private", sys.executable]
    return subprocess.run([*command, "-m", module, *arguments], env={**os.environ, INSIDE: "1"}, check=False).returncode


class Engine:
    """dockerd with a data root in `folder`. Use it in a with statement: it is stopped, and its data are removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sockets = Path(mkdtemp(prefix="careerplan-"))  # their paths have to be short
        self.environment = {
            **os.environ,
            "DOCKER_HOST": f"unix://{self.sockets}/docker.sock",
            "DOCKER_BUILDKIT": "0",  # BuildKit is not in Debian's package
            "COMPOSE_DOCKER_CLI_BUILD": "0",
        }

    def __enter__(self) -> Self:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        command = ["dockerd", "--data-root", f"{self.folder}/data", "--exec-root", f"{self.sockets}/exec"]
        command += ["--pidfile", f"{self.sockets}/pid", "--host", self.environment["DOCKER_HOST"]]
        command += ["--bip", "10.77.0.1/24"]
        with (self.folder / "dockerd.log").open("wb") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        while subprocess.run(["docker", "info"], env=self.environment, capture_output=True, check=False).returncode:
            if self._process.poll() is not None or time.monotonic() > end:
                said = (self.folder / "dockerd.log").read_text()[-2000:]
                self.__exit__()
                raise CannotStart(said.strip().rpartition("\n")[2] or "it wrote nothing")
            time.sleep(0.5)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for mount in reversed(Path("/proc/self/mounts").read_text().splitlines()):
            if (place := mount.split()[1]).startswith((str(self.folder), str(self.sockets))):
                subprocess.run(["umount", "--lazy", place], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def run(self, *command: str, stdin: bytes | None = None, more: Mapping[str, str] | None = None) -> str:
        """Run a client of this engine and return what it writes. Raises RuntimeError with the end of it."""
        return self.run_bytes(*command, stdin=stdin, more=more).decode(errors="replace")

    def run_bytes(self, *command: str, stdin: bytes | None = None, more: Mapping[str, str] | None = None) -> bytes:
        """Run a client as `run` does, and return what it writes as it is."""
        environment = {**self.environment, **(more or {})}
        done = subprocess.run(command, env=environment, input=stdin, capture_output=True, check=False)
        if done.returncode:
            said = (done.stdout + done.stderr).decode(errors="replace").strip()
            raise RuntimeError(f"{' '.join(command)} failed:\n{said[-3000:]}")
        return done.stdout
