"""Days in time zones, weeks and months, and dates in words. The caller passes today."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SOON_DAYS = 7  # due within a week
YEAR_DAYS = 365


class Urgency(StrEnum):
    """How near a due date is. Shown by shape and word first, colour second."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


@lru_cache(maxsize=1024)  # more than there are zones; the cache of ZoneInfo keeps 8, the scheduler asks for all
def get_zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name, or UTC where this machine's zone data do not have it.

    Zones are removed from the data now and then. A page, or the reminders of all others, must not fail because of one.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # unknown, no name at all ("../x"), a folder ("America")
        return ZoneInfo("UTC")


def place_name(time_zone: str) -> str:
    """Return the place of an IANA zone for people: London, New York."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def days_in_words(days: int) -> str:
    """Return a number of days as people say it: 90 days, 1 year."""
    years, rest = divmod(days, YEAR_DAYS)
    if years and not rest:
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def local_day(now: datetime, time_zone: str) -> date:
    """Return the date of `now` (aware) in an IANA zone."""
    return now.astimezone(get_zone(time_zone)).date()


def end_of_week(day: date) -> date:
    """Return the Sunday of the week of a day (ISO 8601: weeks begin on Monday)."""
    return day + timedelta(days=6 - day.weekday())


def later(day: date, days: int) -> date:
    """Return a date a number of days later, at most the last date of the calendar."""
    return day + timedelta(days=min(days, (date.max - day).days))


def end_of_month(day: date, months: int = 0) -> date:
    """Return the last day of the month of a day, or of the month a number of months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def urgency(due_on: date, today: date) -> Urgency:
    """Return whether a due date is overdue, soon (0 to 7 days) or later."""
    days = (due_on - today).days
    if days < 0:
        return Urgency.OVERDUE
    return Urgency.SOON if days <= SOON_DAYS else Urgency.LATER


def relative_day(day: date, today: date) -> str:
    """Return a due date in words: today, tomorrow, in N days (to 13), N weeks (to 8), N months or N years."""
    return _in_days((day - today).days, translation.get_language() or "")


@lru_cache(maxsize=4096)  # a page shows the same few distances many times
def _in_days(days: int, language: str) -> str:
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    if days <= 1:
        return _("tomorrow") if days else _("today")
    if days < 14:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    if days < 60:
        weeks = round(days / 7)
        return ngettext("in %(n)s week", "in %(n)s weeks", weeks) % {"n": weeks}
    months = round(days / 30.44)  # mean length of a month in the Gregorian calendar
    if months < 24:
        return ngettext("in %(n)s month", "in %(n)s months", months) % {"n": months}
    years = round(months / 12)
    return ngettext("in %(n)s year", "in %(n)s years", years) % {"n": years}


def days_ago(day: date, today: date) -> str:
    """Return a past day in words: today, yesterday, N days ago."""
    days = (today - day).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}


def next_monday(day: date) -> date:
    """Return the Monday after a day, at most the last date of the calendar."""
    return day + timedelta(days=min(7 - day.weekday(), (date.max - day).days))
