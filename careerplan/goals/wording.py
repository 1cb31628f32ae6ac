"""Check the wording of a goal's title: what would make it measurable. The advice never blocks saving.

Pure functions. Each language has its own word list, because this is grammar and not translation: English for now. In
other languages only dates and semicolons are checked.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from careerplan.goals.vocabulary import VOCABULARIES, Vocabulary

LONGEST = 200  # characters; longer titles are refused elsewhere
SHORT = 2  # words; a title this short names a topic unless its first word says what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A goal as the check sees it; only the title is required."""

    title: str
    unit: str = ""
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    done_when: str = ""
    due_on: date | None = None

    @property
    def is_measured(self) -> bool:
        """Return whether the fields beside the title say how it is measured."""
        return bool(self.done_when) or (bool(self.unit) and self.target_value is not None)


@dataclass(frozen=True, slots=True)
class Wording:
    """Result of the check: advice and, if the measure allows it, a suggested wording."""

    hints: list[str]
    example: str = ""


def check_wording(outcome: Outcome, *, language: str = "en") -> Wording:
    """Return advice on a title, most important first; empty if it is fine. `language`: "en", "en-gb"."""
    words = VOCABULARIES.get(language.split("-", maxsplit=1)[0].lower())
    title = " ".join(outcome.title[:LONGEST].split())
    if not title:
        return Wording([])
    direction = _direction(title, outcome, words) if words else ""
    hints = [hint for hint in (direction, *_others(title, outcome, words)) if hint]
    return Wording(hints, _example(title, outcome, words) if words and direction else "")


def _others(title: str, outcome: Outcome, words: Vocabulary | None) -> Iterator[str]:
    if ";" in title.strip("; ") or (words and _is_several(title, words)):
        yield _("This may be more than 1 goal. Each is easier to reach on its own.")
    stated = conflicting_date(title, outcome.due_on)
    if stated:
        yield _("“%(stated)s” and the due date do not match. Which one is right?") % {"stated": stated}


def _direction(title: str, outcome: Outcome, words: Vocabulary) -> str:
    """Return what a title that names a direction lacks; blank if nothing."""
    if has_figure(title, words):
        return ""
    if words.vague_start.match(title):
        return _("This is a direction. What will you see or count when you get there?")
    return "" if outcome.is_measured else _vague(title, words)


def _vague(title: str, words: Vocabulary) -> str:
    """Return what a title lacks that starts well but has neither a number nor a measure."""
    first, count = title.split(maxsplit=1)[0].lower().strip(",.:"), len(title.split())
    is_topic = count <= SHORT and first not in words.outcome_verbs
    if is_topic and not words.vague_amount.search(title):
        return _("This is a topic. What will you have done, or be able to do, when you reach the goal?")
    is_counted = first in words.counted_verbs and not words.particular.search(title)
    if is_counted or words.vague_amount.search(title):
        return _("How many, or how often? A number shows when you have reached it.")
    return ""


def has_figure(title: str, words: Vocabulary) -> bool:
    """Return whether the text has a number, in digits or words, other than a year."""
    return bool(re.search(r"\d", re.sub(r"\b(19|20)\d\d\b", "", title)) or words.number.search(title))


def _is_several(title: str, words: Vocabulary) -> bool:
    """Return whether a second verb with its own object follows an "and"."""
    for joint in words.joints.finditer(title):
        before, after = title[: joint.start()].split(), title[joint.end() :].split()
        if len(before) >= 2 and len(after) >= 2 and after[0].lower() in words.second_verbs:
            return True
    return False


def _example(title: str, outcome: Outcome, words: Vocabulary) -> str:
    """Return the topic of a vague title with the user's own measure; blank if that would not read well."""
    start, target, unit = outcome.start_value, outcome.target_value, outcome.unit.strip()
    topic = words.vague_start.sub("", title, count=1).strip(" .,:") if words.vague_start.match(title) else ""
    if not topic or not unit or start is None or target is None or start == target:
        return ""
    figures = {name: number_format(f"{value.normalize():f}") for name, value in (("start", start), ("target", target))}
    topic = topic[0].upper() + topic[1:]
    return _("%(topic)s: from %(start)s to %(target)s %(unit)s") % {"topic": topic, "unit": unit, **figures}


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
class StatedDate:
    """A range of days that a title names, including the last."""

    words: str
    first: date
    last: date
    is_before: bool = False

    def agrees(self, due_on: date) -> bool:
        """Return whether a due date matches the title. Earlier than "before June" matches."""
        if self.is_before:
            return due_on <= self.last
        grace = GRACE if self.last > self.first else timedelta()
        return self.first - grace <= due_on <= self.last


def conflicting_date(title: str, due_on: date | None) -> str:
    """Return the first date in a title that differs from the due date; blank if there is none."""
    if due_on is None:
        return ""
    return next((stated.words for stated in find_dates(title, due_on) if not stated.agrees(due_on)), "")


def find_dates(title: str, due_on: date) -> Iterator[StatedDate]:
    """Return the dates in a title, each read as precisely as possible. Without a year, that of the due date is
    meant.
    """
    taken: list[tuple[int, int]] = []
    for pattern in PATTERNS:
        for match in pattern.finditer(title):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            stated = _parse_date(match, due_on)
            if stated:
                yield stated


def _parse_date(match: re.Match[str], due_on: date) -> StatedDate | None:
    found = {name: value for name, value in match.groupdict().items() if value}
    year = int(found.get("year", due_on.year))
    first, last = 1, 12
    if "quarter" in found:
        last = 3 * int(found["quarter"])
        first = last - 2
    elif "month" in found or "number" in found:
        first = last = int(found["number"]) if "number" in found else _month_number(found["month"])
    try:
        days = date(year, first, 1), date(year, last, monthrange(year, last)[1])
        if "day" in found:
            days = (date(year, first, int(found["day"])),) * 2
    except ValueError:  # 31 June: not a date
        return None
    return StatedDate(match.group().strip(), *days, is_before=found.get("word", "").lower() == "before")


def _month_number(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))
