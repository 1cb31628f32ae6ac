"""The daily email: its subject, its two bodies and its bytes, from the content of a digest."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.dates import local_day, place_name
from careerplan.core.mail import (
    MACHINE_MADE,
    absolute_url,
    bare_address,
    build_message,
    layout,
    one_line,
)
from careerplan.core.sentences import isolate_turned
from careerplan.core.smtp import envelope_sender
from careerplan.planning.queries.catch_up import LATE_PILES_UP
from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.digest_content import DigestContent
from careerplan.reminders.email_actions.links import (
    MailLink,
    Maker,
    kinds_of_foot,
    link_maker,
    mail_links,
    stop_token,
    target_of,
)
from careerplan.reminders.forecast import HeldBack
from careerplan.reminders.kinds import URGENT_DAYS, ReminderKind
from careerplan.reminders.queries.delivery_windows import delivery_time
from careerplan.reminders.queries.digests import UNDATED_KINDS, DigestRow
from careerplan.reminders.texts import ReminderText, reminder_text

SUBJECT_LENGTH = 60  # characters that a list of mails shows
MAX_ITEMS = 40  # mail clients cut a message off above 100 kB, and no one reads more
MAX_HTML_BYTES = 95_000
# With more late things than this, someone was away: the most urgent ones and one link to catch up on all of them.
ITEMS_AFTER_ABSENCE = 3
HELD_SHOWN = 5
# Items after so many have a link to their first action only; its page links to the others.
ITEMS_WITH_ALL_ACTIONS = 15


@dataclass(frozen=True, slots=True)
class DigestMail:
    """A message ready for a mail server."""

    sender: str
    recipient: str
    subject: str
    content: bytes


class Quote(NamedTuple):
    """Own words of the person, with what they answer."""

    label: str
    words: str


class Item(NamedTuple):
    """A reminder in the layout, which takes it apart: to look up a name of an object takes Jinja as long as a value."""

    mark: str
    mark_kind: str
    when: str
    title: str
    detail: str
    quotes: list[Quote]
    button: MailLink
    alternatives: list[MailLink]


def build_digest_mail(content: DigestContent) -> DigestMail:
    """Build the email of a digest with at least one reminder, as of the recipient's today.

    Everything in it comes from the content and nothing from the clock: a repetition is the same email, byte for byte.
    Raises UnsafeHeader.
    """
    language = settings.LANGUAGE_CODE
    with translation.override(language):
        kinds = {line.kind for line in content.lines}
        fixed = _fixed(language, settings.BASE_URL)
        stop = partial(
            stop_token,
            user_id=content.digest.user_id,
            address=content.address,
            mailed_on=content.digest.local_date,
        )
        stop_url = f"{fixed.stop_url}{stop(kinds=kinds_of_foot(kinds))}/"
        stop_all_url = f"{fixed.stop_url}{stop()}/"
        texts = [reminder_text(line, content.today, language) for line in content.lines]
        subject = _subject(texts, language)
        text, html = _bodies(content, texts, stop_url)
    message = build_message(
        sender=settings.DEFAULT_FROM_EMAIL,
        to=content.address,
        subject=subject,
        text=text,
        html=html,
        headers=_headers(content, stop_all_url),
        key=content.digest.key.hex,
    )
    sender = envelope_sender(content.digest.key.hex)
    return DigestMail(sender, bare_address(content.address), subject, message)


def message_id(digest: ClaimedDigest) -> str:
    """Return the Message-ID of a digest: the same at every attempt, on our own domain."""
    return f"<{digest.key}@{settings.BASE_HOST}>"


def _subject(texts: list[ReminderText], language: str) -> str:
    """Return the most urgent reminder and the number of others; a long title is cut."""
    more, title = len(texts) - 1, one_line(texts[0].title)
    words = _subject_of(more, language)
    subject = words % {"mark": texts[0].mark, "title": isolate_turned(title), "n": more}
    if (excess := len(subject) - SUBJECT_LENGTH) > 0:
        title = f"{title[: -excess - 1].rstrip()}…"
        subject = words % {"mark": texts[0].mark, "title": isolate_turned(title), "n": more}
    return one_line(subject)


@lru_cache(maxsize=256)
def _subject_of(more: int, _language: str) -> str:
    if more:
        return ngettext("%(mark)s: %(title)s and %(n)s more", "%(mark)s: %(title)s and %(n)s more", more)
    return _("%(mark)s: %(title)s")


def _bodies(content: DigestContent, texts: list[ReminderText], stop_url: str) -> tuple[str, str]:
    """Return text and HTML, with as many items as fit."""
    slots, items = _slots(content, texts, stop_url), _items(content, texts)
    piles_up = sum(text.mark_kind == "late" for text in texts) > LATE_PILES_UP
    shown = ITEMS_AFTER_ABSENCE if piles_up else MAX_ITEMS
    while True:
        slots |= {"items": items[:shown], "more": _more(len(items) - shown, piles_up=piles_up)}
        # Letters beyond ASCII as references, so that the HTML goes out as it is. Quoted-printable takes longer.
        html = layout("html").render(slots)
        if not html.isascii():
            html = html.encode("ascii", "xmlcharrefreplace").decode()
        if shown == 1 or len(html) <= MAX_HTML_BYTES:
            return layout("txt").render(slots).strip() + "\n", html
        shown = max(1, min(shown, len(items)) // 2)


def _slots(content: DigestContent, texts: list[ReminderText], stop_url: str) -> dict[str, Any]:
    """Return the slots of the layout around the items."""
    fixed, heading = _fixed(settings.LANGUAGE_CODE, settings.BASE_URL), _heading(content.lines, texts)
    slots: dict[str, Any] = {
        "site_url": fixed.site_url,
        "heading": heading,
        "preheader": fixed.also % {"title": isolate_turned(texts[1].title)} if texts[1:] else heading,
        "lead": _lead(content, fixed),
        "foot": [
            _why(content.hour, content.time_zone, settings.LANGUAGE_CODE),
            {"label": fixed.stop, "url": stop_url},
            fixed.settings_link,
        ],
    }
    if content.held_back:
        slots["held"] = _held(content.held_back, content.today)
    if content.asks_for_feedback:
        action = {"label": _("Change your reminders"), "url": fixed.settings_link["url"]}
        slots |= {"paragraphs": [fixed.question], "action": action}
    return slots


@dataclass(frozen=True, slots=True)
class _FixedText:
    """Texts and addresses that are the same in every email: looking them up takes as long as filling the layout."""

    site_url: str
    stop_url: str  # up to the token
    settings_link: dict[str, str]
    stop: str
    also: str
    lead: str
    question: str


@lru_cache(maxsize=8)
def _fixed(_language: str, _base_url: str) -> _FixedText:
    return _FixedText(
        site_url=absolute_url("/"),
        stop_url=absolute_url(reverse("reminders:stop", args=["TOKEN"])).removesuffix("TOKEN/"),
        settings_link={"label": _("All reminder settings"), "url": absolute_url(reverse("reminders:settings"))},
        stop=_("Stop emails like this"),
        also=_("Also: %(title)s"),
        lead=_("%(plan)s on %(day)s"),
        question=_(
            "You have not answered our last 3 emails, so we now send one a week at most. "
            "Is the time of day wrong, do we send too many, or has your plan changed?"
        ),
    )


def _items(content: DigestContent, texts: list[ReminderText]) -> list[Item]:
    """Return the reminders with their links. These are of the mail's day, so a repeated mail has the same."""
    digest = content.digest
    make = link_maker(user_id=digest.user_id, address=content.address, mailed_on=digest.local_date)
    return [
        _item(line, text, make, today=content.today, is_short=place >= ITEMS_WITH_ALL_ACTIONS)
        for place, (line, text) in enumerate(zip(content.lines, texts, strict=True))
    ]


