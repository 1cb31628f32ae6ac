"""What arrived at the real mail server of the tests."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path


class MailBox:
    """Messages that arrived since the test began, oldest first. All workers share the server: look by address."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.before = set(folder.glob("*.eml"))

    def messages(self) -> list[EmailMessage]:
        """All of them."""
        files = sorted(set(self.folder.glob("*.eml")) - self.before)
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def to(self, address: str) -> list[EmailMessage]:
        """Those to one address."""
        return [message for message in self.messages() if message["To"] == address]
