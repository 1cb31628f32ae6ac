"""The daily mail: what it says. Turns a letter into words and bytes; sends nothing.

Written to be fast, because rendering is what a reminder costs: words for a day are kept, templates are compiled once.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.dates import SOON_DAYS
from careerplan.core.mail import MACHINE_MADE, Words, absolute_url, one_line, render
from careerplan.core.wire import bare, compose
from careerplan.reminders.claims import Claimed
from careerplan.reminders.letters import Letter, Line
from careerplan.reminders.models import ReminderKind
from careerplan.reminders.stop_links import stop_path

# More than this nobody reads, and mail clients cut a message off above 100 kB.
MOST_ITEMS = 40
LARGEST_HTML = 95_000  # bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready to be handed to a mail server."""

    sender: str
    recipient: str
    subject: str
    content: bytes


def when_due(due_on: date, today: date) -> str:
    """How near a date is, as a mark: "Late by 8 days", "Today", "Tomorrow", "In 7 days"."""
    days = (due_on - today).days
    if days < 0:
        return ngettext("Late by %(n)s day", "Late by %(n)s days", -days) % {"n": -days}
    if days == 0:
        return _("Today")
    return _("Tomorrow") if days == 1 else _("In %(n)s days") % {"n": days}


@lru_cache(maxsize=4096)
def _when(due_on: date, today: date, _language: str) -> dict[str, str]:
    """The words of a due date: kept, because most of a day's mails are about the same few dates."""
    days = (due_on - today).days
    day = date_format(due_on, "D j M Y")
    return {
        "mark": when_due(due_on, today),
        "mark_kind": "late" if days < 0 else "soon" if days <= SOON_DAYS else "",
        "when": _("was due %(day)s") % {"day": day} if days < 0 else day,
    }


@lru_cache(maxsize=64)
def _fixed(_language: str, _base_url: str) -> dict[str, str]:
    """Words and addresses that are the same in every mail. `{id}` stands for the number of a goal."""
    return {
        "open_step": _("Open the step"),
        "open_goal": _("Open the goal"),
        "of_goal": _("Goal: %(title)s"),
        "goal_itself": _("This is the goal itself."),
        "goal_url": absolute_url(reverse("goals:detail", args=[0])).replace("/0/", "/{id}/"),
        "settings_url": absolute_url(reverse("reminders:settings")),
        "today_url": absolute_url(reverse("dashboard:today")),
    }


def _item(line: Line, today: date, fixed: dict[str, str]) -> dict[str, Any]:
    is_step = line.step_id is not None
    url = fixed["goal_url"].replace("{id}", str(line.goal_id))
    return {
        **_when(line.due_on, today, settings.LANGUAGE_CODE),
        "title": line.title,
        "what": fixed["of_goal"] % {"title": line.goal_title} if is_step else fixed["goal_itself"],
        "action": {
            "label": fixed["open_step"] if is_step else fixed["open_goal"],
            "url": f"{url}#step-{line.step_id}" if is_step else url,
        },
    }


def _subject(items: list[dict[str, Any]]) -> str:
    first, more = items[0], len(items) - 1
    subject = f"{first['mark']}: {first['title']}"
    if more:
        subject += ngettext(" (and %(n)s more)", " (and %(n)s more)", more) % {"n": more}
    return subject


def _heading(items: list[dict[str, Any]]) -> str:
    """How much is late and how much is coming: "1 date has passed, 2 dates are coming up"."""
    late = sum(item["mark_kind"] == "late" for item in items)
    coming = len(items) - late
    late_words = ngettext("%(n)s date has passed", "%(n)s dates have passed", late) % {"n": late}
    coming_words = ngettext("%(n)s date is coming up", "%(n)s dates are coming up", coming) % {"n": coming}
    return ", ".join(words for words, count in ((late_words, late), (coming_words, coming)) if count)


def _preheader(items: list[dict[str, Any]], heading: str) -> str:
    """What a list of mails shows after the subject: what comes next, else how much there is."""
    if len(items) == 1:
        return heading
    return _("Then: %(titles)s") % {"titles": "; ".join(item["title"] for item in items[1:3])}


@lru_cache(maxsize=256)
def _hour(hour: int, _language: str) -> str:
    return time_format(time(hour))


@lru_cache(maxsize=256)
def _day(day: date, _language: str) -> str:
    return date_format(day, "l j F")


def message_id(digest: Claimed) -> str:
    """The Message-ID of a digest: the same at every attempt, on our own domain."""
    return f"<{digest.key}@{settings.BASE_HOST}>"


def daily_mail(letter: Letter) -> Mail:
    """The mail of a letter with at least one line, as seen on the recipient's today.

    Message-ID and Date come from the digest, so that a repetition is the same mail. Raises UnsafeHeader.
    """
    kinds = sorted({line.kind for line in letter.lines})
    stop_url = absolute_url(stop_path(letter.digest.user_id, kinds))
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        words = _words(letter, kinds, stop_url, language)
    subject = one_line(words.subject)
    content = compose(
        sender=settings.DEFAULT_FROM_EMAIL,
        to=letter.address,
        subject=subject,
        text=words.text,
        html=words.html,
        headers=_headers(letter.digest, stop_url),
        key=letter.digest.claim.hex,
    )
    return Mail(_sender(settings.DEFAULT_FROM_EMAIL), bare(letter.address), subject, content)


@lru_cache(maxsize=8)
def _sender(shown: str) -> str:
    return bare(shown)


def _words(letter: Letter, kinds: list[str], stop_url: str, language: str) -> Words:
    fixed = _fixed(language, settings.BASE_URL)
    items = [_item(line, letter.today, fixed) for line in letter.lines]
    heading = _heading(items)
    context = {
        "subject": _subject(items),
        "heading": heading,
        "preheader_text": _preheader(items, heading),
        "day": _day(letter.today, language),
        "plan": letter.plan_title,
        "hour": _hour(letter.hour, language),
        "time_zone": letter.time_zone,
        "stop_url": stop_url,
        "stop_label": _stop_label(tuple(kinds), language),
        "settings_url": fixed["settings_url"],
    }
    shown = MOST_ITEMS
    while True:
        words = render("reminder", {**context, "items": items[:shown], **_rest(len(items) - shown, fixed)})
        if shown == 1 or len(words.html.encode()) <= LARGEST_HTML:
            return words
        shown = min(shown, len(items)) // 2 or 1


def _rest(more: int, fixed: dict[str, str]) -> dict[str, Any]:
    """What stands after the items where not all are shown."""
    if more <= 0:
        return {}
    label = ngettext("%(n)s more in your plan", "%(n)s more in your plan", more) % {"n": more}
    return {"more": {"label": label, "url": fixed["today_url"]}}


@lru_cache(maxsize=256)
def _stop_label(kinds: tuple[str, ...], _language: str) -> str:
    names = [str(ReminderKind(kind).label).lower() for kind in kinds]
    return _("Stop e-mails about %(kinds)s") % {"kinds": _(" and ").join(names)}


def _headers(digest: Claimed, stop_url: str) -> dict[str, str]:
    ways = [f"<{stop_url}>"]
    if settings.UNSUBSCRIBE_MAILTO:
        ways.append(f"<mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>")
    return {
        "Message-ID": message_id(digest),
        "Date": format_datetime(_whole_second(digest.made_at)),
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        **MACHINE_MADE,
    }


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
