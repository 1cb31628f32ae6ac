"""Processes that a killed supervisor left behind: recorded while they run, ended at the next start.

On Linux the kernel ends them (see `processes`), but a database may take seconds to close, and elsewhere nothing ends
them. Two servers on the same data would destroy it, so each start first ends the processes of the last one.
"""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from careerplan.local.processes import GRACE_SECONDS, group_exists, kill_group, wait_until
from careerplan.local.valkey import write_private


def record(folder: Path, name: str, pid: int, number: signal.Signals) -> None:
    """Record a started process and the signal that stops it."""
    write_private(folder / f"{name}.pid", f"{pid} {int(number)} {start_time(pid)}\n")


def forget(folder: Path, name: str) -> None:
    """Remove the record of an ended process."""
    (folder / f"{name}.pid").unlink(missing_ok=True)


def start_time(pid: int) -> str:
    """Return when a process was started, in a form only for comparing; "" if it does not run.

    Together with the process id it identifies a process: the id alone may be reused after a restart.
    """
    with contextlib.suppress(OSError):
        # The fields after the command name, which may contain spaces and parentheses.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]  # dead, but not yet waited for
    if Path("/proc/self/stat").exists():
        return ""
    ps = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return ps.stdout.strip()


def stop_all(folder: Path) -> list[str]:
    """End recorded processes that still run; return their names. The caller holds the lock of this folder."""
    ended = []
    for path in sorted(folder.glob("*.pid")):
        fields = path.read_text().split(maxsplit=2)
        if len(fields) == 3 and start_time(int(fields[0])) == fields[2].strip():
            _stop(int(fields[0]), signal.Signals(int(fields[1])))
            ended.append(path.stem)
        path.unlink(missing_ok=True)
    return ended


def _stop(pid: int, number: signal.Signals) -> None:
    """Stop a process that is not our child, then the rest of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    if not wait_until(lambda: not group_exists(pid), GRACE_SECONDS):
        kill_group(pid)
        wait_until(lambda: not group_exists(pid), GRACE_SECONDS)
