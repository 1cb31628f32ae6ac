"""A mail box for the tests: the messages that the real SMTP server took in."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest


class MailBox:
    """Messages that arrived since the test began, oldest first."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.before = set(folder.glob("*.eml"))

    def messages(self) -> list[EmailMessage]:
        files = sorted(set(self.folder.glob("*.eml")) - self.before)
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages() if message["To"] == address]


@pytest.fixture
def mail_box(settings):
    """The real mail server's folder; Django's own test mail box is put aside."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return MailBox(Path(settings.LOCAL_MAIL_DIR))
