"""Processes of the product that start warm: forked from one that has loaded Django and everything of ours.

To load it takes three seconds of CPU; to fork it, hardly anything. What runs is the same module with the same arguments
and environment as `python -m` would give it. tests/stack/test_deployed.py and tests/local start processes in earnest.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from careerplan.local.processes import Process, Service, die_with_parent, open_log, popen_arguments
from careerplan.local.stack import Stack

# What is read from the settings whenever it is needed, so that a fork may have another value than was loaded.
READ_LATE = {
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "STATEMENT_TIMEOUT_SECONDS",
    "EMAIL_TIMEOUT_SECONDS",
    "EMAIL_FINAL_TIMEOUT_SECONDS",
    "REMINDER_LEASE_SECONDS",
}
MODULES = ("celery", "granian", "tests.stack_process")
ROOT_WARNING = "ignore:You're running the worker"  # which tests may, see LocalSite


class Fork:
    """A forked process, with the part of Popen that stacks use. The warm process is its parent, and waits for it."""

    def __init__(self, warm: "WarmProcess", pid: int) -> None:
        self._warm, self.pid = warm, pid
        self.returncode: int | None = None
        self._polling = threading.Lock()  # who watches it asks from a thread of its own

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        with self._polling:
            if self.returncode is None:
                self.returncode = self._warm.ask({"poll": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        end = time.monotonic() + timeout if timeout is not None else None
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.02)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


class WarmProcess:
    """The process that has loaded everything, with an environment; it ends when it is closed, and its forks with it."""

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self.env = dict(env)
        self._lock = threading.Lock()
        self._socket, theirs = socket.socketpair()
        argv = [sys.executable, "-W", ROOT_WARNING, "-m", "tests.warm_processes", str(theirs.fileno())]
        service = Service("warm", tuple(argv), self.env, orphan_signal=signal.SIGKILL)
        with open_log(log) as output:
            self._process = subprocess.Popen(
                argv, stdout=output, stderr=output, pass_fds=[theirs.fileno()], **popen_arguments(service)
            )
        theirs.close()

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.wait(20)

    def fits(self, argv: tuple[str, ...], env: Mapping[str, str]) -> bool:
        """Whether a fork would be the same as a new process."""
        different = {name for name, _value in set(env.items()) ^ set(self.env.items())}
        return different <= READ_LATE and module_of(argv) in MODULES

    def start(self, argv: tuple[str, ...], env: Mapping[str, str], files: list[int], number: int) -> Fork:
        """Fork a process for a command line with `python -m`, with its standard files and the signal of an orphan."""
        place = argv.index("-m")
        order = {"module": argv[place + 1], "argv": argv[place + 2 :], "env": dict(env), "orphan": int(number)}
        return Fork(self, self.ask(order, files))

    def start_with_pipes(self, argv: tuple[str, ...], env: Mapping[str, str]) -> tuple[IO[bytes], IO[bytes], Fork]:
        """Fork a process; return the writing end of its input, the reading end of its output, and itself."""
        (its_input, ours), (answers, its_output) = os.pipe(), os.pipe()
        forked = self.start(argv, env, [its_input, its_output], signal.SIGKILL)
        os.close(its_input)
        os.close(its_output)
        return open(ours, "wb"), open(answers, "rb"), forked  # noqa: PTH123

    def ask(self, order: dict[str, Any], files: list[int] | None = None) -> Any:
        """Give an order and return the answer. Raises ProcessLookupError where the warm process has ended."""
        with self._lock, contextlib.suppress(ConnectionError):
            socket.send_fds(self._socket, [json.dumps(order).encode() + b"\n"], files or [])
            answer = b""
            while not answer.endswith(b"\n") and (part := self._socket.recv(1000)):
                answer += part
            if answer:
                return json.loads(answer)
        raise ProcessLookupError("the warm process has ended: see warm.log")


def module_of(argv: tuple[str, ...]) -> str:
    """The module that a command line runs; "" for other ones."""
    return argv[argv.index("-m") + 1] if "-m" in argv and argv[0] == sys.executable else ""


class WarmStack(Stack):
    """A stack whose processes of the product are forked from one that has loaded everything."""

    _warm: WarmProcess | None = None
    _warming = threading.Lock()

    @property
    def warm(self) -> WarmProcess:
        """The process to fork from, with the environment of the product's processes."""
        with self._warming:
            if self._warm is None:
                self._warm = WarmProcess(self.site.product_env, self.site.logs / "warm.log")
        return self._warm

    def open_process(self, service: Service, log: IO[bytes]) -> Process:
        """Fork it where that is the same."""
        if module_of(service.argv) not in MODULES or not self.warm.fits(service.argv, service.env):
            return super().open_process(service, log)
        with open(os.devnull) as nothing:  # noqa: PTH123
            files = [nothing.fileno(), log.fileno(), log.fileno()]
            return self.warm.start(service.argv, service.env, files, service.orphan_signal or service.stop_signal)

    def close(self) -> None:
        """Stop everything, and what it was forked from."""
        try:
            super().close()
        finally:
            if self._warm is not None:
                self._warm.close()
                self._warm = None


