"""Dates on which reviews are due. Pure: no rows, no clock.

Every date is computed from the original anchor, never from the date before it, so that month ends come back: from
31 January by months it is 28 February, then 31 March (RFC 5545 leaves such dates out; we clamp them to the month's
last day, as PostgreSQL's `date + interval` does, which decides in make_due.sql).
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cadence(models.TextChoices):
    """How often a plan is reviewed."""

    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    QUARTERLY = "quarterly", _("Every 3 months")
    HALF_YEARLY = "half_yearly", _("Every 6 months")
    YEARLY = "yearly", _("Every year")
    NONE = "none", _("Only when I start one")


class Span(NamedTuple):
    """The time from one review to the next: whole months, or days."""

    months: int
    days: int


SPANS: dict[Cadence, Span] = {
    Cadence.WEEKLY: Span(0, 7),
    Cadence.MONTHLY: Span(1, 0),
    Cadence.QUARTERLY: Span(3, 0),
    Cadence.HALF_YEARLY: Span(6, 0),
    Cadence.YEARLY: Span(12, 0),
}


def first_date(cadence: Cadence, today: date, planned: date | None) -> date:
    """Return the first date of a new cadence: one span from today, or the planned date if that is earlier. Not for
    NONE.
    """
    first = CadenceRule(cadence, today).date_of(1)
    return min(first, planned) if planned else first


class CadenceRule(NamedTuple):
    """A cadence with its anchor, which is date number 0."""

    cadence: Cadence
    anchor_on: date

    def date_of(self, number: int) -> date:
        """Return the date `number` spans after the anchor, or before it if negative. Not for NONE."""
        months, days = SPANS[self.cadence]
        year, month = divmod(self.anchor_on.year * 12 + self.anchor_on.month - 1 + number * months, 12)
        day = min(self.anchor_on.day, monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=number * days)

    def number_on_or_before(self, day: date) -> int:
        """Return the number of the last date up to `day`; negative before the anchor. Not for NONE."""
        months, days = SPANS[self.cadence]
        if days:
            return (day - self.anchor_on).days // days
        passed = (day.year - self.anchor_on.year) * 12 + day.month - self.anchor_on.month
        number = passed // months
        return number if self.date_of(number) <= day else number - 1

    def first_after(self, day: date) -> date | None:
        """Return the first date after `day`, from the anchor on; None for NONE."""
        if self.cadence == Cadence.NONE:
            return None
        return self.date_of(max(0, self.number_on_or_before(day) + 1))

    def last_on_or_before(self, day: date) -> date | None:
        """Return the last date up to `day`; None before the anchor, and for NONE."""
        if self.cadence == Cadence.NONE or day < self.anchor_on:
            return None
        return self.date_of(self.number_on_or_before(day))

    def before(self, due_on: date) -> date:
        """Return the date before `due_on`, which may be before the anchor. Not for NONE."""
        return self.date_of(self.number_on_or_before(due_on) - 1)

    def dates(self, first: date, last: date) -> Iterator[date]:
        """Iterate over the dates from `first` to `last`, both included."""
        found = self.first_after(first - timedelta(days=1))
        while found and found <= last:
            yield found
            found = self.first_after(found)
