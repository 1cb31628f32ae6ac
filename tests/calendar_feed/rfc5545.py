"""A small reader of calendars, written from RFC 5545 alone: it shares no code with what writes them."""

import re
from dataclasses import dataclass, field

NAME = re.compile(r"[A-Za-z0-9-]+")
PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"\x00-\x08\x0a-\x1f\x7f]*"|[^";:,\x00-\x08\x0a-\x1f\x7f]*)')
ESCAPED = re.compile(r"\\([\\;,nN])")


class NotACalendar(Exception):
    """It is not written as the RFC says."""


@dataclass
class Property:
    """One property: its value as it stands there."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value of a TEXT (3.3.11)."""
        if re.search(r"[;,]|\\", ESCAPED.sub("", self.value)):
            raise NotACalendar(f"not escaped: {self.value!r}")
        return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Component:
    """One component: its properties in order, and the components in it."""

    name: str
    properties: list[Property] = field(default_factory=list)
    parts: list["Component"] = field(default_factory=list)

    def __getitem__(self, name: str) -> Property:
        """The one property of that name."""
        (found,) = (one for one in self.properties if one.name == name)
        return found

    def __contains__(self, name: str) -> bool:
        return any(one.name == name for one in self.properties)

    def all(self, name: str) -> list["Component"]:
        """The components of that name in it."""
        return [part for part in self.parts if part.name == name]


def lines_of(content: bytes) -> list[str]:
    """The unfolded lines (3.1). Raises NotACalendar for one longer than 75 octets or ended otherwise than by CRLF."""
    if not content.endswith(b"\r\n"):
        raise NotACalendar("the last line has no end")
    unfolded: list[str] = []
    for raw in content[:-2].split(b"\r\n"):
        if len(raw) > 75:
            raise NotACalendar(f"{len(raw)} octets")
        line = raw.decode("utf-8")  # each by itself: no character is torn
        if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line):
            raise NotACalendar(f"control character: {line!r}")
        if line[:1] in (" ", "\t"):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    return unfolded


def read(content: bytes) -> Component:
    """The one VCALENDAR in it, with the rules that every part of ours must keep (3.4, 3.6)."""
    stack = [Component("")]
    for line in lines_of(content):
        one = _property(line)
        if one.name == "BEGIN":
            stack.append(Component(one.value))
            stack[-2].parts.append(stack[-1])
        elif one.name == "END":
            if stack.pop().name != one.value:
                raise NotACalendar(line)
        else:
            stack[-1].properties.append(one)
    (root,) = stack
    (calendar,) = root.parts
    if root.properties or calendar.name != "VCALENDAR" or not calendar.parts:
        raise NotACalendar("not one calendar with something in it")
    if calendar["VERSION"].value != "2.0" or not calendar["PRODID"].value:
        raise NotACalendar("no version or no PRODID")
    for part in calendar.all("VEVENT") + calendar.all("VTODO"):
        once = ["UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", "SUMMARY", "DESCRIPTION", "URL", "CLASS"]
        once += ["DTSTART"] if part.name == "VEVENT" else ["DUE", "STATUS"]
        for name in once:
            part[name]
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            if not re.fullmatch(r"\d{8}T\d{6}Z", part[name].value):
                raise NotACalendar(f"not in UTC: {part[name]}")
    return calendar


def _property(line: str) -> Property:
    name = NAME.match(line)
    if not name:
        raise NotACalendar(line)
    place, parameters = name.end(), {}
    while found := PARAMETER.match(line, place):
        parameters[found[1].upper()] = found[2].strip('"')
        place = found.end()
    if line[place : place + 1] != ":":
        raise NotACalendar(line)
    return Property(name[0].upper(), parameters, line[place + 1 :])