def _item(line: DigestRow, text: ReminderText, make: Maker, *, today: date, is_short: bool) -> Item:
    target = target_of(line)
    token = make(*target, line.due_on) if target else ""
    button, *alternatives = mail_links(target[0] if target else None, token, text, is_short=is_short)
    quotes = _quotes(line, today)
    return Item(text.mark, text.mark_kind, text.when, text.title, text.detail, quotes, button, alternatives)


def _held(held: HeldBack, today: date) -> dict[str, Any]:
    """Return what no email will say until the next one: a heading, a line each, and the number of the rest."""
    if held.until:
        heading = _("We will not email you about these before %(day)s") % {"day": date_format(held.until, "D j M")}
    else:
        heading = _("We will not email you about these in the coming week")
    texts = [reminder_text(line, today) for line in held.reminders[:HELD_SHOWN]]
    return {
        "heading": heading,
        "lines": [(isolate_turned(one_line(text.title)), text.when) for text in texts],
        "more": _more(len(held.reminders) - len(texts), piles_up=False),
    }


def _quotes(line: DigestRow, today: date) -> list[Quote]:
    """Return the if-then plan of what is due today or tomorrow, in the person's own words; empty without one."""
    is_near = line.kind in (ReminderKind.STEP_DUE, ReminderKind.GOAL_DUE) and (line.due_on - today).days <= URGENT_DAYS
    if not is_near or not line.obstacle:
        return []
    labels = _quote_labels(settings.LANGUAGE_CODE)
    said = zip(labels, (line.obstacle, line.obstacle_plan), strict=True)
    return [Quote(label, isolate_turned(one_line(words))) for label, words in said if words]


