"""The whole product as separate processes, and a mail server that takes its time."""

import threading
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message

import pytest
from aiosmtpd.controller import Controller

from careerplan.local.servers import free_port
from careerplan.local.stack import Stack
from tests.factories.accounts import hash_once
from tests.plugins.day import stack_clock
from tests.plugins.template import template
from tests.stack_process import StackProcess
from tests.warm_processes import WarmStack


class SlowMailServer:
    """A real SMTP server that needs `seconds` for each message and keeps what it accepted."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.accepted: list[Message] = []
        self._lock = threading.Lock()
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (aiosmtpd's name)
        import asyncio

        await asyncio.sleep(self.seconds)
        with self._lock:
            self.accepted.append(message_from_bytes(envelope.content))
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    def recipients(self, name: str) -> list[str]:
        """The addresses of people of this name, each as often as it got an email."""
        with self._lock:
            return [message["To"] for message in self.accepted if message["To"].startswith(f"{name}-")]


@pytest.fixture(scope="package")
def mail_server() -> Iterator[SlowMailServer]:
    server = SlowMailServer(seconds=0.05)
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture(scope="package")
def stack(mail_server) -> Iterator[Stack]:
    """Database, broker and the product's environment; short waits, so that recovery can be watched.

    To start everything takes longer than a test: they share it, and each has people of its own.
    """
    env = {
        "EMAIL_URL": mail_server.url,
        "SCHEDULER_SECONDS": "2",
        "EMAIL_TIMEOUT_SECONDS": "1",
        "EMAIL_FINAL_TIMEOUT_SECONDS": "2",
        "REMINDER_LEASE_SECONDS": "12",
    }
    with WarmStack(env=env | stack_clock(), template=template()) as stack:
        stack.prepare()
        yield stack


@pytest.fixture(scope="package")
def product(stack: Stack) -> Iterator[StackProcess]:
    """Calls functions of tests/stack/people.py in the stack."""
    with StackProcess(stack) as process:
        process.call(hash_once)
        yield process


@pytest.fixture
def sending(stack: Stack) -> Stack:
    """The stack with all that emails need; what a test before has killed is started again."""
    start_missing(stack, "valkey", "worker", "beat")
    return stack


@pytest.fixture(scope="package")
def everything() -> Iterator[Stack]:
    """All that `make run` runs, for the tests that do no lasting harm to it."""
    with WarmStack(env={"SCHEDULER_SECONDS": "2", **stack_clock()}, template=template()) as stack:
        stack.prepare()
        stack.start("web", "worker", "beat")
        yield stack


@pytest.fixture(scope="package")
def inside(everything: Stack) -> Iterator[StackProcess]:
    """Calls functions in it."""
    with StackProcess(everything) as process:
        process.call(hash_once)
        yield process


def start_missing(stack: Stack, *names: str) -> None:
    """Start those of these services that do not run."""
    missing = []
    for name in names:
        try:
            stack.pid(name)
        except KeyError:
            missing.append(name)
    stack.start(*missing)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Look until something is so; fails when it is not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
