"""Two patiences: short for a command, long for the answer to the final dot."""

import asyncio
import smtplib

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage

from careerplan.core.smtp import EmailBackend
from careerplan.local.servers import free_port


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

    def send(server: SlowServer) -> int:
        controllers.append(Controller(server, hostname="127.0.0.1", port=free_port()))
        controllers[-1].start()
        settings.EMAIL_FINAL_TIMEOUT = 2
        backend = EmailBackend(host="127.0.0.1", port=controllers[-1].port, timeout=0.5)
        return backend.send_messages([EmailMessage("Subject", "Text", "a@example.org", ["b@example.org"])])

    yield send
    for controller in controllers:
        controller.stop()


def test_a_server_that_thinks_after_the_dot_is_waited_for(send):
    server = SlowServer(dot=1)
    assert send(server) == 1
    assert server.accepted == 1


@pytest.mark.parametrize("server", [SlowServer(rcpt=1), SlowServer(dot=3)], ids=["command", "dot"])
def test_nothing_is_waited_for_without_end(send, server):
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        send(server)