@lru_cache(maxsize=8)
def _quote_labels(_language: str) -> tuple[str, str]:
    return _("If this happens"), _("You will do this")


def _heading(lines: list[DigestRow], texts: list[ReminderText]) -> str:
    """Count what is most urgent: late, coming up, or to be answered (a review that is due, what has no date)."""
    late = [line for line, text in zip(lines, texts, strict=True) if text.mark_kind == "late"]
    late_steps = sum(line.step_id is not None for line in late)
    undated = sum(line.kind in UNDATED_KINDS or line.kind == ReminderKind.REVIEW_DUE for line in lines)
    return _counted(len(late), late_steps, len(lines) - len(late) - undated, undated, settings.LANGUAGE_CODE)


@lru_cache(maxsize=1024)
def _counted(late: int, late_steps: int, coming: int, undated: int, _language: str) -> str:
    if late and late == late_steps:
        return ngettext("%(n)s step is late", "%(n)s steps are late", late) % {"n": late}
    if late:
        return ngettext("%(n)s date is late", "%(n)s dates are late", late) % {"n": late}
    if coming:
        return ngettext("%(n)s date is coming up", "%(n)s dates are coming up", coming) % {"n": coming}
    return ngettext("%(n)s thing needs your answer", "%(n)s things need your answer", undated) % {"n": undated}


def _lead(content: DigestContent, fixed: _FixedText) -> str:
    day = _day(content.today, settings.LANGUAGE_CODE)
    return fixed.lead % {"plan": isolate_turned(content.plan_title), "day": day} if content.plan_title else day


@lru_cache(maxsize=256)
def _day(day: date, _language: str) -> str:
    return date_format(day, "D j M Y")


@lru_cache(maxsize=1024)
def _why(hour: int, time_zone: str, _language: str) -> str:
    words = _(
        "Each link opens a page. Nothing changes until you confirm it there. "
        "The links work without a password for 14 days, so do not forward this email. "
        "You get at most one email a day, at %(time)s, %(place)s time."
    )
    return words % {"time": time_format(time(hour)), "place": place_name(time_zone)}


def _more(count: int, *, piles_up: bool) -> dict[str, str] | None:
    """Return the link after the items where not all are shown: to catch up, or to Today."""
    if count <= 0:
        return None
    if piles_up:
        label = ngettext("Catch up on this and %(n)s more", "Catch up on these and %(n)s more", count) % {"n": count}
        return {"label": label, "url": absolute_url(reverse("plans:catch-up"))}
    label = ngettext("%(n)s more in your plan", "%(n)s more in your plan", count) % {"n": count}
    return {"label": label, "url": absolute_url(reverse("dashboard:today"))}


def _headers(content: DigestContent, stop_all_url: str) -> dict[str, str]:
    ways = (f"<{stop_all_url}>", f"<mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>")
    return {
        "Message-ID": message_id(content.digest),
        "Date": _date(_dated_at(content)),
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        **MACHINE_MADE,
    }


def _dated_at(content: DigestContent) -> datetime:
    """Return the moment for the header Date: on the day of the email, and the same at every attempt of that day."""
    digest = content.digest
    if local_day(digest.made_at, content.time_zone) >= digest.local_date:
        return digest.made_at
    return delivery_time(digest.local_date, content.hour, content.time_zone)  # it could not go out on its day


@lru_cache(maxsize=256)  # one run makes many digests at the same time
def _date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC))
