"""The supervisor starts again what dies, and leaves nothing behind however it ends."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from careerplan.local.processes import GRACE_SECONDS, ROOT, kill_group, wait_until
from careerplan.local.stale_processes import start_time
from careerplan.local.supervisor import Output

Supervised = subprocess.Popen[str]
Start = Callable[..., Supervised]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the small site with some of its services and wait until they are up."""
    started: list[Supervised] = []

    def _start(*names: str) -> Supervised:
        argv = [sys.executable, "-m", "tests.local.small_site", str(tmp_path), *names]
        process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if line == "everything is up\n":
                return process
        raise AssertionError("the small site did not come up")

    yield _start
    for process in started:
        process.kill()
        process.communicate()
    for note in (tmp_path / "run").glob("*.pid"):
        kill_group(int(note.read_text().split()[0]))


def pid_of(tmp_path: Path, name: str) -> int:
    """The process number the supervisor has noted for a service; 0 in the pause between two lives."""
    with contextlib.suppress(FileNotFoundError, IndexError):
        return int((tmp_path / "run" / f"{name}.pid").read_text().split()[0])
    return 0


def is_gone(pid: int) -> bool:
    """Whether no such process runs."""
    return start_time(pid) == ""


def test_killed_service_is_restarted_without_its_children(start: Start, tmp_path: Path) -> None:
    start("steady")
    first, child = pid_of(tmp_path, "steady"), int((tmp_path / "steady-child").read_text())
    os.kill(first, signal.SIGKILL)
    assert wait_until(lambda: pid_of(tmp_path, "steady") not in (0, first), 30)
    assert is_gone(child)
    assert not is_gone(pid_of(tmp_path, "steady"))


def test_failing_service_is_restarted_with_growing_delays(start: Start, tmp_path: Path) -> None:
    process = start("steady", "short")
    assert process.stdout is not None
    lines = (line for line in process.stdout if line.startswith("short ended"))
    assert next(lines) == "short ended (exit code 0); starting it again in 1 s\n"
    assert next(lines) == "short ended (exit code 0); starting it again in 2 s\n"
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    assert (tmp_path / "short.log").read_text() == "short was here\n" * 2


class Terminal(io.StringIO):
    """A stream that says it is a screen."""

    def isatty(self) -> bool:
        return True


def test_lines_carry_the_name_of_the_service_in_colour_only_on_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    pipe, screen = io.StringIO(), Terminal()
    Output(pipe).line("web", "hello\r")
    Output(screen).line("web", "hello")
    assert pipe.getvalue() == "web      | hello\n"
    assert screen.getvalue() == "\x1b[36mweb      | \x1b[0mhello\n"


def test_closed_terminal_stops_nothing() -> None:
    closed = io.StringIO()
    output = Output(closed)
    closed.close()
    output.line("web", "hello")
    output.say("still here")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything_and_leaves_no_process(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    process = start("steady")
    steady, child = pid_of(tmp_path, "steady"), int((tmp_path / "steady-child").read_text())
    process.send_signal(number)
    assert process.wait(30) == 0
    assert is_gone(steady)
    assert is_gone(child)
    assert list((tmp_path / "run").glob("*.pid")) == []


def test_a_second_signal_kills_at_once(start: Start, tmp_path: Path) -> None:
    process = start("stubborn")
    stubborn = pid_of(tmp_path, "stubborn")
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    assert not is_gone(stubborn)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert time.monotonic() - began < GRACE_SECONDS
    assert is_gone(stubborn)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children when their parent is killed")
def test_sigkill_of_the_supervisor_leaves_no_process(start: Start, tmp_path: Path) -> None:
    process = start("steady")
    steady, child = pid_of(tmp_path, "steady"), int((tmp_path / "steady-child").read_text())
    process.kill()
    process.wait()
    assert wait_until(lambda: is_gone(steady) and is_gone(child), 30)


def test_next_start_ends_stale_processes(start: Start, tmp_path: Path) -> None:
    process = start("stubborn")
    stubborn = pid_of(tmp_path, "stubborn")
    process.kill()
    process.wait()
    time.sleep(0.2)
    assert not is_gone(stubborn)  # it ignores the kernel's SIGTERM too
    note = (tmp_path / "run" / "stubborn.pid").read_text()
    # SIGKILL as its stop signal, so that this test need not wait ten seconds.
    (tmp_path / "run" / "stubborn.pid").write_text(note.replace(" 15 ", " 9 ", 1))
    start("steady")
    assert is_gone(stubborn)


def test_reused_process_id_is_left_alone(start: Start, tmp_path: Path) -> None:
    bystander = subprocess.Popen(["sleep", "1000"], start_new_session=True)
    try:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "steady.pid").write_text(f"{bystander.pid} 15 12345\n")
        start("steady")
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()
