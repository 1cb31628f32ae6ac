"""The daily mail: what it says. Turns rows into words; sends nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.mail import absolute_url, build_message
from careerplan.reminders.models import Digest, Reminder, ReminderKind
from careerplan.reminders.queries import Recipient
from careerplan.reminders.stop_links import stop_path
from careerplan.reminders.words import words_of


@dataclass(frozen=True)
class Item:
    """One thing in the mail, as the layout shows it."""

    mark: str
    mark_kind: str  # "late", "soon" or ""
    when: str
    title: str
    what: str
    action: dict[str, str]
    alternatives: tuple[dict[str, str], ...] = ()


def _item(reminder: Reminder, today: date) -> Item:
    words = words_of(reminder, today)
    return Item(
        mark=words.mark,
        mark_kind=words.mark_kind,
        when=words.when,
        title=words.title,
        what=words.what,
        action={"label": words.action, "url": absolute_url(words.path)},
    )


def _subject(items: list[Item]) -> str:
    first, more = items[0], len(items) - 1
    subject = f"{first.mark}: {first.title}"
    if more:
        subject += ngettext(" (and %(n)s more)", " (and %(n)s more)", more) % {"n": more}
    return subject


def _headline(items: list[Item]) -> str:
    late = sum(item.mark_kind == "late" for item in items)
    coming = len(items) - late
    late_words = ngettext("%(n)s date has passed", "%(n)s dates have passed", late) % {"n": late}
    coming_words = ngettext("%(n)s date is coming up", "%(n)s dates are coming up", coming) % {"n": coming}
    return ", ".join(words for words, count in ((late_words, late), (coming_words, coming)) if count)


def message_id(digest: Digest) -> str:
    """The Message-ID of a digest: the same at every attempt, on our own domain."""
    return f"<{digest.key}@{settings.BASE_HOST}>"


def daily_mail(digest: Digest, reminders: list[Reminder], recipient: Recipient) -> EmailMultiAlternatives:
    """The mail of a digest about `reminders` (most urgent first, at least one), as seen on the recipient's today.

    Message-ID and Date come from the digest, so that a repetition is the same mail.
    """
    kinds = sorted({reminder.kind for reminder in reminders})
    stop_url = absolute_url(stop_path(digest.user, kinds))
    with translation.override(settings.LANGUAGE_CODE):
        items = [_item(reminder, recipient.today) for reminder in reminders]
        context = {
            "subject": _subject(items),
            "heading": _headline(items),
            "day": recipient.today,
            "items": items,
            "hour": time_format(time(recipient.hour)),
            "time_zone": recipient.time_zone,
            "stop_url": stop_url,
            "stop_label": _stop_label(kinds),
            "settings_url": absolute_url(reverse("reminders:settings")),
        }
        return build_message("reminder", to=recipient.address, context=context, headers=_headers(digest, stop_url))


def _stop_label(kinds: list[str]) -> str:
    names = [str(ReminderKind(kind).label).lower() for kind in kinds]
    return _("Stop e-mails about %(kinds)s") % {"kinds": _(" and ").join(names)}


def _headers(digest: Digest, stop_url: str) -> dict[str, str]:
    ways = [f"<{stop_url}>"]
    if settings.UNSUBSCRIBE_MAILTO:
        ways.append(f"<mailto:{settings.UNSUBSCRIBE_MAILTO}?subject=unsubscribe>")
    return {
        "Message-ID": message_id(digest),
        "Date": format_datetime(_whole_second(digest.made_at)),
        "List-Unsubscribe": ", ".join(ways),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
