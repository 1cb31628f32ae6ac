"""SMTP with two timeouts: a short one for each command, mostly a longer one for the message and its final response.

After the final dot the server may be writing the message to disk, and giving up early makes duplicates (RFC 1047).
`_SMTP.deliver` says whether a connection broke before or after it, and whose fault a refusal is.
"""

import re
import smtplib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend

from careerplan.core.mail_counts import MailCounts

COMMAND_END = re.compile(r"[\r\n<> ]")
CONTROL = re.compile(r"[^\x20-\x7e]+")
DOT_AT_START = re.compile(rb"\n\.")
RESPONSE_LENGTH = 200  # characters of a server's response that are saved
ADDRESS_IN_TEXT = re.compile(r"<?[^\s<>@,;:]+@[^\s<>,;]+>?")
ENHANCED_CODE = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?!\d)")
# RFC 3463 and RFC 7505: there is no such mailbox or domain, or it takes no email any more.
ABOUT_THE_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
ABOUT_THE_SENDER = frozenset({"1.7", "1.8"})
MAIL_FROM = 0  # place of the command


class SmtpOutcome(Enum):
    """Result of delivering a message to a server. After all but the first the message is not delivered."""

    ACCEPTED = "accepted"
    DEFERRED = "deferred"  # not now: 4xx, a full mailbox, or the connection broke before the final dot
    REJECTED = "rejected"  # the mailbox does not exist: the address is wrong
    REFUSED = "refused"  # whoever the recipient is: for the operator to mend
    UNCERTAIN = "uncertain"  # the connection broke after the final dot: the server may have the message


@dataclass(frozen=True)
class SmtpResult:
    """Outcome of a message with the server's response."""

    outcome: SmtpOutcome
    text: str = ""


def outcome_of_refusal(code: int, text: str, *, place: int | None = None) -> SmtpOutcome:
    """Return whose fault a refusal (4xx or 5xx) is, by its enhanced status code (RFC 3463).

    Only codes about the mailbox are about the address. Without such a code a 5xx is the operator's: relaying, HELO,
    sign-in, blocklists, policy. A refused MAIL FROM is always the operator's, as is a server that has no room (x.3.x).
    """
    found = ENHANCED_CODE.match(text.lstrip())
    enhanced = found[0] if found and int(found[1]) == code // 100 else ""
    if enhanced in ABOUT_THE_MAILBOX and place != MAIL_FROM:
        return SmtpOutcome.REJECTED
    topic, detail = enhanced[2:3], enhanced[2:]
    if code == 421:  # it closes this connection
        return SmtpOutcome.DEFERRED
    if place == MAIL_FROM or topic == "3" or detail in ABOUT_THE_SENDER:
        return SmtpOutcome.REFUSED
    # 552 for a recipient means "too much for now" (RFC 5321, 4.5.3.1.10).
    is_for_now = code < 500 or (code == 552 and not enhanced) or topic in {"1", "2"}
    return SmtpOutcome.DEFERRED if is_for_now else SmtpOutcome.REFUSED


def without_addresses(text: str) -> str:
    """Return a server's response for a log: the email addresses in it are cut out."""
    return ADDRESS_IN_TEXT.sub("<address>", text)


def envelope_sender(key: str) -> str:
    """Return the address to which mail servers send an email back; `key` (hexadecimal) is that of the email."""
    address: str = settings.EMAIL_ENVELOPE_SENDER
    return address.replace("{key}", key)


