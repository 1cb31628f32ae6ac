"""SMTP with two patiences: short for each command, long for the answer to the final dot.

After the dot the server may be writing the message to disk, and giving up early makes doubles (RFC 1047).
Before it, a server that does not answer is away.
"""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend as DjangoEmailBackend


class _SMTP(smtplib.SMTP):
    """Waits settings.EMAIL_FINAL_TIMEOUT seconds from the moment the server says "go ahead" (354)."""

    def getreply(self) -> tuple[int, bytes]:
        """The server's next answer; 354 begins the long wait."""
        code, text = super().getreply()
        if code == 354 and self.sock is not None:
            self.sock.settimeout(settings.EMAIL_FINAL_TIMEOUT)
        return code, text

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message; afterwards the short patience holds again."""
        try:
            return super().data(msg)
        finally:
            if self.sock is not None:
                self.sock.settimeout(self.timeout)


class _SMTPOverTLS(_SMTP, smtplib.SMTP_SSL):
    """The same with TLS from the first byte."""


class EmailBackend(DjangoEmailBackend):
    """Django's, with our patience; settings.EMAIL_TIMEOUT is that of a command."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What speaks to the server."""
        return _SMTPOverTLS if self.use_ssl else _SMTP
