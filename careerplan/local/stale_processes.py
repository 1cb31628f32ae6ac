"""Processes that a killed supervisor left behind: noted while they run, ended at the next start.

On Linux the kernel ends them (see `processes`), but a database may take seconds to close, and elsewhere nobody ends
them. Two servers on the same data would ruin it, so a start first looks for those of the last one.
"""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

from careerplan.local.processes import GRACE_SECONDS, group_exists, kill_group, wait_until


def record(folder: Path, name: str, pid: int, number: signal.Signals) -> None:
    """Write down a process that was just started, and the signal that stops it."""
    (folder / f"{name}.pid").write_text(f"{pid} {int(number)} {start_time(pid)}\n")


def forget(folder: Path, name: str) -> None:
    """The process has ended and was waited for."""
    (folder / f"{name}.pid").unlink(missing_ok=True)


def start_time(pid: int) -> str:
    """When a process was started, in a form that only serves to compare; empty where none runs.

    With the number it names a process for good: the number alone may belong to somebody else after a restart.
    """
    with contextlib.suppress(OSError):
        # The fields after the command's name, which may itself hold spaces and parentheses.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]  # dead, and nobody has asked how it ended
    if Path("/proc/self/stat").exists():
        return ""
    ps = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return ps.stdout.strip()


def stop_all(folder: Path) -> list[str]:
    """End what was noted and still runs, and return the names. The caller holds the lock of this folder."""
    ended = []
    for path in sorted(folder.glob("*.pid")):
        fields = path.read_text().split(maxsplit=2)
        if len(fields) == 3 and start_time(int(fields[0])) == fields[2].strip():
            _stop(int(fields[0]), signal.Signals(int(fields[1])))
            ended.append(path.stem)
        path.unlink(missing_ok=True)
    return ended


def _stop(pid: int, number: signal.Signals) -> None:
    """Stop a process that is not our child, then whatever is left of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
    if not wait_until(lambda: not group_exists(pid), GRACE_SECONDS):
        kill_group(pid)
        wait_until(lambda: not group_exists(pid), GRACE_SECONDS)
