"""The daily mail: what it says. Turns a letter into words and bytes; sends nothing.

Written to be fast, because rendering is what a reminder costs: words for a day are kept, and so are the shapes of
mails and items.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import lru_cache

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.mail import MACHINE_MADE, absolute_url, one_line
from careerplan.core.mail_templates import PLACEHOLDERS, BodyTemplate, compile_mail, fill_item, fill_mail
from careerplan.core.mime import bare_address, build_message
from careerplan.reminders.answers.links import Maker, link_maker
from careerplan.reminders.answers.offers import about_of, shape_with_links
from careerplan.reminders.claims import Claimed
from careerplan.reminders.letters import Letter
from careerplan.reminders.models import ReminderKind
from careerplan.reminders.queries import AT_LEISURE, OwedRow
from careerplan.reminders.stop_links import stop_token
from careerplan.reminders.words import words_of

# More than this nobody reads, and mail clients cut a message off above 100 kB.
MOST_ITEMS = 40
# What comes after so many has its first answer only; the page of that one leads to the others.
WITH_ALL_ANSWERS = 15
LARGEST_HTML = 95_000  # bytes


@dataclass(slots=True)
class Item:
    """One thing in the mail: what the rest of the mail says of it, and how it looks in both bodies."""

    mark: str
    mark_kind: str  # "late", "soon" or ""
    title: str
    look: BodyTemplate


@dataclass(frozen=True, slots=True)
class Mail:
    """A message ready to be handed to a mail server."""

    sender: str
    recipient: str
    subject: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Fixed:
    """Words and addresses that are the same in every mail."""

    then: str
    lead: str
    why: str
    stop_url: str  # up to the token


@lru_cache(maxsize=8)
def _fixed(_language: str, _base_url: str) -> _Fixed:
    return _Fixed(
        then=_("Then: %(titles)s"),
        lead=_("%(day)s, for your plan %(plan)s"),
        why=_(
            "Each link opens a page; none changes anything by itself. For 14 days your answers need no password: "
            "do not pass this e-mail on. "
            "You get at most one e-mail a day, at %(hour)s in %(time_zone)s."
        ),
        stop_url=absolute_url(reverse("reminders:stop", args=["token"])).removesuffix("token/"),
    )


@lru_cache(maxsize=32)
def _shape(*, is_asking: bool, has_more: bool, _language: str, _base_url: str) -> BodyTemplate:
    to_settings = absolute_url(reverse("reminders:settings"))
    slots: dict[str, object] = {
        **PLACEHOLDERS,
        "foot": [
            PLACEHOLDERS["why"],
            {"label": PLACEHOLDERS["stop"], "url": PLACEHOLDERS["stop_url"]},
            {"label": _("All reminder settings"), "url": to_settings},
        ],
        "more": {"label": PLACEHOLDERS["more"], "url": absolute_url(reverse("dashboard:today"))} if has_more else None,
    }
    if is_asking:
        question = _(
            "Your last three e-mails went unanswered, so from now on there is one a week at most. "
            "Is the hour wrong, are there too many, or is the plan itself not right any more?"
        )
        slots |= {"paragraphs": [question], "action": {"label": _("Change hour or amount"), "url": to_settings}}
    return compile_mail(slots)


def _items(letter: Letter, language: str) -> list[Item]:
    """Its lines as the layout shows them. The links are those of the mail's day: a repetition has the same."""
    digest = letter.digest
    make = link_maker(user_id=digest.user_id, address=letter.address, mailed_on=digest.local_date)
    return [_item(line, letter.today, make, language, place) for place, line in enumerate(letter.lines)]


def _item(line: OwedRow, today: date, make: Maker, language: str, place: int) -> Item:
    words, found = words_of(line, today, language), about_of(line)
    shape = shape_with_links(
        found[0] if found else None,
        words.action,
        is_short=place >= WITH_ALL_ANSWERS,
        is_first=place == 0,
        mark_kind=words.mark_kind,
        _language=language,
        _base_url=settings.BASE_URL,
    )
    look = fill_item(
        shape,
        number=place + 1,
        mark=words.mark,
        when=words.when,
        title=words.title,
        what=words.what,
        token=make(*found, line.due_on) if found else "",
        path=words.path,
    )
    return Item(words.mark, words.mark_kind, words.title, look)


def _subject(items: list[Item]) -> str:
    first, more = items[0], len(items) - 1
    subject = f"{first.mark}: {first.title}"
    if more:
        subject += ngettext(" (and %(n)s more)", " (and %(n)s more)", more) % {"n": more}
    return one_line(subject)


