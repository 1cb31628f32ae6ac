"""Watch a process and end it where it hangs, so that what started it starts it again. For healthchecks of containers.

    python -m careerplan.core.watch worker FILE        # FILE: WORKER_LIFE_FILE
    python -m careerplan.core.watch web URL PIDFILE    # PIDFILE: of granian
    python -m careerplan.core.watch started URL        # waits for a web process that has just been started

Exit code 0: it works. 1: it does not; the third time in a row its process is killed. A worker that waits for Redis does
not hang.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from careerplan.core.healthcheck import base_host, is_healthy

SILENT_SECONDS = 60.0
FAILURES = 3
START_SECONDS = 60.0
"""A web process that does not answer yet is not ended for this long: on a busy machine it takes half of it to load."""


def is_fresh(file: Path, now: float) -> bool:
    """Return whether the worker gave a sign of life in the last SILENT_SECONDS. A missing file counts as a start."""
    try:
        return now - file.stat().st_mtime < SILENT_SECONDS
    except FileNotFoundError:
        return True


def note_failure(pid_file: Path) -> bool:
    """Count a failure; kill the process at the third in a row. Return whether it was killed."""
    counter = pid_file.with_name(f"{pid_file.name}.failures")
    counter.write_text(counter.read_text() + "." if counter.exists() else ".")
    if len(counter.read_text()) < FAILURES:
        return False
    counter.unlink()
    with suppress(OSError, ValueError):
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
    pid_file.unlink(missing_ok=True)
    return True


def forget_failures(pid_file: Path) -> None:
    """Begin to count again."""
    pid_file.with_name(f"{pid_file.name}.failures").unlink(missing_ok=True)


def is_starting(pid_file: Path, now: float) -> bool:
    """Return whether a web process began less than START_SECONDS ago: granian writes its file then."""
    return pid_file.exists() and now - pid_file.stat().st_mtime < START_SECONDS


def has_started(url: str, *, seconds: float = 2 * START_SECONDS) -> bool:
    """Wait until a web process answers; return whether it did."""
    end = time.monotonic() + seconds
    while not is_healthy(url, base_host()):
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def redis_answers() -> bool:
    """Return whether Redis answers a PING within two seconds."""
    from redis import Redis, RedisError  # noqa: PLC0415

    import careerplan.settings as values  # noqa: PLC0415  (only where a worker is silent: it takes a moment)

    try:
        return bool(Redis.from_url(values.REDIS_URL, socket_timeout=2, socket_connect_timeout=2).ping())
    except RedisError:
        return False


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit code."""
    kind, *places = arguments
    if kind == "started":
        return 0 if has_started(places[0]) else 1
    if kind == "worker":
        pid_file = Path(places[0])
        works = is_fresh(pid_file, time.time()) or not redis_answers()
    else:
        pid_file = Path(places[1])
        works = is_healthy(places[0], base_host())
    if works:
        forget_failures(pid_file)
        return 0
    if kind == "web" and is_starting(pid_file, time.time()):
        return 1
    if note_failure(pid_file):
        sys.stderr.write(f"careerplan: the {kind} hung and was ended\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
