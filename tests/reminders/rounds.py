"""Scheduler runs at one moment."""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone

from careerplan.reminders import delivery

MOMENT = datetime.fromisoformat("2027-03-05T08:00:00+00:00")


def send(as_of: datetime = MOMENT) -> list[delivery.SentMail]:
    """Create the reminders due at a moment, and send them now."""
    return send_at(as_of, timezone.now)


def send_at(as_of: datetime, clock: Callable[[], datetime]) -> list[delivery.SentMail]:
    """The same by another clock; return the sent mails."""
    sent: list[delivery.SentMail] = []
    assert delivery.run_scheduler(as_of=as_of, clock=clock, on_sent=sent.append) == len(sent)
    return sent
