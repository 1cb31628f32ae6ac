"""`make systemd-test`: install by the manual in a booted Debian, upgrade, go back, restore, and count the answers.

It prints each step with its seconds and what it saw. What it downloads stays in var/systemd-test.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable

from tests.compose.stand_ins import ROOT
from tests.systemd.machine import INSIDE, Machine
from tests.systemd.prober import Prober
from tests.systemd.root import fetch, install

FOLDER = ROOT / "var" / "systemd-test"
FIRST, SECOND = "0.1.0", "0.2.0"
LATE = "late@example.org"
MAKE_PERSON = f"from accounts.models import User; User.objects.create_user(email={LATE!r}, name='Late')"
IS_THERE = f"from accounts.models import User; print('person', User.objects.filter(email={LATE!r}).exists())"


def set_up(machine: Machine) -> str:
    """Steps 3 to 6 of the manual: roles and database, release, units, start."""
    machine.run("systemctl", "start", "postgresql", "redis-server", "nginx", "sink")
    machine.run("sh", "-c", "runuser -u postgres -- psql -q < /root/roles.sql")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", f"careerplan-setup@{FIRST}")
    machine.run("ln", "-sfn", f"/opt/careerplan/releases/{FIRST}", "/opt/careerplan/current")
    services = ["careerplan-web", "careerplan-worker", "careerplan-beat"]
    timers = ["careerplan-watch-web.timer", "careerplan-watch-worker.timer", "careerplan-backup.timer"]
    machine.run("systemctl", "enable", "--now", "careerplan.target", *services, *timers)
    return f"/health/ {machine.health()['status']}, version {machine.health()['version']}"


def doctor(machine: Machine) -> str:
    """Let doctor look at everything, the proxy too."""
    lines = machine.manage("doctor").splitlines()
    assert "Nothing to mend." in lines[-1], lines
    return f"{len(lines) - 1} lines, {lines[-1].strip()}"


def hang(machine: Machine) -> str:
    """Let the web process stand still: the timer ends it, and it answers again."""
    started, before = time.monotonic(), machine.main_process("careerplan-web")
    machine.run("systemctl", "kill", "--signal=STOP", "careerplan-web")
    machine.wait_for_another_process("careerplan-web", before)  # the one that ends may still answer
    machine.health()
    return f"answers again after {time.monotonic() - started:.0f} s"


def upgrade(machine: Machine) -> str:
    """Back up, set up the new release, change over; the old one answers meanwhile."""
    with Prober(machine) as prober:
        machine.run("systemctl", "start", "careerplan-backup")
        machine.run("systemctl", "start", f"careerplan-setup@{SECOND}")
        machine.run("careerplan-change", SECOND)
    return f"{_version(machine, SECOND)} runs; {prober.report(is_complete=True)}"


def go_back(machine: Machine) -> str:
    """Change over to the release before, on the tables of the new one."""
    with Prober(machine) as prober:
        machine.run("careerplan-change", FIRST)
    return f"{_version(machine, FIRST)} runs; {prober.report(is_complete=True)}"


def restore(machine: Machine) -> str:
    """Restore by the manual: what came after the backup is gone, and emails are held until they are let go."""
    machine.run("systemctl", "start", "careerplan-backup")
    name = machine.run("sh", "-c", "ls -t /var/lib/careerplan/backups/*.dump").split()[0]
    machine.manage("shell", "-c", MAKE_PERSON)
    services = ["careerplan-web", "careerplan-worker", "careerplan-beat"]
    started = time.monotonic()
    with Prober(machine) as prober:
        machine.run("systemctl", "stop", *services)
        machine.manage("restore", "--replace", name)
        machine.run("systemctl", "start", *services)
    closed = time.monotonic() - started
    assert "person False" in machine.manage("shell", "-c", IS_THERE)
    assert "reminder emails are held" in str(machine.ask_health()["problems"])
    machine.manage("reminders", "go-on")
    machine.health()
    return f"{name.rpartition('/')[2]} is back; closed for {closed:.0f} s; {prober.report()}"


def _version(machine: Machine, number: str) -> str:
    found = str(machine.health()["version"])
    assert found.startswith(number), found
    services = machine.run("systemctl", "is-active", "careerplan-web", "careerplan-worker", "careerplan-beat").split()
    assert services == ["active"] * 3
    return found


STEPS: tuple[Callable[[Machine], str], ...] = (set_up, doctor, hang, upgrade, go_back, restore)


def why_not() -> str:
    """Why no systemd can be booted here, or ""."""
    if os.geteuid() != 0:
        return "it needs root"
    missing = [name for name in ("systemd-nspawn", "debootstrap", "openssl", "nsenter") if not shutil.which(name)]
    return f"install first: {' '.join(missing)}" if missing else ""


def main() -> int:
    """The command line."""
    if reason := why_not():
        print(f"systemd cannot be booted here: {reason}")
        return 1
    if INSIDE not in os.environ:
        command = ["unshare", "--mount", "--propagation", "private", sys.executable, "-m", "tests.systemd"]
        return subprocess.run(command, env={**os.environ, INSIDE: "1"}, check=False).returncode
    print("Fetching Debian and wheels, installing two releases", flush=True)
    fetch(FOLDER)
    root = install(FOLDER, (FIRST, SECOND))
    with Machine(root, FOLDER / "boot.log") as machine:
        for step in STEPS:
            started = time.monotonic()
            saw = step(machine)
            print(f"{step.__name__:<10}{time.monotonic() - started:7.1f} s  {saw}", flush=True)
    print("1 passed, 0 failed", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
