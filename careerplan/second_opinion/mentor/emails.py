"""The email that asks a mentor for a second opinion, built right before it is sent."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.mail import absolute_url
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.email_words import shown_name
from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.second_opinion.mentor.queries import find_asked


def opinion_asked(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return the question; None where it was taken back, answered, or sharing has ended."""
    mentorship = Mentorship.objects.live(now).select_related("owner").filter(pk=email.mentorship_id).first()
    asked = find_asked(mentorship) if mentorship else None
    if mentorship is None or asked is None or asked.sent_at is not None or str(asked.id) != email.occasion:
        return None
    name = shown_name(mentorship.owner.name)
    heading = ngettext("%(name)s asks you to rate %(n)s skill", "%(name)s asks you to rate %(n)s skills", asked.count)
    context = {
        "heading": heading % {"name": name, "n": asked.count},
        "paragraphs": [
            ngettext("It takes about %(n)s minute.", "It takes about %(n)s minutes.", asked.minutes_left(1))
            % {"n": asked.minutes_left(1)},
            _("You rate without seeing their own rating. “I cannot judge this” is always an answer."),
        ],
        "action_label": _("Rate the skills"),
        "action_url": absolute_url(reverse("mentor-opinion:start", args=[mentorship.key])),
        "why": _("You get this email because you can see parts of this plan."),
        "stop_url": absolute_url(reverse("mentor:stop-emails", args=[mentorship.key])),
    }
    return EmailText("mentoring_opinion", context)