def ehlo_name(host: str) -> str:
    """Return how we introduce ourselves to a mail server: the host name of the site, or its IP address as a literal."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


class _SMTP(smtplib.SMTP):
    """SMTP client that waits `final_timeout` seconds after the server has sent 354. EmailBackend sets it."""

    final_timeout: float
    dot_sent = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Introduce ourselves as the host of the site: the name of a container means nothing to a mail server."""
        super().__init__(*args, **{**kwargs, "local_hostname": ehlo_name(settings.BASE_HOST)})

    def sendmail(self, from_addr: str, *args: Any, **kwargs: Any) -> dict[str, tuple[int, bytes]]:
        """Send as smtplib does, from the address that takes what comes back."""
        return super().sendmail(envelope_sender(uuid4().hex), *args, **kwargs)

    def getreply(self) -> tuple[int, bytes]:
        """Read the next response; 354 sets the timeout of the final dot."""
        code, text = super().getreply()
        if code == 354 and self.sock is not None:
            self.sock.settimeout(self.final_timeout)
        return code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message and set the timeout of a command again."""
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)

    def deliver(self, sender: str, recipient: str, content: bytes) -> SmtpResult:
        """Deliver one message (bytes with CRLF) to one recipient. Errors of server and network are in the result.

        Both addresses are bare. With PIPELINING (RFC 2920) the three commands are sent together.
        """
        self.dot_sent = False
        try:
            _safe_address(recipient)
        except ValueError as error:  # nothing was sent, so the connection can still be used
            return SmtpResult(SmtpOutcome.REJECTED, str(error))
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
        commands = (f"MAIL FROM:<{_safe_address(sender)}>{size}", f"RCPT TO:<{_safe_address(recipient)}>", "DATA")
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
            return self._send_content(content)
        if code == 354:  # no recipient, but the server waits for a message
            self.send(".\r\n")
            self.getreply()
        if code == 421:
            self.close()
        else:
            self.rset()
        return refused

    def _send_content(self, content: bytes) -> SmtpResult:
        """Send the message and read the final response, both within `final_timeout`."""
        end = time.monotonic() + self.final_timeout
        self.dot_sent = True
        self.send(_dot_stuff(content))
        if self.sock is not None:
            self.sock.settimeout(max(end - time.monotonic(), 0.001))
        code, text = self.getreply()
        if 200 <= code < 300:
            return SmtpResult(SmtpOutcome.ACCEPTED, format_response(code, text))
        if code == 421:
            self.close()
        return self._refused(None, code, text)

    def _refused(self, place: int | None, code: int, text: bytes) -> SmtpResult:
        """Return the result of a refusal. Raises SMTPServerDisconnected for a code that means nothing."""
        if code < 400:
            raise smtplib.SMTPServerDisconnected(f"unexpected response {code}")
        said = text.decode("ascii", "replace")
        return SmtpResult(outcome_of_refusal(code, said, place=place), format_response(code, text))


def _dot_stuff(content: bytes) -> bytes:
    """Double the dots at the start of lines (RFC 5321 4.5.2) and add the final dot."""
    if DOT_AT_START.search(content):  # searching takes half the time of replacing
        content = content.replace(b"\n.", b"\n..")
    if content.startswith(b"."):
        content = b"." + content
    return content + (b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n")


def _safe_address(address: str) -> str:
    """Return an address that is safe in a command. Raises ValueError for one that could end the command."""
    if not address.isascii() or COMMAND_END.search(address):
        raise ValueError("an address with a character that no command may hold")
    return address


def format_response(code: int, text: bytes) -> str:
    """Format a response to save and show: one printable line of at most RESPONSE_LENGTH."""
    return CONTROL.sub(" ", f"{code} {text.decode('ascii', 'replace')}").strip()[:RESPONSE_LENGTH]


class _SMTPOverTLS(_SMTP, smtplib.SMTP_SSL):
    """SMTP client with TLS from the first byte."""


class EmailBackend(DjangoEmailBackend):
    """Email backend with a timeout of its own after the final dot.

    The timeouts are settings.EMAIL_TIMEOUT and EMAIL_FINAL_TIMEOUT, unless `timeout` and `final_timeout` are given.
    """

    connection: Any
    kind = "reminder"  # as which `deliver` counts an email

    def __init__(self, *args: Any, final_timeout: float | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._counts = MailCounts()
        self.final_timeout = settings.EMAIL_FINAL_TIMEOUT if final_timeout is None else final_timeout

    def open(self) -> bool | None:
        """Open a connection if there is none; return whether it is new."""
        is_new = super().open()
        if is_new:
            self.connection.final_timeout = self.final_timeout
        return is_new

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SMTPOverTLS if self.use_ssl else _SMTP

    @property
    def is_open(self) -> bool:
        """Return whether there is a connection, as far as is known."""
        return self.connection is not None and self.connection.sock is not None

    def ensure_open(self) -> SmtpResult | None:
        """Open the connection if needed; return None, or the result of a failure.

        REFUSED where the server turned us away: its greeting, EHLO or the sign-in.
        """
        if not self.is_open:
            self.connection = None
        try:
            if self.open():
                self.connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            self._give_up()
            text = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
            outcome = SmtpOutcome.REFUSED if error.smtp_code >= 500 else SmtpOutcome.DEFERRED
            return SmtpResult(outcome, format_response(error.smtp_code, text))
        except (smtplib.SMTPException, OSError) as error:
            self._give_up()
            return SmtpResult(SmtpOutcome.DEFERRED, type(error).__name__)
        return None

    def deliver(self, sender: str, recipient: str, content: bytes) -> SmtpResult:
        """Deliver one message over the open connection (see `_SMTP.deliver`)."""
        answer: SmtpResult = self.connection.deliver(sender, recipient, content)
        self._counts.add(self.kind, answer.outcome.value)
        return answer

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Send as Django does, and count each by its kind. Raises SMTPException and OSError."""
        outcome = "failed"
        try:
            sent = super().send_messages(email_messages) or 0
            outcome = "accepted"
        finally:
            for message in email_messages:
                self._counts.add(getattr(message, "kind", "other"), outcome)
            self._counts.save()
        return sent

    def close(self) -> None:
        """Close the connection, and save what was counted."""
        super().close()
        self._counts.save()

    def _give_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
