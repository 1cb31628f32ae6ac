"""When a repeating step is due next: a pure function of its rule and a day (docs/adr/0041).

A rule by the calendar (each day, each Friday, each month on the last day) is a fixed row of days from an anchor on:
moving, missing or doing one of them late does not shift the others. A rule "after" counts from the day on which the
step was done.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, ngettext

LAST_DAY = 31  # of a month: also of the shorter ones
MOST = {"daily": 1, "weekly": 52, "monthly": 24, "after": 366}  # of the number in a rule; RULE has the same
RULE = (
    r"(daily:1|weekly:([1-9]|[1-4][0-9]|5[0-2]):[1-7]|monthly:([1-9]|1[0-9]|2[0-4]):([1-9]|[12][0-9]|3[01])"
    r"|after:([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6]))"
)
"""All rules there are: for `parse`, the constraint of the database and the schema of the account file."""


class RepeatUnit(StrEnum):
    """What a rule counts."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """Every day, every `every` weeks on weekday `on` (1 is Monday), every `every` months on day `on`, or `every` days
    after done.

    A month without that day takes its last one.
    """

    unit: RepeatUnit
    every: int
    on: int = 0

    @classmethod
    def parse(cls, text: str) -> "RepeatRule | None":
        """Return the rule of a stored text, such as "weekly:1:5"; None for any other text."""
        if not re.fullmatch(RULE, text):
            return None
        unit, *numbers = text.split(":")
        return cls(RepeatUnit(unit), *map(int, numbers))

    def __str__(self) -> str:
        return f"{self.unit}:{self.every}:{self.on}" if self.on else f"{self.unit}:{self.every}"

    @property
    def text(self) -> str:
        """Return the rule in words: "Every Friday"."""
        if self.unit is RepeatUnit.AFTER:
            return ngettext("The day after it is done", "%(n)s days after it is done", self.every) % {"n": self.every}
        if self.unit is RepeatUnit.DAILY:
            return gettext("Every day")
        if self.unit is RepeatUnit.WEEKLY:
            words = ngettext("Every %(weekday)s", "Every %(n)s weeks on %(weekday)s", self.every)
            return words % {"n": self.every, "weekday": WEEKDAYS[self.on - 1]}
        if self.on == LAST_DAY:
            words = ngettext("Each month on the last day", "Every %(n)s months on the last day", self.every)
        else:
            words = ngettext("Each month on day %(day)s", "Every %(n)s months on day %(day)s", self.every)
        return words % {"n": self.every, "day": self.on}

    @property
    def is_by_calendar(self) -> bool:
        """Return whether its days are those of a calendar, and not counted from when the step was last done."""
        return self.unit is not RepeatUnit.AFTER

    def next_after(self, day: date, anchor: date) -> date | None:
        """Return the first day after `day`, counted from the week or month of `anchor`; None after the last date of the
        calendar. "After" counts from `day`.
        """
        try:
            if self.unit is RepeatUnit.WEEKLY:
                return self._next_of_weeks(day, anchor)
            if self.unit is RepeatUnit.MONTHLY:
                return self._next_of_months(day, anchor)
            return day + timedelta(days=self.every)
        except (OverflowError, ValueError):
            return None

    def days(self, first: date, anchor: date, until: date) -> Iterator[date]:
        """Yield `first`, and each day after it until `until`; "after" as if it were done on its day each time."""
        day: date | None = first
        while day is not None and day <= until:
            yield day
            day = self.next_after(day, anchor)

    def _next_of_weeks(self, day: date, anchor: date) -> date:
        start = anchor + timedelta(days=self.on - 1 - anchor.weekday())
        step = 7 * self.every
        return start + timedelta(days=step * ((day - start).days // step + 1))

    def _next_of_months(self, day: date, anchor: date) -> date:
        start = _month(anchor)
        turn = (_month(day) - start) // self.every
        found = self._day_of_month(start + turn * self.every)
        return found if found > day else self._day_of_month(start + (turn + 1) * self.every)

    def _day_of_month(self, month: int) -> date:
        year, number = divmod(month, 12)
        return date(year, number + 1, min(self.on, monthrange(year, number + 1)[1]))


def _month(day: date) -> int:
    """Return a month as a number that counts months."""
    return day.year * 12 + day.month - 1
