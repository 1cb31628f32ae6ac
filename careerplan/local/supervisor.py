"""Start services in order, keep them running, and leave nothing behind (docs/adr/0004)."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self, TextIO

from careerplan.local import stale_processes
from careerplan.local.processes import (
    GRACE_SECONDS,
    Service,
    StartupError,
    Step,
    how_it_ended,
    kill_group,
    last_lines,
    open_log,
    popen_arguments,
)

COLOURS = {"web": 36, "worker": 35, "beat": 34, "postgres": 32, "valkey": 33, "mail": 37}


class Output:
    """Output of the supervisor. A terminal that was closed is not an error."""

    def __init__(self, stream: TextIO, *, width: int = 8) -> None:
        self.stream: TextIO | None = stream
        self.width = width
        self.coloured = stream.isatty() and "NO_COLOR" not in os.environ

    def say(self, text: str) -> None:
        """Write a message of the supervisor."""
        self._write(text)

    def line(self, name: str, text: str) -> None:
        """Write one line of a service."""
        prefix = f"{name:<{self.width}} | "
        if self.coloured:
            prefix = f"\x1b[{COLOURS.get(name, 0)}m{prefix}\x1b[0m"
        self._write(prefix + text.rstrip("\r"))

    def framed(self, lines: list[str]) -> None:
        """Write a message in a frame."""
        width = max(len(line) for line in lines)
        rule = "+" + "-" * (width + 4) + "+"
        self._write("\n".join(["", rule, *(f"|  {line:<{width}}  |" for line in lines), rule, ""]))

    def rotate(self, log: Path) -> None:
        """Start a new log; the previous one gets the suffix .1."""
        if log.exists():
            log.replace(log.with_name(log.name + ".1"))

    def _write(self, text: str) -> None:
        if self.stream is None:
            return
        try:
            self.stream.write(text + "\n")
            self.stream.flush()
        except UnicodeEncodeError:
            self._write(text.encode("ascii", "replace").decode())
        except (OSError, ValueError):
            self.stream = None


FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# A service that ran this long was healthy: its next restart starts with a short pause again.
WELL_SECONDS = 60.0
# A running service is asked this often whether it is alive, and so many failures in a row mean that it hangs.
ALIVE_EVERY_SECONDS = 10.0
HANGS_AFTER = 3
# So many early exits may be caused by an earlier process that is still stopping.
EARLY_DEATHS = 3


class Supervisor:
    """Context manager: inside, `up` and `step` start things; on exit, everything is stopped in reverse order."""

    def __init__(self, *, logs: Path, notes: Path, output: Output) -> None:
        """Take the folder for logs, the one for process records (see `stale_processes`), and the terminal."""
        self.logs = logs
        self.notes = notes
        self.output = output
        self.hurry = asyncio.Event()
        self._groups: list[list[tuple[Service, asyncio.Task[None]]]] = []
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._deaths: dict[str, int] = {}
        self.stopping = False

    async def __aenter__(self) -> Self:
        for name in stale_processes.stop_all(self.notes):
            self.output.say(f"ended {name}, left over from a start that was killed")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.down()

    def obey_signals(self) -> None:
        """Cancel the calling task on the first SIGINT, SIGTERM or SIGHUP, so that everything stops in order; kill
        on the second.
        """
        loop = asyncio.get_running_loop()
        task = asyncio.current_task()

        def on_signal() -> None:
            if self.stopping:
                self.hurry.set()
            elif task is not None:
                self.output.say("\nStopping ...")
                self.stopping = True
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                loop.add_signal_handler(number, on_signal)

    async def up(self, services: Sequence[Service]) -> None:
        """Start services together; return when each is ready. Raises StartupError if one does not become ready."""
        group: list[tuple[Service, asyncio.Task[None]]] = []
        self._groups.append(group)
        for service in services:
            self.output.rotate(self.logs / f"{service.name}.log")
            group.append((service, asyncio.create_task(self._keep(service))))
        for service, task in group:
            await self._until_ready(service, task)

    async def step(self, step: Step) -> None:
        """Run a command to its end. Raises StartupError with its output if it fails."""
        process = await asyncio.create_subprocess_exec(
            *step.argv,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            **popen_arguments(Service(step.name, step.argv, step.env, step.cwd)),
        )
        try:
            output = (await process.communicate())[0].decode(errors="replace")
        except asyncio.CancelledError:
            kill_group(process.pid)
            await process.wait()
            raise
        self.output.rotate(self.logs / f"{step.name}.log")
        with open_log(self.logs / f"{step.name}.log") as log:
            log.write(output.encode())
        if process.returncode != 0:
            raise StartupError(f"`{step.name}` failed ({how_it_ended(process.returncode or 0)}):\n{output.rstrip()}")
        if step.show:
            self.output.say(output.rstrip())

    async def down(self) -> None:
        """Stop everything, the last group first, all services of a group at once."""
        self.stopping = True
        for group in reversed(self._groups):
            await asyncio.gather(*(self._stop(service, task) for service, task in group))
        self._groups.clear()

    async def _keep(self, service: Service) -> None:
        """Run a service, and restart it with a growing pause."""
        pause = FIRST_PAUSE_SECONDS
        loop = asyncio.get_running_loop()
        while not self.stopping:
            started = loop.time()
            ended = await self._run(service)
            if self.stopping:
                return
            self._deaths[service.name] = self._deaths.get(service.name, 0) + 1
            if loop.time() - started >= WELL_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self.output.say(f"{service.name} ended ({ended}); starting it again in {pause:.0f} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _run(self, service: Service) -> str:
        """Run a service once, until its group has ended; return how it ended, in words."""
        # A pipe of our own: with asyncio's, wait() would wait for grandchildren that hold it open.
        pipe, inlet = os.pipe()
        copy = asyncio.create_task(self._copy_output(service, os.fdopen(pipe, "rb", buffering=0)))
        try:
            service.prepare()
            process = await asyncio.create_subprocess_exec(
                *service.argv, stdout=inlet, stderr=asyncio.subprocess.STDOUT, **popen_arguments(service)
            )
        except OSError as error:
            return str(error)
        finally:
            os.close(inlet)
        self._processes[service.name] = process
        stale_processes.record(self.notes, service.name, process.pid, service.stop_signal)
        watch = asyncio.create_task(self._end_where_it_hangs(service, process.pid))
        try:
            return how_it_ended(await process.wait())
        finally:
            watch.cancel()
            kill_group(process.pid)
            # A grandchild in its own group may hold the pipe open; do not wait for it.
            await asyncio.wait([copy], timeout=1)
            copy.cancel()
            self._processes.pop(service.name, None)
            stale_processes.forget(self.notes, service.name)

    async def _end_where_it_hangs(self, service: Service, pid: int) -> None:
        """Kill a service that was ready and has not been alive at HANGS_AFTER checks in a row."""
        while not await asyncio.to_thread(service.ready):
            await asyncio.sleep(ALIVE_EVERY_SECONDS)
        failures = 0
        while failures < HANGS_AFTER:
            await asyncio.sleep(ALIVE_EVERY_SECONDS)
            failures = 0 if await asyncio.to_thread(service.alive) else failures + 1
        self.output.say(f"{service.name} hangs")
        kill_group(pid)

    async def _copy_output(self, service: Service, pipe: IO[bytes]) -> None:
        """Copy each line to the log, and to the terminal unless the service is quiet."""
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), pipe
        )
        with contextlib.closing(transport), open_log(self.logs / f"{service.name}.log") as log:
            rest = b""
            while chunk := await stream.read(65536):
                log.write(chunk)
                *lines, rest = (rest + chunk).split(b"\n")
                if not service.quiet:
                    for line in lines:
                        self.output.line(service.name, line.decode(errors="replace"))

    async def _until_ready(self, service: Service, task: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + service.ready_seconds
        while service.name not in self._processes or not await asyncio.to_thread(service.ready):
            late, dying = loop.time() > deadline, self._deaths.get(service.name, 0) >= EARLY_DEATHS
            if task.done() or late or dying:
                why = "keeps ending" if dying else "does not get ready"
                raise StartupError(
                    f"{service.name} {why}. Its log ends:\n{last_lines(self.logs / f'{service.name}.log')}"
                )
            await asyncio.sleep(0.05)

    async def _stop(self, service: Service, task: asyncio.Task[None]) -> None:
        """Send the stop signal, then SIGKILL to the group after ten seconds, or at once in a hurry."""
        process = self._processes.get(service.name)
        if process is None:  # in the pause between two runs
            task.cancel()
        elif not self.hurry.is_set():
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(service.stop_signal)
            hurry = asyncio.create_task(self.hurry.wait())
            await asyncio.wait([task, hurry], timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            hurry.cancel()
        if process is not None and not task.done():
            kill_group(process.pid)
        await asyncio.wait([task])
