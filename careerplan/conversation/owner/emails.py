"""The daily email to an owner about new comments and suggestions, built right before it is sent."""

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
        "heading": _line(rows[0], with_title=False) if is_one else _count(len(rows)),
        "paragraphs": [_line(row, with_title=True) for row in rows[:MOST_SHOWN]],
        "open_url": absolute_url(rows[0].url if is_one else reverse("conversation:waiting")),
        "stop_url": stop,
        "one_click_url": stop,
    }
    return EmailText("conversation_owner", context)


def _count(rows: int) -> str:
    text = ngettext("%(n)s comment or suggestion for you", "%(n)s comments and suggestions for you", rows)
    return text % {"n": rows}


def _line(row: Waiting, *, with_title: bool) -> str:
    """Return a line about one of them, without what was said."""
    words = {"name": row.who, "title": row.title}
    if row.kind == "suggestion":
        return (
            _("%(name)s suggests something for “%(title)s”.") if with_title else _("%(name)s has a suggestion")
        ) % words
    if row.review_id is not None:
        return (_("%(name)s commented on a review.") if with_title else _("%(name)s commented on a review")) % words
    return (_("%(name)s commented on “%(title)s”.") if with_title else _("%(name)s commented on your goal")) % words
