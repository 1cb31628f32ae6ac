"""A calendar in the format of RFC 5545 (with the names of RFC 7986). The library `icalendar` escapes and folds.

It is deterministic: equal entries give equal bytes, so that a calendar app that asks again learns that nothing changed.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import (
    Alarm,
    Calendar,
    Event,
    Timezone,
    TimezoneStandard,
    Todo,
    vDate,
    vDatetime,
    vDuration,
    vInt,
    vUri,
    vUTCOffset,
)
from icalendar.parser import Contentline

from careerplan.calendar_feed.models import CalendarPart
from careerplan.calendar_feed.queries import CalendarContents, CalendarEntry
from careerplan.core import ics
from careerplan.core.ics import EscapedText, instant
from careerplan.core.mail import absolute_url
from careerplan.core.text import printable
from careerplan.meetings.ics import meeting_uid

REFRESH = timedelta(hours=6)  # often enough for days; calendar services ask as they like anyway
DAY = timedelta(days=1)
MOST_OCTETS = 75  # of a line, without its end (3.1)
CODE = b"".join(Path(file).read_bytes() for file in (__file__, ics.__file__))
WRITER = sha256(CODE).hexdigest() + icalendar.__version__

# The kind of an entry, for apps that colour by category.
CATEGORIES = {
    CalendarPart.GOALS: gettext_lazy("Goal"),
    CalendarPart.STEPS: gettext_lazy("Step"),
    CalendarPart.STOP_RULES: gettext_lazy("Stop rule"),
    CalendarPart.REVIEWS: gettext_lazy("Review"),
    CalendarPart.OPPORTUNITIES: gettext_lazy("Opportunity"),
    None: gettext_lazy("Meeting"),
}


PRIVATE, TRANSPARENT = EscapedText("PRIVATE"), EscapedText("TRANSPARENT")


def render_calendar(contents: CalendarContents) -> bytes:
    """Return the calendar in UTF-8 with CRLF line ends."""
    calendar = Calendar()
    name = EscapedText(_("Careerplan"))
    calendar["version"] = EscapedText("2.0")
    calendar["prodid"] = EscapedText("-//Careerplan//Careerplan//EN")
    calendar["calscale"] = EscapedText("GREGORIAN")
    calendar["name"] = calendar["x-wr-calname"] = name
    calendar["refresh-interval"] = _with(vDuration(REFRESH), value="DURATION")
    calendar["x-published-ttl"] = vDuration(REFRESH)
    for entry in contents.entries:
        calendar.add_component(_component(entry, contents))
    if not contents.entries:
        calendar.add_component(_utc())
    return b"".join(_folded(line) for line in calendar.content_lines(sorted=False))


def checksum_of(contents: CalendarContents) -> str:
    """Return a checksum of the calendar without writing it, which would take a hundred times as long.

    It depends on the contents, this code and the address of this server.
    """
    return sha256("\0".join((WRITER, settings.BASE_URL, repr(contents))).encode("utf-8", "surrogatepass")).hexdigest()


def _folded(line: Contentline) -> bytes:
    """Return a line in pieces of 75 octets at most (3.1). Most are short, and folding looks at each letter."""
    plain = line.encode()
    if len(plain) > MOST_OCTETS:
        plain = line.to_ical()
    return bytes(plain) + b"\r\n" if line else b""


def _utc() -> Timezone:
    """Return the component of an empty calendar, which must have one (3.6). Nothing refers to it."""
    zone, offset = Timezone(), TimezoneStandard()
    zone["tzid"] = EscapedText("Etc/UTC")
    offset["dtstart"] = vDatetime(datetime(1970, 1, 1))  # noqa: DTZ001  (local time, 3.6.5)
    offset["tzoffsetfrom"] = offset["tzoffsetto"] = vUTCOffset(timedelta(0))
    zone.add_component(offset)
    return zone


def one_line(text: str) -> str:
    """Return a title in one line, of printable characters."""
    return " ".join(printable(text.replace("\r", "\n")).split())


def lines(text: str) -> str:
    """Return a text of several lines, of printable characters, with one kind of line end."""
    return "\n".join(line.rstrip() for line in printable(text.replace("\r\n", "\n").replace("\r", "\n")).splitlines())


def uid_of(key: str) -> str:
    """Return the UID of an entry on this server: a UUID (RFC 7986 5.3) made from its key (RFC 9562 5.5)."""
    kind, _slash, meeting = key.partition("/")
    if kind == "meeting":
        return meeting_uid(UUID(meeting))
    return str(uuid5(NAMESPACE_URL, absolute_url(f"/calendar/#{key}")))


def _component(entry: CalendarEntry, contents: CalendarContents) -> Event | Todo:
    made = Todo() if entry.is_todo else Event()
    title = one_line(entry.title)
    changed = instant(entry.changed_at)
    url = absolute_url(entry.path)
    made["uid"] = EscapedText(uid_of(entry.key))
    # Without a METHOD, as in a feed, DTSTAMP says the same as LAST-MODIFIED (3.8.7.2).
    made["dtstamp"] = made["last-modified"] = changed
    made["sequence"] = vInt(entry.revision)
    if entry.starts_at and entry.ends_at:
        made["dtstart"], made["dtend"] = instant(entry.starts_at), instant(entry.ends_at)
    elif entry.is_todo:
        _when_of_todo(made, entry)
    else:
        # A day, not an instant: the same in every time zone. It ends before the day after (3.6.1).
        made["dtstart"] = _day(entry.day)
        if entry.day < date.max:
            made["dtend"] = _day(entry.day + DAY)
        made["transp"] = TRANSPARENT  # a deadline does not fill the day it is on
    made["summary"] = EscapedText(
        _("Done: %(title)s") % {"title": title} if entry.done_at and not entry.is_todo else title
    )
    # Google Calendar shows no URL property, so the description has the address as well.
    made["description"] = EscapedText("\n".join(filter(None, (lines(entry.text), url))))
    made["url"] = vUri(url)
    made["categories"] = EscapedText(str(CATEGORIES[entry.part]))
    made["class"] = PRIVATE
    if entry.has_alarm and contents.alarm_days is not None:
        made.add_component(_alarm(title, contents, is_todo=entry.is_todo))
    return made


def _when_of_todo(made: Todo, entry: CalendarEntry) -> None:
    made["due"] = _day(entry.day)
    if entry.done_at:
        made["status"], made["percent-complete"] = EscapedText("COMPLETED"), vInt(100)
        made["completed"] = instant(entry.done_at)
    else:
        made["status"] = EscapedText("IN-PROCESS" if entry.is_started else "NEEDS-ACTION")


def _alarm(title: str, contents: CalendarContents, *, is_todo: bool) -> Alarm:
    alarm = Alarm()
    before = timedelta(hours=contents.alarm_hour) - (contents.alarm_days or 0) * DAY
    alarm["action"] = EscapedText("DISPLAY")
    alarm["description"] = EscapedText(title)
    # Counted from the first moment of the day; a to-do has no start, so from when it is due (3.8.6.3).
    alarm["trigger"] = _with(vDuration(before), related="END") if is_todo else vDuration(before)
    return alarm


def _day(day: date) -> vDate:
    return _with(vDate(day), value="DATE")


def _with(made: Any, /, **parameters: str) -> Any:
    """Return the value with parameters."""
    for name, text in parameters.items():
        made.params[name.upper()] = text
    return made
