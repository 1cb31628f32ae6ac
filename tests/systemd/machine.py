"""A Debian that systemd boots, in namespaces of its own."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any, Self

INSIDE = "CAREERPLAN_SYSTEMD_TEST_INSIDE"
GROUP = Path("/sys/fs/cgroup/careerplan-systemd-test")
SECONDS = 240


class Machine:
    """systemd-nspawn with a root folder. Use it in a with statement."""

    def __init__(self, root: Path, log: Path) -> None:
        self.root, self.log = root, log

    def __enter__(self) -> Self:
        # systemd 252 needs one hierarchy; only this mount namespace sees it.
        subprocess.run(["umount", "--recursive", "--lazy", "/sys/fs/cgroup"], check=False, capture_output=True)
        subprocess.run(["mount", "-t", "cgroup2", "none", "/sys/fs/cgroup"], check=True)
        GROUP.mkdir(exist_ok=True)
        command = ["systemd-nspawn", "-q", "-D", str(self.root), "--private-network", "--register=no", "--keep-unit"]
        start = f"echo $$ > {GROUP}/cgroup.procs; exec {' '.join(command)} --boot"
        environment = {**os.environ, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", start], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
            )
        self._wait(self._is_up)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()  # it shuts the machine down
        try:
            self._process.wait(timeout=90)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def enter(self, *namespaces: str) -> list[str]:
        """Return the beginning of a command that runs in namespaces of the machine."""
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return ["nsenter", "--target", children[0], *namespaces]

    def run(self, *command: str) -> str:
        """Run a command as root and return what it writes. Raises RuntimeError with the end of it."""
        inside = [*self.enter("--mount", "--uts", "--ipc", "--net", "--pid"), "env", "-i", *PATHS, *command]
        done = subprocess.run(inside, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode and command[:2] == ("systemctl", "start"):
            raise RuntimeError(self.run("journalctl", "-n", "30", "-o", "cat", "-u", command[2]))
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def manage(self, *command: str) -> str:
        """Run a management command as an operator does."""
        return self.run("careerplan-manage", *command)

    def main_process(self, unit: str) -> str:
        """Return the id of the first process of a service that is active, or ""."""
        found = self.run("systemctl", "show", "--value", "--property=ActiveState,MainPID", unit).split()
        return "".join(part for part in found if part.isdigit()) if "active" in found else ""

    def wait_for_another_process(self, unit: str, before: str) -> None:
        """Wait until a service was started again."""
        self._wait(lambda: self.main_process(unit) not in {"", before})

    def ask_health(self) -> dict[str, Any]:
        """Return what /health/ says through nginx."""
        return dict(json.loads(self.run("curl", "-sk", "--max-time", "10", "https://plan.example.org/health/")))

    def health(self) -> dict[str, Any]:
        """Wait until everything works, and return what /health/ says."""
        return dict(self._wait(self._healthy))

    def _healthy(self) -> dict[str, Any] | None:
        try:
            found = self.ask_health()
        except (RuntimeError, ValueError):  # nginx has nobody to ask
            return None
        return found if found["status"] == "ok" else None

    def _is_up(self) -> bool:
        try:
            return "running" in self.run("systemctl", "is-system-running", "--wait")
        except (RuntimeError, OSError, IndexError) as error:
            return "degraded" in str(error)

    def _wait(self, condition: Any) -> Any:
        end = time.monotonic() + SECONDS
        while not (found := condition()):
            if time.monotonic() > end or self._process.poll() is not None:
                raise TimeoutError(f"not within {SECONDS} seconds; see {self.log}")
            time.sleep(0.5)
        return found


PATHS = ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8")
