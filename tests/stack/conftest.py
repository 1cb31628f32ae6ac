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
from tests.plugins.day import stack_clock
from tests.plugins.template import template
from tests.stack_process import StackProcess


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

    def recipients(self) -> list[str]:
        with self._lock:
            return [message["To"] for message in self.accepted]


@pytest.fixture
def mail_server() -> Iterator[SlowMailServer]:
    server = SlowMailServer(seconds=0.05)
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture
def stack(mail_server) -> Iterator[Stack]:
    """Database, broker and the product's environment; short waits, so that recovery can be watched."""
    env = {
        "EMAIL_URL": mail_server.url,
        "SCHEDULER_SECONDS": "2",
        "EMAIL_TIMEOUT_SECONDS": "1",
        "EMAIL_FINAL_TIMEOUT_SECONDS": "2",
        "REMINDER_LEASE_SECONDS": "12",
    }
    with Stack(env=env | stack_clock(), template=template()) as stack:
        stack.prepare()
        yield stack


@pytest.fixture
def product(stack: Stack) -> Iterator[StackProcess]:
    """Calls functions of tests/stack/people.py in the stack."""
    with StackProcess(stack) as process:
        yield process


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Look until something is so; fails when it is not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
