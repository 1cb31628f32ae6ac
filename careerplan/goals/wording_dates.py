"""Dates that stand in a title: whether one of them disagrees with the due date. Months by their English names."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTH = "(?P<month>" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept)"
YEAR = r"(?P<year>20\d\d)"
UNTIL = r"(?P<word>by|until|till|before|in|during|this|next)\s+(?:the\s+)?(?:(?:end|middle|beginning|start)\s+of\s+)?"
# "by June" and "by the beginning of June" may mean the days before it.
GRACE = timedelta(days=31)

PATTERNS = [
    re.compile(rf"\b{YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}\.?(?:,?\s+{YEAR})?\b", re.IGNORECASE),
    re.compile(rf"\b{MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+{YEAR})?\b(?!\d)", re.IGNORECASE),
    re.compile(rf"\b(?:{UNTIL})?{MONTH}\.?\s+{YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b(?:{UNTIL})?Q(?P<quarter>[1-4])\s+{YEAR}\b", re.IGNORECASE),
    re.compile(rf"\b{UNTIL}{MONTH}\b", re.IGNORECASE),
    re.compile(rf"\b{UNTIL}{YEAR}\b", re.IGNORECASE),
]


@dataclass(frozen=True, slots=True)
class Stated:
    """A stretch of days that a title names, the last included."""

    words: str
    first: date
    last: date
    is_before: bool = False

    def agrees(self, due_on: date) -> bool:
        """Whether a due date is what the title says. Earlier than "before June" is as it should be."""
        if self.is_before:
            return due_on <= self.last
        grace = GRACE if self.last > self.first else timedelta()
        return self.first - grace <= due_on <= self.last


def date_that_disagrees(title: str, due_on: date | None) -> str:
    """The words of the first date in a title that is not the due date; blank where all agree or none is there."""
    if due_on is None:
        return ""
    return next((stated.words for stated in dates_in(title, due_on) if not stated.agrees(due_on)), "")


def dates_in(title: str, due_on: date) -> Iterator[Stated]:
    """The dates of a title, the most exact reading of each. Where no year is said, that of the due date is meant."""
    taken: list[tuple[int, int]] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(title):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            stated = _read(match, due_on)
            if stated:
                yield stated


def _read(match: re.Match[str], due_on: date) -> Stated | None:
    found = {name: value for name, value in match.groupdict().items() if value}
    year = int(found.get("year", due_on.year))
    first, last = 1, 12
    if "quarter" in found:
        last = 3 * int(found["quarter"])
        first = last - 2
    elif "month" in found or "number" in found:
        first = last = int(found["number"]) if "number" in found else _month(found["month"])
    try:
        days = date(year, first, 1), date(year, last, monthrange(year, last)[1])
        if "day" in found:
            days = (date(year, first, int(found["day"])),) * 2
    except ValueError:  # 31 June: not a date
        return None
    return Stated(match.group().strip(), *days, is_before=found.get("word", "").lower() == "before")


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))
