"""Processes that are started again when they die, and signals to them."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from careerplan.local.processes import Process, Service, kill_group, open_process

RESTART_PAUSE = 1.0  # seconds; what the supervisor of `make run` waits first


class Fleet:
    """Processes that are started again a second after they died, as the supervisor does."""

    def __init__(self, logs: Path, open_process: Callable[[Service, IO[bytes]], Process] = open_process) -> None:
        self.logs, self.open_process = logs, open_process
        self.processes: dict[str, Process] = {}
        self.restarts = 0
        self._services: dict[str, Service] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self, *services: Service) -> None:
        """Start some services, and keep them up from now on."""
        for service in services:
            self._services[service.name] = service
            self._spawn(service)
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Kill them all, for good."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)
        for process in self.processes.values():
            kill_group(process.pid)
            process.wait()

    def end(self, name: str, seconds: float) -> None:
        """Let a service finish what it does, for so long at most, and start it no more."""
        service, process = self._services.pop(name), self.processes.pop(name)
        process.send_signal(service.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        kill_group(process.pid)
        process.wait()

    def kill(self, name: str) -> bool:
        """SIGKILL to one process only, not to its children; whether it was there."""
        process = self.processes[name]
        if process.poll() is not None:
            return False
        os.kill(process.pid, signal.SIGKILL)
        return True

    def children(self, name: str) -> list[int]:
        """The numbers of its child processes: the pool of a worker."""
        pid = self.processes[name].pid
        try:
            return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        except OSError:
            return []

    def _spawn(self, service: Service) -> None:
        with (self.logs / f"{service.name}.log").open("ab") as log:
            self.processes[service.name] = self.open_process(service, log)

    def _watch(self) -> None:
        died: dict[str, float] = {}
        while not self._stopping.wait(0.05):
            for name, process in list(self.processes.items()):
                if process.poll() is None:
                    continue
                if name not in died:
                    kill_group(process.pid)  # as the supervisor: what a dead parent left
                    died[name] = time.monotonic()
                elif time.monotonic() - died[name] >= RESTART_PAUSE:
                    del died[name]
                    if service := self._services.get(name):  # else it was ended meanwhile
                        self.restarts += 1
                        self._spawn(service)


def with_children(pid: int) -> list[int]:
    """A process and all below it: each backend of PostgreSQL has a process group of its own.

    A process that ends meanwhile has none below it.
    """
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return [pid]
    return [pid, *(found for child in children for found in with_children(int(child)))]


def send_all(pids: list[int], number: int) -> None:
    """Send a signal to processes; one may just have ended."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
