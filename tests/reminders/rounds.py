"""A round of sending at one moment."""

from datetime import datetime

from django.utils import timezone

from careerplan.reminders import delivery

MOMENT = datetime.fromisoformat("2027-03-05T08:00:00+00:00")


def send(as_of: datetime = MOMENT) -> list[delivery.Sent]:
    """Make what is owed at that moment, and send it now."""
    return delivery.send_round(as_of=as_of, clock=timezone.now)
