"""SMTP with two timeouts: short for each command, long for the response after the final dot.

After the dot the server may be writing the message to disk, and giving up early causes duplicates (RFC 1047). Before
it, a server that does not respond is down. `_SMTP.deliver` says which of the two happened.
"""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend

COMMAND_END = re.compile(r"[\r\n<> ]")
CONTROL = re.compile(r"[^\x20-\x7e]+")
DOT_AT_START = re.compile(rb"\n\.")
ANSWER_LENGTH = 200  # characters of a server's reply that are stored


class SmtpOutcome(Enum):
    """Result of delivering a message to a server."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # 4xx, or the connection broke before the final dot: the server does not have the message
    REJECTED = "rejected"  # 5xx for this message or this recipient
    UNCERTAIN = "uncertain"  # the connection broke after the final dot: the server may have the message


@dataclass(frozen=True)
class SmtpResult:
    """Outcome of a message with the server's reply; `about_address` if the recipient was refused."""

    outcome: SmtpOutcome
    text: str = ""
    about_address: bool = False


class _SMTP(smtplib.SMTP):
    """SMTP client that waits settings.EMAIL_FINAL_TIMEOUT seconds after the server says "go ahead" (354)."""

    dot_sent = False

    def getreply(self) -> tuple[int, bytes]:
        """Return the server's next reply; 354 starts the long timeout."""
        code, text = super().getreply()
        if code == 354 and self.sock is not None:
            self.sock.settimeout(settings.EMAIL_FINAL_TIMEOUT)
        return code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message, then restore the short timeout."""
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)

    def deliver(self, sender: str, recipient: str, content: bytes) -> SmtpResult:
        """Deliver one message (bytes with CRLF) to one recipient. Never raises for server or network errors.

        Takes the two bare addresses. If the server offers PIPELINING (RFC 2920), the three commands are sent together.
        """
        self.dot_sent = False
        try:
            _plain(recipient)
        except ValueError as error:  # nothing was sent yet, so the connection is still good
            return SmtpResult(SmtpOutcome.REJECTED, str(error), about_address=True)
        try:
            answer = self._converse(sender, recipient, content)
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            return SmtpResult(SmtpOutcome.UNCERTAIN if self.dot_sent else SmtpOutcome.DEFERRED, type(error).__name__)
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        return answer

    def _converse(self, sender: str, recipient: str, content: bytes) -> SmtpResult:
        size = f" SIZE={len(content)}" if self.has_extn("size") else ""
        commands = (f"MAIL FROM:<{_plain(sender)}>{size}", f"RCPT TO:<{_plain(recipient)}>", "DATA")
        together = self.has_extn("pipelining")
        if together:
            self.send("".join(f"{command}\r\n" for command in commands))
        refused: SmtpResult | None = None
        code = 0
        for place, command in enumerate(commands):
            if not together:
                self.putcmd(command)
            code, text = self.getreply()
            if code // 100 not in (2, 3) and refused is None:
                refused = self._refused(place, code, text)
            if code == 421 or (refused and not together):
                break
        if refused is None:
            self.dot_sent = True
            self.send(_stuffed(content))
            return self._after_dot(*self.getreply())
        if code == 354:  # no valid recipient, and yet the server waits for a message
            self.send(".\r\n")
            self.getreply()
        if code == 421:
            self.close()
        else:
            self.rset()
        return refused

    def _refused(self, place: int, code: int, text: bytes) -> SmtpResult:
        """Return the outcome of a refusal before the message: permanent only if the recipient was refused permanently.

        A refused sender or sign-in is for the operator to fix. 552 for a recipient means "too much for now" (RFC 5321
        4.5.3.1.10); an invalid code means that client and server are out of step.
        """
        if code < 400:
            raise smtplib.SMTPServerDisconnected(f"unexpected answer {code}")
        for_good = place == 1 and code >= 500 and code != 552
        return SmtpResult(
            SmtpOutcome.REJECTED if for_good else SmtpOutcome.DEFERRED,
            format_response(code, text),
            about_address=for_good,
        )

    def _after_dot(self, code: int, text: bytes) -> SmtpResult:
        if 200 <= code < 300:
            return SmtpResult(SmtpOutcome.ACCEPTED, format_response(code, text))
        if code < 400:
            raise smtplib.SMTPServerDisconnected(f"unexpected answer {code}")
        if code == 421:
            self.close()
        return SmtpResult(SmtpOutcome.REJECTED if code >= 500 else SmtpOutcome.DEFERRED, format_response(code, text))


def _stuffed(content: bytes) -> bytes:
    """Return a message for DATA: dots at line starts doubled (RFC 5321 4.5.2), and the final dot."""
    if DOT_AT_START.search(content):  # twice as fast as replacing when there is nothing to replace
        content = content.replace(b"\n.", b"\n..")
    if content.startswith(b"."):
        content = b"." + content
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _plain(address: str) -> str:
    """Return an address that is safe in a command. Raises ValueError otherwise."""
    if not address.isascii() or COMMAND_END.search(address):
        raise ValueError("an address with a character that no command may hold")
    return address


def format_response(code: int, text: bytes) -> str:
    """Return a server's reply for storing and showing: one line, printable, not too long."""
    return CONTROL.sub(" ", f"{code} {text.decode('ascii', 'replace')}").strip()[:ANSWER_LENGTH]


class _SMTPOverTLS(_SMTP, smtplib.SMTP_SSL):
    """SMTP client with TLS from the first byte."""


class EmailBackend(DjangoEmailBackend):
    """Django's email backend with our timeouts; settings.EMAIL_TIMEOUT applies to each command."""

    connection: Any

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the class of the SMTP client."""
        return _SMTPOverTLS if self.use_ssl else _SMTP

    @property
    def is_open(self) -> bool:
        """Return whether a connection is open, as far as we know."""
        return self.connection is not None and self.connection.sock is not None

    def ensure_open(self) -> SmtpResult | None:
        """Open the connection if needed; return None on success, else the server's reply."""
        if not self.is_open:
            self.connection = None
        try:
            if self.open():
                self.connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            self._give_up()
            text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
            return SmtpResult(SmtpOutcome.DEFERRED, format_response(error.smtp_code, text))
        except (smtplib.SMTPException, OSError) as error:
            self._give_up()
            return SmtpResult(SmtpOutcome.DEFERRED, type(error).__name__)
        return None

    def deliver(self, sender: str, recipient: str, content: bytes) -> SmtpResult:
        """Deliver one message over the open connection (see `_SMTP.deliver`)."""
        answer: SmtpResult = self.connection.deliver(sender, recipient, content)
        return answer

    def _give_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
