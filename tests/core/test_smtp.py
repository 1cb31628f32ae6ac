"""Two patiences: short for a command, long for the answer to the final dot."""

import asyncio
import re
import smtplib
import socket
import threading
import time
from contextlib import suppress

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage

from careerplan.core.smtp import EmailBackend, outcome_of_refusal, without_addresses
from careerplan.local.servers import free_port


@pytest.fixture(autouse=True)
def no_password(settings):
    """Without the one of this machine's mail catcher."""
    settings.EMAIL_HOST_USER = ""


PLENTY = 10  # seconds for an answer that comes at once, on a machine that is busy with other tests


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
            self.greeted = stream.readline().lower()
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
                if answer == "silence":
                    stream.readline()
                    return
                self.code = answer
                connection.sendall(f"{answer}\r\n".encode())
            stream.readline()

    code = ""
    greeted = b""


TAKEN = ("250 ok", "250 ok", "354 go on", "250 kept")


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("answers", "outcome", "text"),
    [
        (TAKEN, "accepted", "250 kept"),
        (("250 ok", "550 5.1.1 no such person", "503 no", "250 reset"), "rejected", "550 5.1.1 no such person"),
        (("250 ok", "550 no such person", "503 no", "250 reset"), "refused", "550 no such person"),
        (("250 ok", "554 5.7.1 relay denied", "503 no", "250 reset"), "refused", "554 5.7.1 relay denied"),
        (("250 ok", "552 too much", "503 no", "250 reset"), "deferred", "552 too much"),
        (("250 ok", "451 later", "503 no", "250 reset"), "deferred", "451 later"),
        (("550 not you", "503 no", "503 no", "250 reset"), "refused", "550 not you"),
        (("452 4.3.1 full", "503 no", "503 no", "250 reset"), "refused", "452 4.3.1 full"),
        (("421 closing", "cut"), "deferred", "421 closing"),
        (("250 ok", "250 ok", "354 go on", "554 spam"), "refused", "554 spam"),
        (("250 ok", "250 ok", "354 go on", "550 5.1.1 gone"), "rejected", "550 5.1.1 gone"),
        (("250 ok", "250 ok", "354 go on", "452 full"), "deferred", "452 full"),
        (("250 ok", "cut"), "deferred", "SMTPServerDisconnected"),
        (("250 ok", "250 ok", "354 go on", "cut"), "uncertain", "SMTPServerDisconnected"),
    ],
)
def test_outcome_of_a_message(settings, answers, outcome, text, pipelining):
    if not pipelining:
        answers = tuple(answer for answer in answers if not answer.startswith("503"))
    server = Script(*answers, pipelining=pipelining)
    settings.EMAIL_FINAL_TIMEOUT = PLENTY
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=PLENTY)
    assert backend.ensure_open() is None
    answer = backend.deliver("plan@example.org", "ruth@example.org", b"Subject: x\r\n\r\n.hidden\r\n")
    assert (answer.outcome.value, answer.text) == (outcome, text)
    if outcome == "accepted":
        assert b"..hidden\r\n" in server.heard
    backend.close()


def test_server_without_a_recipient_gets_an_empty_message(settings):
    settings.EMAIL_FINAL_TIMEOUT = 1
    server = Script("250 ok", "550 5.1.1 no such person", "354 go on", "554 nobody", "250 reset")
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=PLENTY)
    backend.ensure_open()
    answer = backend.deliver("plan@example.org", "ruth@example.org", b"secret\r\n")
    assert answer.outcome.value == "rejected"
    assert b"secret\r\n" not in server.heard


@pytest.mark.parametrize("address", ["a@example.org>\r\nRCPT TO:<b@example.org", "a b@example.org", "a\n@example.org"])
def test_address_cannot_inject_a_command(address):
    server = Script(*TAKEN)
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=PLENTY)
    backend.ensure_open()
    answer = backend.deliver("plan@example.org", address, b"x\r\n")
    assert answer.outcome.value == "rejected"
    assert "no command may hold" in answer.text
    assert server.heard == []


