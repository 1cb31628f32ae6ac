"""The whole product as a context manager for tests: the services of `make run` on free ports, without a supervisor.

with Stack(tmp_path) as stack:        # PostgreSQL, Valkey and the mail catcher run
    stack.prepare()                   # migrate, load the catalogue, collect static files
    stack.start("web", "worker", "beat")
    ...
    stack.kill("worker")              # SIGKILL; only the test starts it again
    stack.start("worker")
"""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from careerplan.local import mailbox, stale_processes
from careerplan.local.processes import (
    GRACE_SECONDS,
    PRIVATE,
    Process,
    Service,
    Step,
    how_it_ended,
    kill_group,
    last_lines,
    open_log,
    open_process,
    wait_until,
)
from careerplan.local.servers import LocalSite, free_port, lock


class StackError(Exception):
    """A service did not become ready, or a command failed; with the end of its output."""


class Stack:
    """A Careerplan for a test. Several may run at once, each in its own folder."""

    def __init__(
        self,
        var_dir: Path | None = None,
        port: int = 0,
        *,
        env: Mapping[str, str] | None = None,
        durable: bool = False,
        keep: bool = False,
        template: Path | None = None,
        web_workers: int = 1,
    ) -> None:
        """Take a folder (default: temporary), a web port (0: a free one) and environment overrides.

        With `durable` the database and the broker write to disk as in `make run`; with `keep` the data stays when the
        stack ends, for another one in the same folder. With a `template` (see LocalSite) there is nothing to prepare.
        One web worker is enough for one browser, and each takes two seconds to start; measurements ask for more.
        """
        self._temporary = var_dir is None
        self.var = var_dir or Path(tempfile.mkdtemp(prefix="careerplan-"))
        if self._temporary:
            self.var.chmod(0o711)  # PostgreSQL's user must be able to enter when we are root
        self.port = port or free_port()
        self.keep = keep
        self._durable = durable
        self._template = template
        self._web_workers = web_workers
        self._extra = dict(env or {})
        self._processes: dict[str, tuple[Service, Process]] = {}
        self._held: IO[str] | None = None
        self._site: LocalSite | None = None

    def __enter__(self) -> Self:
        try:
            self._held = lock(self.var)
            self._site = LocalSite(
                self.var,
                self.port,
                durable=self._durable,
                extra=self._extra,
                template=self._template,
                web_workers=self._web_workers,
            )
            stale_processes.stop_all(self.site.run)
            self.start(*(service.name for service in self.site.base_services()))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def site(self) -> LocalSite:
        """Return the site: ports, folders, services. Raises RuntimeError outside the `with`."""
        if self._site is None:
            raise RuntimeError("the stack is not started: use it in a with statement")
        return self._site

    @property
    def env(self) -> dict[str, str]:
        return self.site.env

    @property
    def base_url(self) -> str:
        """Return the address of the web process."""
        return self.site.base_url

    @property
    def mail_dir(self) -> Path:
        return self.site.mail

    def messages(self) -> list[mailbox.Message]:
        """Return the sent messages, newest first."""
        return mailbox.newest(self.mail_dir)

    def prepare(self) -> None:
        """Run the steps of `make run` before the product starts."""
        for step in self.site.steps():
            self.run(step)
        self.site.steps_are_done()

    def start(self, *names: str) -> None:
        """Start services by name, together; return when each is ready. Raises StackError otherwise."""
        services = {service.name: service for service in (*self.site.base_services(), *self.site.product_services())}
        for name in names:
            self._start(services[name])
        for name in names:
            self._until_ready(services[name])

    def stop(self, name: str) -> None:
        """Stop a service like the supervisor."""
        service, process = self._processes.pop(name)
        process.send_signal(service.stop_signal)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            kill_group(process.pid)
            process.wait()
            stale_processes.forget(self.site.run, name)

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to all processes of a service; after SIGKILL it is gone when this returns."""
        process = self._processes[name][1]
        kill_group(process.pid, number)
        if number == signal.SIGKILL:
            process.wait()
            del self._processes[name]

    def pid(self, name: str) -> int:
        """Return the process id of a service's first process, which is also its group id."""
        return self._processes[name][1].pid

    def manage(self, *arguments: str, timeout: float = 120) -> str:
        """Run a management command and return its output. Raises StackError if it fails."""
        return self.run(self.site.manage(*arguments, "--skip-checks"), timeout)

    def run(self, step: Step, timeout: float | None = None) -> str:
        """Run a step and return its output. Raises StackError if it fails."""
        ended = subprocess.run(
            step.argv,
            env=step.env,
            cwd=step.cwd,
            umask=PRIVATE,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if ended.returncode != 0:
            raise StackError(f"`{step.name}` failed ({how_it_ended(ended.returncode)}):\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    def log(self, name: str) -> str:
        """Return the log of a service."""
        return (self.site.logs / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        """Stop everything in reverse order, and remove temporary data."""
        for name in reversed(list(self._processes)):
            with contextlib.suppress(ProcessLookupError):
                self.stop(name)
        if self._site is not None:
            self._site.postgres.close(discard=not self.keep)
        if self._held is not None:
            self._held.close()
        if self._temporary and not self.keep:
            shutil.rmtree(self.var, ignore_errors=True)

    def open_process(self, service: Service, log: IO[bytes]) -> Process:
        """Open the process of a service; its output goes into `log`."""
        return open_process(service, log)

    def _start(self, service: Service) -> None:
        service.prepare()
        with open_log(self.site.logs / f"{service.name}.log") as log:
            process = self.open_process(service, log)
        self._processes[service.name] = (service, process)
        stale_processes.record(self.site.run, service.name, process.pid, service.stop_signal)

    def _until_ready(self, service: Service) -> None:
        process = self._processes[service.name][1]
        is_ready = wait_until(lambda: process.poll() is not None or service.ready(), service.ready_seconds)
        if process.poll() is not None or not is_ready:
            state = "is not ready" if process.poll() is None else f"ended ({how_it_ended(process.returncode)})"
            raise StackError(f"{service.name} {state}:\n{last_lines(self.site.logs / f'{service.name}.log')}")
