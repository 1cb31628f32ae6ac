"""Facts in an advert beside the skills: what the job is called, who offers it, where, until when, and the pay.

A fact is sure where a word says what it is ("Closing date: 4 December 2026"); from its place in the text it is a guess.
"""

import re
from dataclasses import dataclass
from datetime import date

from careerplan.reading.places import is_place, split_place

MONTHS = "january february march april may june july august september october november december"
_MONTH_OF = {name[:3]: number for number, name in enumerate(MONTHS.split(), 1)}
LINE_LENGTH, LINES = 160, 400
FACT_LENGTH = 200
_APART = re.compile(r"\s+[-–—|]\s+|\s+at\s+|\s*\|\s*")
_NOTE = re.compile(r"\s*\((?:[a-z]/[a-z](?:/[a-z*])?|[^()]{1,60})\)", re.IGNORECASE)
_CLOSES = re.compile(
    r"\b(?:closing date|apply (?:by|before|until)|applications? (?:close|closes|due|by|until)|deadline|closes (?:on)?"
    r"|application deadline|bewerbungsschluss)\b[^\d\n]{0,40}?"
    r"((?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?[A-Za-z]{3,9},?\s+\d{4})|(?:[A-Za-z]{3,9}\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4})"
    r"|(?:\d{4}-\d{2}-\d{2})|(?:\d{1,2}[./]\d{1,2}[./]\d{4}))",
    re.IGNORECASE,
)
EMPLOYER_LINES, EMPLOYER_WORDS = 4, 8
_UNIT = re.compile(r"\b(?:department|division|team|unit|section)\b", re.IGNORECASE)
_HOURS = re.compile(
    r"(?:(?:full|part|term)[- ]?time|permanent|temporary|fixed[- ]term|contract|bank|zero hours|days?|nights?|weekends?"
    r"|mornings?|afternoons?|evenings?|shifts?|only|and|or|&|/|,|\+|\s|\d+ hours)+",
    re.IGNORECASE,
)
"""A part of a heading that says when the work is, and not for whom."""
_KIND = re.compile(
    r"\b(?:Ltd|Limited|plc|PLC|LLP|LLC|Inc|GmbH|NHS|Trust|Council|University|College|Hospital|Infirmary|School|Academy|Hotel|Group"
    r"|Association|Company|Foundation|Care Home|Nursing Home|Nursery|Surgery)\b"
)
"""What names of employers end in or hold, written as in names."""
_VALUE = r"(?:\s*:\s*|\s+[-–—]\s+)([^\n]{2,80})"  # after a label; "Office-based" has none
_PLACE = re.compile(rf"^\s*(?:location|place of work|place|where|based in|office){_VALUE}", re.IGNORECASE)
_EMPLOYER = re.compile(rf"^\s*(?:company|employer|organisation|organization){_VALUE}", re.IGNORECASE)
_TITLE = re.compile(rf"^\s*(?:job title|title|position|role|post){_VALUE}", re.IGNORECASE)
_OF_PAY = re.compile(r"\b(?:year|annum|hour|salary|pay|wage|month)", re.IGNORECASE)
_PAY = re.compile(
    r"(?:[£$€]\s?\d[\d,.]*k?(?:\s?(?:-|–|to)\s?[£$€]?\s?\d[\d,.]*k?)?)"
    r"(?:\s(?:an?|per)\s(?:year|annum|hour|month|week|day))?"
)


@dataclass(frozen=True, slots=True)
class AdvertFact:
    """A value with the words that it was read from. `is_sure`: a word says what it is."""

    value: str
    words: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class AdvertFacts:
    """What an advert says of the job. None for what it does not say. `closes_on` is a date as 2026-12-04."""

    title: AdvertFact | None = None
    organisation: AdvertFact | None = None
    place: AdvertFact | None = None
    closes_on: AdvertFact | None = None
    pay: AdvertFact | None = None