def test_unreachable_server_is_deferred():
    backend = EmailBackend(host="127.0.0.1", port=free_port(), timeout=0.5)
    assert backend.ensure_open().text == "ConnectionRefusedError"
    assert not backend.is_open


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        *(
            (550, f"{code} <a@b.example>: unknown", "rejected")
            for code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")
        ),
        (550, "5.2.1 mailbox disabled", "rejected"),
        (550, "5.1.8 sender domain not found", "refused"),
        (550, "5.7.1 <a@b.example>: Relay access denied", "refused"),
        (550, "User unknown, error 5.1.1", "refused"),  # only a code at the start is one
        (450, "5.1.1 unknown", "deferred"),  # a code of another class is none
        (504, "5.5.2 <box>: Helo command rejected", "refused"),
        (530, "5.7.0 Must issue a STARTTLS command first", "refused"),
        (535, "5.7.8 bad password", "refused"),
        (554, "transaction failed", "refused"),
        (552, "5.7.0 content blocked", "refused"),
        (552, "5.2.2 mailbox full", "deferred"),
        (450, "4.2.0 greylisted", "deferred"),
        (451, "4.7.1 greylisting in action", "deferred"),
        (452, "4.3.1 insufficient system storage", "refused"),
        (421, "4.7.0 too many errors", "deferred"),
    ],
)
def test_refusal_is_booked_to_whom_it_belongs(code, text, outcome):
    assert outcome_of_refusal(code, text).value == outcome


def test_mail_server_that_turns_us_away_refuses(settings):
    backend = EmailBackend(host="127.0.0.1", port=Greeting("554 5.7.1 your address is blocked").port, timeout=0.5)
    failure = backend.ensure_open()
    assert (failure.outcome.value, failure.text) == ("refused", "554 5.7.1 your address is blocked")


class Greeting:
    """A mail server that says one line."""

    def __init__(self, line: str):
        self.line = line
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        connection, _ = self.listener.accept()
        with suppress(OSError), connection:
            connection.sendall(f"{self.line}\r\n".encode())
            connection.recv(100)


@pytest.mark.parametrize(
    ("host", "name"), [("plan.example.org", "plan.example.org"), ("127.0.0.1", "[127.0.0.1]"), ("::1", "[IPv6:::1]")]
)
def test_we_introduce_ourselves_as_the_host_of_the_site(settings, host, name):
    settings.BASE_HOST = host
    server = Script(*TAKEN)
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=PLENTY)
    backend.ensure_open()
    assert server.greeted == f"ehlo {name}\r\n".encode().lower()


def test_log_of_a_refusal_holds_no_address():
    text = "550 5.1.1 <ruth@example.org>: rejected, ruth.b@example.org; user=<a@b.example>"
    assert without_addresses(text).count("<address>") == 3
    assert "@" not in without_addresses(text)
    assert without_addresses(text).startswith("550 5.1.1 ")


def test_message_and_final_response_have_one_deadline(settings):
    """A server that reads slowly and answers late takes no longer than the lease has room for."""
    settings.EMAIL_FINAL_TIMEOUT = 2
    server = Script("250 ok", "250 ok", "354 go on", "silence")
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=PLENTY)
    backend.ensure_open()
    started = time.monotonic()
    assert backend.deliver("plan@example.org", "ruth@example.org", b"x\r\n").outcome.value == "uncertain"
    assert time.monotonic() - started < 3.5


def test_other_emails_have_the_envelope_sender_too(settings):
    settings.EMAIL_ENVELOPE_SENDER = "bounces+{key}@example.org"
    server = Script(*TAKEN, pipelining=False)
    backend = EmailBackend(host="127.0.0.1", port=server.port, timeout=PLENTY)
    backend.send_messages([EmailMessage("Subject", "Text", "a@example.org", ["b@example.org"])])
    assert re.match(rb"mail FROM:<bounces\+[0-9a-f]{32}@example\.org>", server.heard[0])
