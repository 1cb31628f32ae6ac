"""The daily email to a mentor about what the owner wrote and answered, built right before it is sent."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careerplan.conversation.mentor.queries import ANSWERS, list_new, visible_comments, visible_suggestions
from careerplan.conversation.models import Side
from careerplan.conversation.services.digests import MARGIN, is_newest, owe_tomorrow, sent_today
from careerplan.core.mail import absolute_url
from careerplan.mentoring.email_text import EmailText
from careerplan.mentoring.email_words import shown_name
from careerplan.mentoring.models import MentoringEmail, Mentorship


def digest_email(email: MentoringEmail, now: datetime) -> EmailText | None:
    """Return how much is new about what the mentor still sees; None where that is nothing, or sharing has ended.

    What was said is not in it: it is on the page, behind the code. One a day, as for the owner.
    """
    mentorship = Mentorship.objects.live(now).select_related("owner").filter(pk=email.mentorship_id).first()
    if mentorship is None or not is_newest(email, now=now):
        return None
    comments = list(visible_comments(mentorship).unread_by(Side.MENTOR).values_list("written_at", flat=True))
    answered = visible_suggestions(mentorship).filter(answer__in=ANSWERS, answer_read_at=None)
    answers = list(answered.values_list("answered_at", flat=True))
    last = sent_today(email, now=now)
    if last is not None and any(at and at > last - MARGIN for at in [*comments, *answers]):
        owe_tomorrow(mentorship=mentorship, recipient=Side.MENTOR, now=now)
    if last is not None or not (comments or answers):
        return None
    name = {"name": shown_name(mentorship.owner.first_name or mentorship.owner.name)}
    lines = []
    if comments:
        text = ngettext("%(name)s wrote %(n)s comment.", "%(name)s wrote %(n)s comments.", len(comments))
        lines.append(text % {**name, "n": len(comments)})
    if answers:
        text = ngettext(
            "%(name)s answered %(n)s suggestion of yours.",
            "%(name)s answered %(n)s suggestions of yours.",
            len(answers),
        )
        lines.append(text % {**name, "n": len(answers)})
    new = list_new(mentorship)
    context = {
        "heading": _("%(name)s wrote to you") % name if comments else _("%(name)s answered you") % name,
        "paragraphs": lines,
        "owner": name["name"],
        "until": mentorship.until,
        "open_url": absolute_url(new[0].url if len(new) == 1 else reverse("mentor:plan", args=[mentorship.key])),
        "stop_url": absolute_url(reverse("mentor:stop-emails", args=[mentorship.key])),
    }
    return EmailText("conversation_mentor", context)
