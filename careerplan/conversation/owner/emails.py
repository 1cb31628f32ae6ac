"""The daily email to an owner about new comments and suggestions, built right before it is sent."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.conversation.models import Side, StoppedDigest
from careerplan.conversation.owner.queries import Waiting, list_waiting
from careerplan.conversation.owner.stop_links import stop_url
from careerplan.conversation.services.digests import MARGIN, is_newest, owe_tomorrow, sent_today
from careerplan.core.mail import absolute_url
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.models import MentoringEmail

MOST_SHOWN = 5


def digest_email(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return what is new from all people who see the plan; None where it was read, answered or stopped meanwhile.

    One a day for all of them: where another one has left today, what came after it is owed for tomorrow.
    """
    owner = email.mentorship.owner
    if StoppedDigest.objects.for_user(owner).exists() or not is_newest(email, now=now):
        return None
    rows, last = list_waiting(owner, now=now), sent_today(email, now=now)
    if last is not None and any(row.at > last - MARGIN for row in rows):
        owe_tomorrow(mentorship=email.mentorship, recipient=Side.OWNER, now=now)
    if last is not None or not rows:
        return None
    is_one = len(rows) == 1
    stop = stop_url(owner)
    context = {
        "heading": _heading(rows[0]) if is_one else _count(len(rows)),
        "paragraphs": _lines(rows)[:MOST_SHOWN],
        "open_url": absolute_url(rows[0].url if is_one else reverse("conversation:waiting")),
        "stop_url": stop,
        "one_click_url": stop,
    }
    return EmailText("conversation_owner", context)


def _count(rows: int) -> str:
    text = ngettext("%(n)s comment or suggestion for you", "%(n)s comments and suggestions for you", rows)
    return text % {"n": rows}


def _heading(row: Waiting) -> str:
    """Return what the only one is, without its title."""
    words = {"name": row.who}
    if row.kind == "suggestion":
        return _("%(name)s has a suggestion") % words
    if row.review_id is not None:
        return _("%(name)s commented on a review") % words
    return _("%(name)s commented on your goal") % words


def _lines(rows: Iterable[Waiting]) -> list[str]:
    """Return a line for each person and goal, or their reviews, with how many there are, without what was said."""
    grouped: dict[tuple[str, str, int | None], list[Waiting]] = defaultdict(list)
    for row in rows:
        grouped[row.kind, row.who, row.goal_id].append(row)
    return [_line(some[0], len(some)) for some in grouped.values()]


def _line(row: Waiting, count: int) -> str:
    if row.kind == "suggestion":
        text = ngettext(
            "%(name)s suggests something for “%(title)s”.", "%(name)s made %(n)s suggestions for “%(title)s”.", count
        )
    elif row.review_id is not None:
        text = ngettext("%(name)s commented on a review.", "%(name)s wrote %(n)s comments on your reviews.", count)
    else:
        text = ngettext("%(name)s commented on “%(title)s”.", "%(name)s wrote %(n)s comments on “%(title)s”.", count)
    return text % {"name": row.who, "title": row.title, "n": count}
