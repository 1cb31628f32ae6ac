"""Two patiences: short for a command, long for the answer to the final dot."""

import asyncio
import smtplib
import socket
import threading
from contextlib import suppress

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage

from careerplan.core.smtp import EmailBackend
from careerplan.local.servers import free_port


@pytest.fixture(autouse=True)
def no_password(settings):
    """Without the one of this machine's mail catcher."""
    settings.EMAIL_HOST_USER = ""


class SlowServer:
    """Takes its time for RCPT and for the answer to the dot."""

    def __init__(self, *, rcpt: float = 0, dot: float = 0):
        self.rcpt, self.dot, self.accepted = rcpt, dot, 0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        await asyncio.sleep(self.rcpt)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(self.dot)
        self.accepted += 1
        return "250 OK"


@pytest.fixture
def send(settings):
    controllers = []

    def send(server: SlowServer, **options: float) -> int:
        controllers.append(Controller(server, hostname="127.0.0.1", port=free_port()))
        controllers[-1].start()
        settings.EMAIL_FINAL_TIMEOUT = 2
        backend = EmailBackend(host="127.0.0.1", port=controllers[-1].port, timeout=0.5, **options)
        return backend.send_messages([EmailMessage("Subject", "Text", "a@example.org", ["b@example.org"])])

    yield send
    for controller in controllers:
        controller.stop()


def test_slow_response_after_the_dot_is_awaited(send):
    server = SlowServer(dot=1)
    assert send(server) == 1
    assert server.accepted == 1


@pytest.mark.parametrize("server", [SlowServer(rcpt=1), SlowServer(dot=3)], ids=["command", "dot"])
def test_every_command_has_a_timeout(send, server):
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send(server)


def test_backend_may_have_its_own_timeout_after_the_dot(send):
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send(SlowServer(dot=1), final_timeout=0.3)


# --- Handing in one message: what became of it ------------------------------------------------------------
class Script:
    """A mail server that answers as it is told; `cut` where it says nothing more and hangs up."""

    def __init__(self, *answers: str, pipelining: bool = True):
        self.answers, self.pipelining = list(answers), pipelining
        self.heard: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            connection.sendall(b"220 hello\r\n")
            stream.readline()
            connection.sendall(b"250-me\r\n250-PIPELINING\r\n250 SIZE\r\n" if self.pipelining else b"250 me\r\n")
            for answer in self.answers:
                line = stream.readline()
                self.heard.append(line)
                if self.heard[-2:-1] == [b"DATA\r\n"] and self.code.startswith("354"):
                    while line not in {b".\r\n", b""}:
                        line = stream.readline()
                        self.heard.append(line)
                if answer == "cut":
                    return
                self.code = answer
                connection.sendall(f"{answer}\r\n".encode())
            stream.readline()

    code = ""


TAKEN = ("250 ok", "250 ok", "354 go on", "250 kept")


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("answers", "outcome", "text", "about_address"),
    [
        (TAKEN, "accepted", "250 kept", False),
        (("250 ok", "550 no such person", "503 no", "250 reset"), "rejected", "550 no such person", True),
        (("250 ok", "552 too much", "503 no", "250 reset"), "deferred", "552 too much", False),
        (("250 ok", "451 later", "503 no", "250 reset"), "deferred", "451 later", False),
        (("550 not you", "503 no", "503 no", "250 reset"), "deferred", "550 not you", False),
        (("421 closing", "cut"), "deferred", "421 closing", False),
        (("250 ok", "250 ok", "354 go on", "554 spam"), "rejected", "554 spam", False),
        (("250 ok", "250 ok", "354 go on", "452 full"), "deferred", "452 full", False),
        (("250 ok", "cut"), "deferred", "SMTPServerDisconnected", False),
        (("250 ok", "250 ok", "354 go on", "cut"), "uncertain", "SMTPServerDisconnected", False),
    ],
)
def test_outcome_of_a_message(settings, answers, outcome, text, about_address, pipelining):
    if not pipelining:
        answers = tuple(answer for answer in answers if not answer.startswith("503"))
    server = Script(*answers, pipelining=pipelining)
    settings.EMAIL_FINAL_TIMEOUT = 1
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=0.5)
    assert backend.ensure_open() is None
    answer = backend.deliver("plan@example.org", "ruth@example.org", b"Subject: x\r\n\r\n.hidden\r\n")
    assert (answer.outcome.value, answer.text, answer.about_address) == (outcome, text, about_address)
    if outcome == "accepted":
        assert b"..hidden\r\n" in server.heard
    backend.close()


def test_server_without_a_recipient_gets_an_empty_message(settings):
    settings.EMAIL_FINAL_TIMEOUT = 1
    server = Script("250 ok", "550 no such person", "354 go on", "554 nobody", "250 reset")
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=0.5)
    backend.ensure_open()
    answer = backend.deliver("plan@example.org", "ruth@example.org", b"secret\r\n")
    assert (answer.outcome.value, answer.about_address) == ("rejected", True)
    assert b"secret\r\n" not in server.heard


@pytest.mark.parametrize("address", ["a@example.org>\r\nRCPT TO:<b@example.org", "a b@example.org", "a\n@example.org"])
def test_address_cannot_inject_a_command(address):
    server = Script(*TAKEN)
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=0.5)
    backend.ensure_open()
    answer = backend.deliver("plan@example.org", address, b"x\r\n")
    assert (answer.outcome.value, answer.about_address) == ("rejected", True)
    assert "no command may hold" in answer.text
    assert server.heard == []


def test_unreachable_server_is_deferred():
    backend = EmailBackend(host="127.0.0.1", port=free_port(), timeout=0.5)
    assert backend.ensure_open().text == "ConnectionRefusedError"
    assert not backend.is_open
