"""What emails to owners say about the people whom they invited, built right before they are sent."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.models import MentoringEmail, Mentorship

Said = tuple[str, list[str]]
State = Mentorship.State


def news_email(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return what happened to a mentorship, by its occasion; None where it is no longer true."""
    said = NEWS[email.occasion.split(" ", maxsplit=1)[0]](email.mentorship, now)
    if said is None:
        return None
    heading, paragraphs = said
    url = absolute_url(reverse("people:list"))
    return EmailText("mentoring_news", {"heading": heading, "paragraphs": paragraphs, "people_url": url})


def _accepted(row: Mentorship, now: datetime) -> Said | None:
    if not Mentorship.objects.live(now).filter(pk=row.pk).exists():
        return None
    seen = _("%(name)s now sees what you chose, until %(day)s. You can change or stop it at any time.")
    said = seen % {"name": row.first_name, "day": _day(row.until)}
    return _("%(name)s accepted your invitation") % {"name": row.name}, [said]


def _declined(row: Mentorship, now: datetime) -> Said:
    asked = _("You asked on %(day)s. We deleted the name and address.") % {"day": _local(row, row.invited_at or now)}
    return _("Someone declined your invitation"), [asked]


def _left(row: Mentorship, now: datetime) -> Said:
    return _("%(name)s no longer sees your plan") % {"name": row.display_name}, [
        _("%(name)s left on %(day)s. You keep every comment.")
        % {"name": row.first_name, "day": _local(row, row.ended_at or now)}
    ]


def _unanswered(row: Mentorship, now: datetime) -> Said:
    words = _("The link worked until %(day)s. You can invite them again.")
    said = words % {"day": _local(row, row.answer_by or now)}
    return _("%(name)s did not answer your invitation") % {"name": row.display_name}, [said]


def _bounced(row: Mentorship, now: datetime) -> Said | None:
    if row.bounced_at is None or not row.is_open:
        return None
    words = _("There is no mailbox at %(address)s. Cancel the invitation, then invite the right address.")
    if row.state == Mentorship.State.ACTIVE:
        words = _("There is no mailbox at %(address)s any more. Stop sharing, then invite the right address.")
    return _("The email to %(name)s came back") % {"name": row.name}, [words % {"address": row.email}]


def _ending(row: Mentorship, now: datetime) -> Said | None:
    soon = Mentorship.objects.live(now).filter(pk=row.pk, ends_at__lte=now + Mentorship.ASK_BEFORE_END)
    if not soon.exists():
        return None
    words = _("Sharing ends on %(day)s. Extend it by 3 months with one click, or do nothing.")
    return _("%(name)s sees your plan until %(day)s") % {"name": row.name, "day": _day(row.until)}, [
        words % {"day": _day(row.until)}
    ]


def _local(row: Mentorship, at: datetime) -> str:
    return _day(timezone.localtime(at, row.owner.zone))


def _day(day: object) -> str:
    return str(date_format(day, "j M Y"))  # type: ignore[arg-type]  # a date or a datetime


NEWS: dict[str, Callable[[Mentorship, datetime], Said | None]] = {
    "accepted": _accepted,
    "declined": _declined,
    "left": _left,
    "unanswered": _unanswered,
    "bounced": _bounced,
    "ending": _ending,
}
