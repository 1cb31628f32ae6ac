"""The email that tells an owner that a second opinion is there, built right before it is sent."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.core.mail import absolute_url
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.models import MentoringEmail
from careerplan.second_opinion.models import SecondOpinion


def opinion_sent(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return that the answers are there, and none of them; None once they are opened."""
    found = SecondOpinion.objects.sent().filter(mentorship=email.mentorship_id, opened_at=None, pk=email.occasion)
    opinion = found.first()
    if opinion is None:
        return None
    count, mentorship = opinion.skills.count(), email.mentorship
    heading = ngettext("%(name)s has answered about %(n)s skill", "%(name)s has answered about %(n)s skills", count)
    context = {
        "heading": heading % {"name": mentorship.display_name, "n": count},
        "paragraphs": [_("See where you differ, and decide what to make of each difference. Only you see them.")],
        "action_label": _("See where you differ"),
        "action_url": absolute_url(reverse("opinion:differ", args=[opinion.pk])),
        "why": _("You get this email because you asked for a second opinion."),
        "stop_url": "",
    }
    return EmailText("mentoring_opinion", context)
