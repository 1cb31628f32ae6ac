"""Read the messages that the mail catcher saved."""

import email
import email.message
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# Only file names that the catcher gives: no slash, and only one dot.
NAME = r"[0-9]{8}T[0-9]{12}Z-[0-9]{6,}\.eml"
NEWEST = 200


@dataclass(frozen=True)
class Message:
    """One saved message."""

    name: str
    received: datetime
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str

    def header(self, name: str) -> str:
        """Return the first header of a name, or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def to(self) -> str:
        """Return the recipient."""
        return self.header("To") or self.header("Delivered-To")

    @property
    def unsubscribe(self) -> str:
        """Return List-Unsubscribe, unfolded."""
        return self.header("List-Unsubscribe")


def newest(folder: Path) -> list[Message]:
    """Return at most 200 messages, newest first. A missing folder has none."""
    names = sorted((path.name for path in folder.glob("*.eml") if re.fullmatch(NAME, path.name)), reverse=True)
    return [message for name in names[:NEWEST] if (message := read(folder, name))]


def read(folder: Path, name: str) -> Message | None:
    """Return a message by its file name; None if there is none, or the name is invalid."""
    if not re.fullmatch(NAME, name):
        return None
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError:
        return None
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    return Message(
        name=name,
        received=datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC),
        headers=tuple((key, str(value)) for key, value in parsed.items()),
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(message: email.message.EmailMessage, kind: str) -> str:
    """Return the body of a content type as text; "" if the message has none."""
    body = message.get_body(preferencelist=(kind,))
    if body is None:
        return ""
    content = body.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    return content.decode(body.get_content_charset("utf-8"), "replace").replace("\r\n", "\n")
