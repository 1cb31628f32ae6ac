"""The folder in which the processes of a web service count together.

Apart from metrics.py: prometheus_client reads the variable when it is imported.
"""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # of prometheus_client


def share_counts(parent: int) -> None:
    """Let all processes with this parent count together. Call it before metrics.py is imported.

    Removes what services that have ended left in the temporary folder. Every user of the machine can write there, so a
    folder of somebody else is not used.
    """
    folder = Path(tempfile.gettempdir()) / f"careerplan-metrics-{os.getuid()}-{parent}"
    for other in folder.parent.glob(f"careerplan-metrics-{os.getuid()}-*"):
        pid = other.name.rpartition("-")[2]
        if pid.isdecimal() and other != folder and _is_ours(other) and not _is_running(int(pid)):
            for file in other.glob("*.db"):
                file.unlink(missing_ok=True)
            with suppress(OSError):  # a process of that service is still there
                other.rmdir()
    folder.mkdir(mode=0o700, exist_ok=True)
    if not _is_ours(folder):
        raise PermissionError(f"{folder} is not a folder of this user: remove it")
    os.environ[FOLDER_VARIABLE] = str(folder)


def _is_ours(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
