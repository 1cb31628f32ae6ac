"""Values of a calendar file (RFC 5545) that `icalendar` writes otherwise."""

from datetime import UTC, datetime

from icalendar import vDatetime, vText


class EscapedText(vText):
    """A text, escaped by RFC 5545 3.3.11. `icalendar` itself turns a \\N that a person typed into a line break."""

    def to_ical(self) -> bytes:
        """Return the value after the colon."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return text.encode()


def instant(at: datetime) -> vDatetime:
    """Return a moment in UTC, in whole seconds."""
    return vDatetime(at.astimezone(UTC).replace(microsecond=0))
