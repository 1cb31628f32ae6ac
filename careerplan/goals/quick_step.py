"""Read a step from one line: "Call the college next Friday 2h" is a title, a date and hours. Pure.

"Practise every Friday", "each day" and "every month" repeat; without a day of their own they start today.

Only the end of the line is read: a day in the middle belongs to the title ("Prepare the Friday meeting today").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from careerplan.core.dates import next_monday
from careerplan.core.numbers import plain_number
from careerplan.goals.repeats import LAST_DAY, RepeatRule, RepeatUnit

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
SHORT = {"tues": 1, "thur": 3, "thurs": 3, **{name[:3]: number for number, name in enumerate(WEEKDAYS)}}
LONG = {name: number for number, name in enumerate(WEEKDAYS)}
MOST_HOURS = Decimal(9999)

_WEEKDAY = "|".join([*LONG, *sorted(SHORT, key=len, reverse=True)])
_MONTH = "|".join(f"{name}|{name[:3]}" for name in MONTHS) + "|sept"
_ANY_WEEKDAY = "|".join([*(name.title() for name in (*LONG, *SHORT)), *LONG])  # "sun" in lower case is not a day
_NAMED = rf"(?:(?-i:{_ANY_WEEKDAY}),?\s)?"  # a weekday before a date: the date counts
_AT = r"(?:(?:on|by|from|starting)\s)?"
_FOR = r"(?:(?:for|about)\s)?"
_UNIT = r"(?P<unit>hours?|hrs?|h|minutes?|mins?|min)"
HOURS = (
    re.compile(rf"{_FOR}(?P<number>\d{{1,4}}(?:[.,]\d{{1,2}})?)\s?{_UNIT}", re.I),
    re.compile(rf"{_FOR}(?P<number>\d{{1,3}})\s?h\s?(?P<minutes>[0-5]?\d)(?:\s?min)?", re.I),
    re.compile(rf"{_FOR}(?P<number>[1-9]?[05])(?P<unit>m)"),  # not 400m, which people swim
)
DATES = (
    re.compile(rf"{_AT}(?P<near>today|tomorrow)", re.I),
    re.compile(rf"(?P<word>{_AT})(?P<weekday>{_WEEKDAY}),?\s(?P<next>next)\sweek", re.I),
    re.compile(rf"(?P<word>(?P<next>next)\sweek,?\s(?:on\s)?)(?P<weekday>{_WEEKDAY})", re.I),
    re.compile(rf"{_AT}(?P<near>next week)", re.I),
    re.compile(rf"(?P<word>{_AT}(?:(?P<next>next|this)\s)?)(?P<weekday>{_WEEKDAY})", re.I),
    re.compile(r"in\s(?P<count>\d{1,3}|a|an|one|two|three|four)\s(?P<span>days?|weeks?|months?)", re.I),
    re.compile(
        rf"{_AT}{_NAMED}(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<month>{_MONTH})"
        r"(?:\s(?P<year>\d{4}))?",
        re.I,
    ),
    re.compile(
        rf"{_AT}{_NAMED}(?P<month>{_MONTH})\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year>\d{{4}}))?",
        re.I,
    ),
    re.compile(rf"{_AT}{_NAMED}(?P<year>\d{{4}})-(?P<iso_month>\d{{2}})-(?P<day>\d{{2}})", re.I),
)
_EVERY = r"(?:every|each)\s"
_DAY_OF_MONTH = r"(?:the\s)?(?:(?P<last>last\sday)|(?:day\s)?(?P<day>\d{1,2})(?:st|nd|rd|th)?)"
_MONTHS = r"(?:(?P<count>\d{1,2}|other)\smonths?|(?P<quarter>quarter)|month)"
_COUNTED = r"(?:(?P<count>other|\d{1,2})\s)?(?:(?P<weeks>weeks?)|(?P<months>months?))"
REPEATS = (
    re.compile(rf"{_EVERY}(?:(?P<count>other|2)\s(?:weeks?\s(?:on\s)?)?)?(?P<weekday>{_WEEKDAY})", re.I),
    re.compile(rf"{_EVERY}{_MONTHS}\s(?:on\s)?{_DAY_OF_MONTH}", re.I),
    re.compile(rf"{_EVERY}(?P<last>last\sday)\sof\s(?:the|each|every)\smonth", re.I),
    re.compile(rf"{_EVERY}(?P<days>\d{{1,3}})\sdays(?:\safter\s(?:it\sis\s)?done)?", re.I),
    re.compile(rf"{_EVERY}(?:{_COUNTED}|(?P<quarter>quarter)|(?P<daily>day))", re.I),
    re.compile(r"(?P<daily>daily)|(?P<weeks>weekly)|(?P<months>monthly)", re.I),
    re.compile(rf"(?:on\s)?(?P<weekday>{'|'.join(WEEKDAYS)})s", re.I),
)
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}


@dataclass(frozen=True)
class QuickStep:
    """A step as it was understood: no date or no hours where the line has none."""

    title: str
    due_on: date | None = None
    hours: Decimal | None = None
    repeats: RepeatRule | None = None


def parse_step(line: str, today: date) -> QuickStep:
    """Return the step of a line. What is neither a date nor hours is its title; a line is never wholly a date."""
    title, due_on, hours, repeats = " ".join(line.split()), None, None, None
    while True:
        for rest, found in _ends(title):
            if isinstance(found, Decimal) and hours is None:
                title, hours = rest, found
                break
            if isinstance(found, RepeatRule) and repeats is None:
                title, repeats = rest, found
                break
            if isinstance(found, re.Match) and due_on is None and (day := _day(found, today)):
                title, due_on = rest, day
                break
        else:
            if repeats:
                repeats, due_on = _from_day(repeats, due_on, today)
            return QuickStep(title, due_on, hours, repeats)


def _from_day(rule: RepeatRule, due_on: date | None, today: date) -> tuple[RepeatRule, date]:
    """Return a rule with its first day from a date on. Without a date a weekday begins after today; everything else may
    begin today.
    """
    first = due_on or (today + timedelta(days=1) if rule.unit is RepeatUnit.WEEKLY and rule.on else today)
    if rule.unit is RepeatUnit.WEEKLY and not rule.on:
        rule = replace(rule, on=first.isoweekday())
    if rule.unit is RepeatUnit.MONTHLY and not rule.on:
        rule = replace(rule, on=first.day)
    if not rule.on:
        return rule, first
    return rule, replace(rule, every=1).next_after(first - timedelta(days=1), first) or first


def _ends(text: str) -> Iterator[tuple[str, Decimal | RepeatRule | re.Match[str]]]:
    """Yield each reading of the end of a text with what is before it: hours as a number, a rule, a date as a match."""
    for pattern in (*HOURS, *REPEATS, *DATES):
        for start in _word_starts(text):
            if not (match := pattern.fullmatch(text, start)):
                continue
            rest = text[:start].rstrip(" ,;:-")
            before = rest.split()[-1].lower() if rest else ""
            if not rest or before in NO_END:
                continue
            if pattern in DATES:
                if before not in {"every", "each"}:  # their weekday is a rule
                    yield rest, match
            elif pattern in REPEATS:
                if rule := _rule(match):
                    yield rest, rule
            elif hours := _hours(match):
                yield rest, hours


MOST_WORDS_READ = 8
NO_END = {"and", "or", "&", "the", "a", "my", "our"}
"""Before these no end begins: "Mondays and Fridays" are two days, "the weekly" is a thing."""


def _word_starts(text: str) -> list[int]:
    """Return where the last words begin, the longest end first."""
    return [match.start() for match in re.finditer(r"(?<!\S)\S", text)][-MOST_WORDS_READ:]


def _rule(match: re.Match[str]) -> RepeatRule | None:
    """Return the rule of a match, without `on` where the first day says it; None for a number that no form offers."""
    parts = match.groupdict()
    if parts.get("days"):
        return RepeatRule.parse(f"after:{int(parts['days'])}")
    if parts.get("daily"):
        return RepeatRule(RepeatUnit.DAILY, 1)
    count = {"": 1, "other": 2}.get(said := (parts.get("count") or "").lower()) or int(said)
    if parts.get("weekday"):
        word = parts["weekday"].lower()
        return RepeatRule(RepeatUnit.WEEKLY, count, LONG.get(word, SHORT.get(word, 0)) + 1)
    if parts.get("weeks"):
        return RepeatRule(RepeatUnit.WEEKLY, count) if count in (1, 2) else None
    count = 3 if parts.get("quarter") else count
    if count not in (1, 3):
        return None
    day = LAST_DAY if parts.get("last") else parts.get("day")
    return RepeatRule.parse(f"monthly:{count}:{int(day)}") if day else RepeatRule(RepeatUnit.MONTHLY, count)


def _hours(match: re.Match[str]) -> Decimal | None:
    parts = match.groupdict()
    number = Decimal(plain_number(parts["number"]))
    if "minutes" in parts:
        number += Decimal(parts["minutes"]) / 60
    elif parts["unit"].lower().startswith("m"):
        number /= 60
    hours = number.quantize(Decimal("0.01"))
    return hours if 0 < hours <= MOST_HOURS else None


def _day(match: re.Match[str], today: date) -> date | None:
    """Return the date of a match; None for a date that does not exist or a word that is not a date here."""
    parts = match.groupdict()
    try:
        if near := parts.get("near"):
            near = near.lower()
            return {"today": today, "tomorrow": today + timedelta(days=1)}.get(near) or next_monday(today)
        if parts.get("weekday"):
            return _weekday(parts, today)
        if parts.get("span"):
            return _in(parts, today)
        return _date(parts, today)
    except (ValueError, OverflowError):
        return None


def _weekday(parts: dict[str, str], today: date) -> date | None:
    """Return the next such day after today; with "next", that of the coming week; "this" may be today.

    "Sun" alone needs its capital, and "SAT" is not a day.
    """
    word = parts["weekday"]
    if word.lower() in SHORT and not parts["word"] and not word.istitle():
        return None
    number = LONG.get(word.lower(), SHORT.get(word.lower(), 0))
    which = (parts["next"] or "").lower()
    if which == "next":
        return next_monday(today) + timedelta(days=number)
    if which == "this":
        return today + timedelta(days=(number - today.weekday()) % 7)
    return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)


def _in(parts: dict[str, str], today: date) -> date:
    count = NUMBERS.get(parts["count"].lower()) or int(parts["count"])
    span = parts["span"].lower()
    if not span.startswith("month"):
        return today + timedelta(days=count * (7 if span.startswith("week") else 1))
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    return _last_valid(year, month + 1, today.day)


def _date(parts: dict[str, str], today: date) -> date:
    """Return a written date; without a year the next one."""
    iso = parts.get("iso_month")
    month = int(iso) if iso else 1 + [name[:3] for name in MONTHS].index(parts["month"][:3].lower())
    if parts["year"]:
        return date(int(parts["year"]), month, int(parts["day"]))
    day = date(today.year, month, int(parts["day"]))
    return day if day >= today else date(today.year + 1, month, day.day)


def _last_valid(year: int, month: int, day: int) -> date:
    """Return a day of a month, or the last day if the month is shorter."""
    for number in range(day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, min(day, 27))
