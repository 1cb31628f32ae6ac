"""Delivery status notifications (RFC 3464): which email came back, and whose fault that was.

A notification comes from outside, and anybody can write one. It counts only where it knows the key of an email: that
is random, and only its recipient and the mail servers on its way have seen it.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from uuid import UUID

from careerplan.core.smtp import ENHANCED_CODE, SmtpOutcome, format_response, outcome_of_refusal
from careerplan.reminders.models import Digest, RefusedAddress

UNKNOWN_STATUS = ".0.0"
KEY = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
# Headers with the address that a notification went to: with EMAIL_ENVELOPE_SENDER it can hold the key.
RECEIVED_BY = ("To", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True)
class Bounce:
    """A notification: the keys that it knows, and the outcome that it reports (REJECTED: there is no such mailbox)."""

    keys: list[UUID]
    outcome: SmtpOutcome
    text: str


def parse_bounce(content: bytes) -> Bounce | None:
    """Return what a delivery status notification says; None for any other email, also one that is nested too deeply."""
    try:
        return _parse(email.message_from_bytes(content))
    except RecursionError:
        return None


def _parse(message: Message) -> Bounce | None:
    status = next((part for part in message.walk() if part.get_content_type() == "message/delivery-status"), None)
    blocks = status.get_payload() if status is not None else None
    if not isinstance(blocks, list):
        return None
    recipients = [block for block in blocks if isinstance(block, Message) and block["Action"]]
    if not recipients:
        return None
    failed = next((block for block in recipients if str(block["Action"]).strip().lower() == "failed"), None)
    keys = [UUID(key) for text in _texts_with_key(message) for key in KEY.findall(text.lower())]
    if failed is None:
        return Bounce(keys, SmtpOutcome.DEFERRED, "delayed")
    code = _status_code(failed)
    return Bounce(keys, outcome_of_refusal(550, code), format_response(550, code.encode("ascii", "replace")))


def _status_code(block: Message) -> str:
    """Return the enhanced status code; where the reporting server had none, the one that it quotes."""
    code, quoted = str(block["Status"] or "").strip(), str(block["Diagnostic-Code"] or "")
    if not code.partition(" ")[0].endswith(UNKNOWN_STATUS):
        return code
    found = ENHANCED_CODE.search(quoted)
    return found[0] if found else code


def _texts_with_key(message: Message) -> Iterator[str]:
    for name in RECEIVED_BY:
        yield from map(str, message.get_all(name, []))
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            quoted = email.message_from_string(str(part.get_payload()))
            yield str(quoted["Message-ID"] or "")
        elif part is not message:
            yield str(part["Message-ID"] or "")


def find_digest(bounce: Bounce, *, now: datetime) -> Digest | None:
    """Return the sent email that came back; None where it is not one of ours, or too old to count."""
    recent = Digest.objects.filter(state=Digest.State.SENT, sent_at__gt=now - RefusedAddress.BOUNCE_COUNTS)
    return recent.filter(key__in=bounce.keys).select_related("user").first()