# --- in the warm process ---


def load_everything() -> None:
    """What the processes of the product load before they do anything."""
    import django
    from django.urls import get_resolver

    django.setup()
    from careerplan.celery import app

    for name in ("celery.bin.celery", "celery.apps.worker", "celery.apps.beat", "celery.concurrency.prefork"):
        importlib.import_module(name)
    importlib.import_module("kombu.transport.redis")
    importlib.import_module("granian.cli")
    importlib.import_module("tests.browser.people")
    app.loader.import_default_modules()
    len(get_resolver().url_patterns)


def serve(connection: socket.socket) -> None:
    """Fork and wait as told, until the other side closes."""
    gc.disable()  # a quarter of the time: nothing of what is loaded goes
    load_everything()
    gc.freeze()
    gc.enable()
    while True:
        order, files = receive(connection)
        if not order:
            os._exit(0)  # the kernel sends each fork its signal
        if "poll" in order:
            pid, status = os.waitpid(order["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = fork(order, files, connection)
        connection.sendall(json.dumps(answer).encode() + b"\n")


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """One order with its files; an empty one at the end."""
    text, files = b"", []
    while not text.endswith(b"\n"):
        part, more, _flags, _address = socket.recv_fds(connection, 100_000, 3)
        files += more
        if not part:
            return {}, []
        text += part
    return json.loads(text), files


def fork(order: dict[str, Any], files: list[int], connection: socket.socket) -> int:
    """Fork a process and return its number."""
    before = die_with_parent(signal.Signals(order["orphan"]))
    pid = os.fork()
    if pid == 0:
        connection.close()
        os.setsid()
        for number, file in enumerate(files):
            os.dup2(file, number)
        for file in files:
            if file > 2:
                os.close(file)
        if before:
            before()
        run(order)
    for file in files:
        os.close(file)
    return pid


def run(order: dict[str, Any]) -> None:
    """Be the process, to its end."""
    env, code = order["env"], 1
    try:
        is_new = any(os.environ.get(name) != env.get(name) for name in READ_LATE)
        os.environ.clear()
        os.environ.update(env)
        if is_new:
            read_settings_again()
        sys.argv = [order["module"], *order["argv"]]
        runpy.run_module(order["module"], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  (as the interpreter does at its end)
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def read_settings_again() -> None:
    """Let the settings follow the environment."""
    from django.conf import settings
    from django.db import connections

    module = importlib.reload(importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"]))
    for name in filter(str.isupper, dir(module)):
        setattr(settings, name, getattr(module, name))
    with contextlib.suppress(AttributeError):
        del connections["default"]
    vars(connections).pop("settings", None)
    connections._settings = None


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
