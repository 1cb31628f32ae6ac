"""One meeting as a calendar file (RFC 5545), the same bytes for the same meeting."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from icalendar import Calendar, Event, vDatetime, vInt, vText

from careerplan.core.mail import absolute_url
from careerplan.core.text import printable


class EscapedText(vText):
    """A text, escaped by RFC 5545 3.3.11: `icalendar` itself reads a typed \\N as a line break."""

    def to_ical(self) -> bytes:
        """Return the value after the colon."""
        text = str(self).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return text.encode()


def meeting_uid(key: UUID) -> str:
    """Return the UID of a meeting on this server."""
    return str(uuid5(NAMESPACE_URL, absolute_url(f"/people/#{key}")))


def render_meeting(
    *, key: UUID, starts_at: datetime, ends_at: datetime, changed_at: datetime, revision: int, title: str, url: str
) -> bytes:
    """Return the file with one event."""
    calendar, event = Calendar(), Event()
    calendar["version"], calendar["prodid"] = EscapedText("2.0"), EscapedText("-//Careerplan//Careerplan//EN")
    event["uid"] = EscapedText(meeting_uid(key))
    event["dtstamp"] = event["last-modified"] = _instant(changed_at)
    event["sequence"] = vInt(revision)
    event["dtstart"], event["dtend"] = _instant(starts_at), _instant(ends_at)
    event["summary"] = EscapedText(" ".join(printable(title).split()))
    event["description"] = EscapedText(url)
    event["class"] = EscapedText("PRIVATE")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _instant(at: datetime) -> vDatetime:
    return vDatetime(at.astimezone(UTC).replace(microsecond=0))
