"""Times as operators write them."""

from datetime import datetime

from django.core.management.base import CommandError


def instant(text: str) -> datetime:
    """Parse a date and time with offset, as given with --now. Raises CommandError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--now {text}: not a date and time. Use the format 2027-03-01T08:00+01:00.") from None
    if moment.tzinfo is None:
        raise CommandError(f"--now {text}: the time zone offset is missing. Use the format 2027-03-01T08:00+01:00.")
    return moment