@lru_cache(maxsize=4096)
def _heading(late_steps: int, late: int, coming: int, waiting: int, _language: str) -> str:
    """How much there is of what, in words: "One step is late, two things are coming up". `late` counts all that is."""
    if late == late_steps:
        late_words = ngettext("%(n)s step is late", "%(n)s steps are late", late)
    else:
        late_words = ngettext("%(n)s thing is late", "%(n)s things are late", late)
    parts = (
        (late_words, late),
        (ngettext("%(n)s thing is coming up", "%(n)s things are coming up", coming), coming),
        (ngettext("%(n)s thing waits for you", "%(n)s things wait for you", waiting), waiting),
    )
    words = ", ".join(said % {"n": apnumber(count)} for said, count in parts if count)
    return words[:1].upper() + words[1:]


def _heading_of(lines: list[OwedRow], items: list[Item], language: str) -> str:
    waiting = sum(line.kind in AT_LEISURE for line in lines)
    late = [line for line, item in zip(lines, items, strict=True) if item.mark_kind == "late"]
    late_steps = sum(line.step_id is not None for line in late)
    return _heading(late_steps, len(late), len(items) - len(late) - waiting, waiting, language)


def _preheader(items: list[Item], heading: str, fixed: _Fixed) -> str:
    """What a list of mails shows after the subject: what comes next, else how much there is."""
    if len(items) == 1:
        return heading
    return fixed.then % {"titles": "; ".join(item.title for item in items[1:3])}


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

    Everything in it comes from the letter, and nothing from the clock: a repetition is the same mail, byte for byte.
    Raises UnsafeHeader.
    """
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        kinds = tuple(sorted({line.kind for line in letter.lines}))
        stop_url = f"{_fixed(language, settings.BASE_URL).stop_url}{stop_token(letter.digest.user_id, kinds)}/"
        items = _items(letter, language)
        subject = _subject(items)
        text, html = _bodies(letter, items, kinds, stop_url, language)
    content = build_message(
        sender=settings.DEFAULT_FROM_EMAIL,
        to=letter.address,
        subject=subject,
        text=text,
        html=html,
        headers=_headers(letter.digest, stop_url),
        key=letter.digest.key.hex,
    )
    return Mail(_sender(settings.DEFAULT_FROM_EMAIL), bare_address(letter.address), subject, content)


@lru_cache(maxsize=8)
def _sender(shown: str) -> str:
    return bare_address(shown)


def _bodies(letter: Letter, items: list[Item], kinds: tuple[str, ...], stop_url: str, language: str) -> tuple[str, str]:
    """Text and HTML, with as many items as fit."""
    heading, fixed = _heading_of(letter.lines, items, language), _fixed(language, settings.BASE_URL)
    looks, shown = [item.look for item in items], MOST_ITEMS
    while True:
        more = _more(len(items) - shown)
        text, html = fill_mail(
            _shape(is_asking=letter.is_asking, has_more=bool(more), _language=language, _base_url=settings.BASE_URL),
            looks[:shown],
            heading=heading,
            preheader=_preheader(items, heading, fixed),
            lead=_lead(letter, fixed, language),
            more=more,
            why=fixed.why % {"hour": _hour(letter.hour, language), "time_zone": letter.time_zone},
            stop=_stop_label(kinds, language),
            stop_url=stop_url,
        )
        if shown == 1 or len(html.encode()) <= LARGEST_HTML:
            return text, html
        shown = max(1, min(shown, len(items)) // 2)


def _lead(letter: Letter, fixed: _Fixed, language: str) -> str:
    day = _day(letter.today, language)
    return fixed.lead % {"day": day, "plan": letter.plan_title} if letter.plan_title else day


def _more(count: int) -> str:
    """What stands after the items where not all are shown."""
    return ngettext("%(n)s more in your plan", "%(n)s more in your plan", count) % {"n": count} if count > 0 else ""


@lru_cache(maxsize=256)
def _stop_label(kinds: tuple[str, ...], _language: str) -> str:
    names = [str(ReminderKind(kind).label).lower() for kind in kinds]
    said = _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]} if names[1:] else names[0]
    return _("Stop e-mails about %(kinds)s") % {"kinds": said}


def _headers(digest: Claimed, stop_url: str) -> dict[str, str]:
    ways = (f"<{stop_url}>", f"<mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>")
    return {
        "Message-ID": message_id(digest),
        "Date": _date(digest.made_at),
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        **MACHINE_MADE,
    }


@lru_cache(maxsize=256)  # a sweep makes many at one moment
def _date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
