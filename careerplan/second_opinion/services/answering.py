"""Rate skills and send the opinion. Writes of the mentor: each locks a live mentorship first."""

from datetime import datetime

from django.db import transaction

from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.locks import lock_live
from careerplan.mentoring.services.outbox import owe_email
from careerplan.second_opinion.models import OpinionRating, OpinionSkill, SecondOpinion


class OpinionIsOpened(Exception):
    """The owner has opened the answers, or taken the question back: nothing changes any more."""


class SkillsAreOpen(Exception):
    """A skill has no answer yet, so nothing is sent."""


@transaction.atomic
def save_rating(*, mentorship: Mentorship, asked_id: int, level: int | None, evidence: str, now: datetime) -> None:
    """Save the answer about one skill; level None is "I cannot judge this".

    Raises MentorshipIsOver, OpinionIsOpened.
    """
    live = lock_live(mentorship, now=now)
    asked = OpinionSkill.objects.filter(pk=asked_id, opinion__mentorship=live, opinion__opened_at=None).first()
    if asked is None:
        raise OpinionIsOpened
    OpinionRating.objects.update_or_create(
        asked=asked, defaults={"level": level, "evidence": evidence, "rated_at": now}
    )


@transaction.atomic
def send_opinion(*, mentorship: Mentorship, opinion_id: int, now: datetime) -> SecondOpinion:
    """Send the answers to the owner, once each skill has one, and owe the email about it. Idempotent.

    Raises MentorshipIsOver, OpinionIsOpened, SkillsAreOpen.
    """
    live = lock_live(mentorship, now=now)
    opinion = SecondOpinion.objects.select_for_update().filter(pk=opinion_id, mentorship=live).first()
    if opinion is None:
        raise OpinionIsOpened
    if opinion.is_sent:
        return opinion
    if opinion.skills.filter(rating=None).exists():
        raise SkillsAreOpen
    opinion.sent_at = now
    opinion.save(update_fields=["sent_at"])
    owe_email(
        mentorship=live,
        recipient=MentoringEmail.Recipient.OWNER,
        kind="opinion_sent",
        occasion=str(opinion.pk),
        now=now,
    )
    return opinion
