"""What arrived at the real mail server of the tests."""

import email
import email.policy
import os
from email.message import EmailMessage
from pathlib import Path


class MailBox:
    """Messages that arrived since the test began, oldest first. All workers share the server: look by address."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.before = self._names()

    def messages(self) -> list[EmailMessage]:
        """All of them."""
        files = [self.folder / name for name in sorted(self._names() - self.before)]
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def _names(self) -> set[str]:
        """Those of all messages of the run: thousands at its end, for which paths take seven times as long."""
        with os.scandir(self.folder) as found:
            return {one.name for one in found if one.name.endswith(".eml")}

    def to(self, address: str) -> list[EmailMessage]:
        """Those to one address."""
        return [message for message in self.messages() if message["To"] == address]
