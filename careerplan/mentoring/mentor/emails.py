"""What emails to mentors say, built right before they are sent (settings.MENTORING_EMAILS)."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.mail import absolute_url
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.email_words import quoted_line, shown_name
from careerplan.mentoring.mentor.queries import shared_goals
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.invitations import REMIND_AFTER


def invitation_email(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return the invitation, or its only reminder ("2"); None where it can no longer be accepted."""
    found = Mentorship.objects.answerable(now).select_related("owner").filter(pk=email.mentorship_id).first()
    if found is None or found.bounced_at is not None:
        return None
    name = shown_name(found.owner.name)
    context = {
        "owner": name,
        "role": found.role,
        "until": found.until,
        "line": quoted_line(found.line),
        "shared": shared_words(found),
        "answer_by": timezone.localtime(found.answer_by, found.owner.zone),
        "address": found.email,
        "is_reminder": email.occasion != "1",
        "remind_on": timezone.localtime((found.invited_at or now) + REMIND_AFTER, found.owner.zone),
        **_urls(found),
    }
    return EmailText("mentoring_invitation", context)


def ended_email(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return the email to a mentor that sharing has ended."""
    mentorship = email.mentorship
    if mentorship.state != Mentorship.State.ENDED:
        return None
    ended_at = mentorship.ended_at or now
    context = {
        "owner": shown_name(mentorship.owner.name),
        "ended": timezone.localtime(ended_at, mentorship.owner.zone),
        "forgotten": timezone.localtime(ended_at + Mentorship.FORGET_AFTER, mentorship.owner.zone),
        "address": mentorship.email,
        **_urls(mentorship),
    }
    return EmailText("mentoring_ended", context)


def shared_words(mentorship: Mentorship) -> list[str]:
    """List what a mentor sees, in words: "3 goals with steps and progress". One query."""
    goals = shared_goals(mentorship).count()
    words = ngettext("%(n)s goal with steps and progress", "%(n)s goals with steps and progress", goals)
    parts = [
        (goals > 0, words % {"n": goals}),
        (mentorship.shows_vision, _("vision")),
        (mentorship.shows_strengths, _("strengths")),
        (mentorship.shows_reviews, _("summaries of reviews")),
    ]
    return [text for is_shown, text in parts if is_shown]


def _urls(mentorship: Mentorship) -> dict[str, Any]:
    names = {"open_url": "invitation", "decline_url": "decline", "stop_url": "stop-address"}
    return {key: absolute_url(reverse(f"mentor:{name}", args=[mentorship.key])) for key, name in names.items()}
