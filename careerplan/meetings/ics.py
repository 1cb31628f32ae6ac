"""One meeting as a calendar file (RFC 5545), the same bytes for the same meeting."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from icalendar import Calendar, Event, vInt

from careerplan.core.ics import EscapedText, instant
from careerplan.core.mail import absolute_url
from careerplan.core.text import printable


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
    event["dtstamp"] = event["last-modified"] = instant(changed_at)
    event["sequence"] = vInt(revision)
    event["dtstart"], event["dtend"] = instant(starts_at), instant(ends_at)
    event["summary"] = EscapedText(" ".join(printable(title).split()))
    event["description"] = EscapedText(url)
    event["class"] = EscapedText("PRIVATE")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
