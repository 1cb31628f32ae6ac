"""Read dates as programs and people write them in lists. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime

from careerplan.imports.dates import month_number

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{4}|\d{2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?\s?(?:de\s|of\s)?([^\W\d_]{3,12})\.?,?\s?(?:de\s)?(\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.?\s(\d{1,2})(?:st|nd|rd|th)?,?\s(\d{4})")
_MONTH = re.compile(
    r"(?:(?:by\s)?(?:the\s)?end\s(?:of\s)?|by\s|in\s|ende\s|bis\s(?:ende\s)?|fin\s|fine\s|eind\s)?"
    r"(?:(?P<word>[^\W\d_]{3,12})\.?,?\s(?:de\s|of\s)?(?P<year>[0-9]{4})"
    r"|(?P<first>[0-9]{4})[-/.](?P<number>[0-9]{1,2})|(?P<other>[0-9]{1,2})[-/.](?P<last>[0-9]{4}))",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"^[^\W\d_]{2,12}\.?,?\s+")
_TIME = re.compile(r"(?:[T\s,]|\bat\b)\s*\d{1,2}:\d{2}.*$|\s*\(.*\)$", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:→|->|–|—)\s*")
CENTURY = 2000


def parse_date(text: str, *, day_first: bool = True) -> date | None:
    """Return the day that a cell names; None for anything else. Of a span it is the last day.

    `day_first`: whether 3/4/2027 is 3 April.
    """
    text = _ARROW.split(text.strip())[-1]
    text = _TIME.sub("", text).strip(" ,")
    return _day(text, day_first=day_first) or _day(_FIRST_WORD.sub("", text), day_first=day_first)  # after a weekday


def _day(text: str, *, day_first: bool) -> date | None:
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMBERS.fullmatch(text):
            first, second, year = (int(part) for part in found.groups())
            day, month = (first, second) if day_first else (second, first)
            return date(year if len(found[3]) > 2 else CENTURY + year, month, day)
        if found := _DAY_MONTH.fullmatch(text):
            return _named(found[3], found[2], found[1])
        if found := _MONTH_DAY.fullmatch(text):
            return _named(found[3], found[1], found[2])
    except ValueError:
        return None
    return None


def _named(year: str, month: str, day: str) -> date | None:
    number = month_number(month)
    return date(int(year), number, int(day)) if number else None


def parse_month(text: str) -> date | None:
    """Return the last day of the month that a cell names, such as "June 2027" or "end of 06/2027"; None otherwise."""
    found = _MONTH.fullmatch(" ".join(text.split()))
    if not found:
        return None
    year = int(found["year"] or found["first"] or found["last"])
    month = month_number(found["word"]) if found["word"] else int(found["number"] or found["other"])
    is_date = month is not None and 1 <= month <= 12 and year >= 1
    return date(year, month, monthrange(year, month)[1]) if month and is_date else None


def which_first(texts: Iterable[str]) -> bool | None:
    """Tell whether dates of numbers have their day first; None if they do not show it and some could be either."""
    is_open = False
    for text in texts:
        if not (found := _NUMBERS.match(text.strip())):
            continue
        first, second = int(found[1]), int(found[2])
        if first > 12 or "." in found[0]:
            return True
        if second > 12:
            return False
        is_open = is_open or first != second
    return None if is_open else True


def date_text(value: date | datetime) -> str:
    """Write a day as `parse_date` reads it."""
    return value.strftime("%Y-%m-%d") if value.year >= 1000 else ""
