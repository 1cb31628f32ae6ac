"""The emails that tell a mentor the date of a meeting, and that it was cancelled, built right before they are sent."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from careerplan.core.dates import place_name
from careerplan.core.mail import absolute_url
from careerplan.meetings.mentor.sheet import find_meeting
from careerplan.meetings.services.dates import was_told
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.email_words import shown_name
from careerplan.mentoring.models import MentoringEmail, Mentorship


def meeting_set(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return the date; None where it was moved again, cancelled or is over."""
    mentorship = Mentorship.objects.live(now).select_related("owner").filter(pk=email.mentorship_id).first()
    meeting = find_meeting(mentorship) if mentorship else None
    if mentorship is None or meeting is None or meeting.held_at is not None or meeting.starts_at <= now:
        return None
    if email.occasion != f"{meeting.pk} {meeting.revision}":
        return None
    heading = _("15 minutes with %(name)s on %(day)s, %(time)s")
    lines = [_("One page has what moved, what is behind, and 3 questions. It has the date for your calendar, too.")]
    if meeting.revision and was_told(mentorship, meeting.pk, before=meeting.revision):
        heading = _("%(name)s moved your 15 minutes to %(day)s, %(time)s")
        lines = [
            _("The page of the meeting has the new date for your calendar. Loaded into it, it replaces the old date.")
        ]
    context = {
        "heading": heading % _when(mentorship, meeting.starts_at),
        "paragraphs": [_starts(mentorship, meeting.starts_at), *lines],
        "action_label": _("Open the meeting sheet"),
        "action_url": absolute_url(reverse("mentor-meeting:sheet", args=[mentorship.key])),
        **_foot(mentorship),
    }
    return EmailText("mentoring_opinion", context)


def meeting_cancelled(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return that a meeting was cancelled; None where the mentor never heard of it, or meets at that time after all.

    The time is named only where the mentor was told this one, and not one from which the owner had moved it.
    """
    mentorship = Mentorship.objects.live(now).select_related("owner").filter(pk=email.mentorship_id).first()
    pk, *revision, at = email.occasion.split(" ")  # without a revision: owed by an earlier version
    starts_at = datetime.fromisoformat(at)
    if mentorship is None or starts_at <= now or not was_told(mentorship, int(pk)):
        return None
    if mentorship.meetings.coming().filter(starts_at=starts_at).exists():
        return None
    heading = _("%(name)s cancelled your next 15 minutes")
    lines: list[str] = []
    if revision and was_told(mentorship, int(pk), of=int(revision[0])):
        heading = _("%(name)s cancelled your 15 minutes on %(day)s, %(time)s")
        lines = [_would_start(mentorship, starts_at)]
    context = {
        "heading": heading % _when(mentorship, starts_at),
        "paragraphs": [*lines, _("If you put the date into your calendar yourself, delete it there.")],
        "action_label": _("Open the plan"),
        "action_url": absolute_url(reverse("mentor:plan", args=[mentorship.key])),
        **_foot(mentorship),
    }
    return EmailText("mentoring_opinion", context)


def _when(mentorship: Mentorship, starts_at: datetime) -> dict[str, str]:
    at = timezone.localtime(starts_at, mentorship.owner.zone)
    day, time = date_format(at, "D j M"), date_format(at, "G:i")
    return {"name": shown_name(mentorship.owner.name), "day": day, "time": time}


def _starts(mentorship: Mentorship, starts_at: datetime) -> str:
    return _("It starts at %(time)s, %(place)s time.") % _time_and_place(mentorship, starts_at)


def _would_start(mentorship: Mentorship, starts_at: datetime) -> str:
    return _("It was to start at %(time)s, %(place)s time.") % _time_and_place(mentorship, starts_at)


def _time_and_place(mentorship: Mentorship, starts_at: datetime) -> dict[str, str]:
    """Return the time by the owner's clock, and the place of that clock: the mentor may live elsewhere."""
    zone = mentorship.owner.zone
    return {"time": date_format(timezone.localtime(starts_at, zone), "G:i"), "place": place_name(str(zone))}


def _foot(mentorship: Mentorship) -> dict[str, Any]:
    return {
        "why": _("You get this email because you can see parts of this plan."),
        "stop_url": absolute_url(reverse("mentor:stop-emails", args=[mentorship.key])),
    }
