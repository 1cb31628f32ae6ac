"""Services: how their processes start, so that they cannot outlive us, and how they end."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None

GRACE_SECONDS = 10
PRIVATE = 0o077
"""The umask of all processes: what they write is for their own user."""
ROOT = Path(__file__).resolve().parents[2]


class StartupError(Exception):
    """The local start cannot continue; one clear sentence for the user."""


@dataclass(frozen=True)
class Account:
    """The system user of a process."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Service:
    """A process that runs until it is stopped.

    `ready` says whether it is usable, `alive` whether it still does its work: they never raise and return within about
    two seconds. `prepare` removes what a
    killed predecessor left, before every start. `quiet` keeps its output off the terminal (it is in its log anyway).
    The kernel sends it `orphan_signal` if we are killed; the default is the stop signal.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path = ROOT
    ready: Callable[[], bool] = lambda: True
    alive: Callable[[], bool] = lambda: True
    prepare: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals | None = None
    account: Account | None = None
    quiet: bool = False
    ready_seconds: float = 120


@dataclass(frozen=True)
class Step:
    """A command that runs to its end; its output is shown if it fails, or always with `show`."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    cwd: Path = ROOT
    show: bool = False


def popen_arguments(service: Service) -> dict[str, Any]:
    """Return keyword arguments for both Popen and asyncio's create_subprocess_exec.

    The process gets its own session and so its own process group: Ctrl-C on the terminal reaches only us, and the whole
    group can be ended together.
    """
    arguments: dict[str, Any] = {
        "env": dict(service.env),
        "cwd": service.cwd,
        "stdin": subprocess.DEVNULL,
        "start_new_session": True,
        "umask": PRIVATE,
        "preexec_fn": die_with_parent(service.orphan_signal or service.stop_signal),
    }
    if service.account:
        arguments |= {"user": service.account.uid, "group": service.account.gid, "extra_groups": []}
    return arguments


class Process(Protocol):
    """What is needed of a running process: this part of Popen."""

    pid: int
    returncode: int | Any

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int, /) -> None: ...


def open_process(service: Service, log: IO[bytes]) -> Process:
    """Open the process of a service; its output goes into `log`."""
    return subprocess.Popen(service.argv, stdout=log, stderr=subprocess.STDOUT, **popen_arguments(service))


def die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Ask the Linux kernel to send this signal if we are killed, even by SIGKILL. Elsewhere: see `stale_processes`.

    It runs after the change of user, which would clear it.
    """
    if _libc is None:
        return None
    prctl, parent = _libc.prctl, os.getpid()

    def before_exec() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def run_as(account: Account | None, argv: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a short command as a system user and capture its output."""
    if account:
        options |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.run(argv, capture_output=True, text=True, check=False, **options)


def kill_group(leader: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a process group; do nothing if it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def group_exists(leader: int) -> bool:
    """Return whether any process of a group still runs."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Poll a condition; return whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def how_it_ended(code: int) -> str:
    """Return an exit code in words: `exit code 1`, `SIGKILL`."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def open_log(log: Path) -> IO[bytes]:
    """Open a log to append to, unbuffered; only its owner may read it."""
    file = open(log, "ab", buffering=0, opener=lambda path, flags: os.open(path, flags, 0o600))  # noqa: SIM115
    os.fchmod(file.fileno(), 0o600)  # an earlier version may have made it
    return file


def last_lines(log: Path, count: int = 15) -> str:
    """Return the end of a log, for a message about a failure."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    return ""