def read_facts(text: str) -> AdvertFacts:
    """Read the facts of an advert, in one pass over its lines."""
    lines = [line.strip()[:LINE_LENGTH] for line in text.splitlines()[:LINES] if line.strip()]
    title, organisation, place = _from_heading(lines[0], "\n".join(lines[1:])) if lines else (None, None, None)
    if organisation is None:
        organisation, place = _from_next_lines(lines[1:EMPLOYER_LINES], place)
    closes_on = pay = None
    for line in lines:
        title = _labelled(_TITLE, line) or title
        organisation = _labelled(_EMPLOYER, line) or organisation
        place = _labelled(_PLACE, line) or place
        closes_on = closes_on or _closing_date(line)
        if pay is None and (found := _PAY.search(line)) and _OF_PAY.search(line):
            pay = AdvertFact(found.group().strip(), line, is_sure=False)
    return AdvertFacts(title, organisation, place, closes_on, pay)


def _from_heading(line: str, text: str) -> tuple[AdvertFact | None, AdvertFact | None, AdvertFact | None]:
    """Guess title, organisation and place from a first line such as "Driver - Northern Haulage Ltd, Leeds".

    `text` is the rest of the advert: it may say that a name is a place.
    """
    if line.endswith((".", "!", "?", ":")) or len(line.split()) > 16:
        return None, None, None
    parts = [part.strip(" ,") for part in _APART.split(_without_notes(line, text)) if part and part.strip(" ,")]
    if not parts:
        return None, None, None
    name, town = split_place(parts[0], text)
    title, others = AdvertFact(name[:FACT_LENGTH], line, is_sure=False), parts[1:]
    town = town or next((part for part in others if is_place(part, text)), "")
    where = AdvertFact(town, line, is_sure=False) if town else None
    others = [part for part in others if part != town and not _HOURS.fullmatch(part)]
    organisation, place = _from_part(others[0]) if others else ("", "")
    where = AdvertFact(place, line, is_sure=False) if place else where
    return title, AdvertFact(organisation, line, is_sure=False) if organisation else None, where


def _from_part(part: str) -> tuple[str, str]:
    """Return employer and place from a part of a heading: "Northern Haulage Ltd, Leeds". "" for what it lacks."""
    first, comma, last = part.rpartition(", ")
    if not comma:  # "Staff nurse - Emergency Department" names no employer
        return ("" if _UNIT.search(last) else last), ""
    if _UNIT.search(first):  # "Property Department, Finch and Marlow"
        return last, ""
    return ("" if _HOURS.fullmatch(first) else first), last  # "Driver - Nights, Wakefield"


def _without_notes(line: str, text: str) -> str:
    """Leave out what stands in brackets, "(m/f/d)", but not a place."""
    return _NOTE.sub(lambda found: f", {note}" if is_place(note := found.group().strip(" ()"), text) else "", line)


def _from_next_lines(lines: list[str], place: AdvertFact | None) -> tuple[AdvertFact | None, AdvertFact | None]:
    """Guess the employer from a line of its own below the title, such as "Northern Haulage Ltd, Wakefield"."""
    for line in lines:
        if not line.endswith((".", "!", "?", ":")) and len(line.split()) <= EMPLOYER_WORDS and _KIND.search(line):
            name, comma, town = line.partition(", ")
            where = AdvertFact(town, line, is_sure=False) if comma and not place and not _KIND.search(town) else place
            return AdvertFact(name if where is not place else line, line, is_sure=False), where
    return None, place


def _labelled(pattern: re.Pattern[str], line: str) -> AdvertFact | None:
    found = pattern.match(line)
    return AdvertFact(found[1].strip(" .,"), line, is_sure=True) if found else None


def _closing_date(line: str) -> AdvertFact | None:
    found = _CLOSES.search(line)
    day = _to_date(found[1]) if found else None
    return AdvertFact(day.isoformat(), line, is_sure=True) if day else None


def _to_date(text: str) -> date | None:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    try:
        if re.match(r"\d{4}-", text):
            return date(*numbers[:3])
        if len(numbers) == 3:
            return date(numbers[2], numbers[1], numbers[0])  # day first, as in Britain
        month = next((_MONTH_OF.get(word[:3].casefold()) for word in re.findall(r"[A-Za-z]{3,}", text)), None)
        return date(numbers[1], month, numbers[0]) if month else None
    except (ValueError, IndexError):
        return None
