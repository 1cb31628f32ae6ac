"""Ask for a second opinion, and take the question back. Writes of the owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from careerplan.mentoring.models import MentoringEmail, Mentorship
from careerplan.mentoring.services.outbox import owe_email
from careerplan.second_opinion.models import MOST_SKILLS, OpinionSkill, SecondOpinion

KIND = "opinion_asked"
HOLD = timedelta(seconds=30)
"""How long the email waits: a question that is cancelled at once sends nothing, as with an invitation."""
DAY, MOST_A_DAY = timedelta(days=1), 3
"""Questions to one mentor within a day. Each is an email, so those that were cancelled count."""


class OpinionWaits(Exception):
    """The mentor has not answered the last question yet."""


class AskedTooOften(Exception):
    """The owner asked this mentor MOST_A_DAY times within a day."""


class NotWithThem(Exception):
    """The mentorship is not active, so nobody can answer."""


class AlreadySent(Exception):
    """The mentor has sent the answers: the question cannot be taken back."""


def lock_of_owner(mentorship: Mentorship) -> Mentorship:
    """Lock a mentorship for a write of its owner. A mentor's write locks the same row first (mentoring lock_live)."""
    return Mentorship.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mentorship.pk)


@transaction.atomic
def ask_opinion(*, mentorship: Mentorship, skill_ids: Sequence[int], now: datetime) -> SecondOpinion:
    """Ask a mentor to rate one to eight skills, in this order, and owe the email about it, which leaves after
    HOLD.

    Raises OpinionWaits, AskedTooOften, NotWithThem, ValueError.
    """
    wanted = list(dict.fromkeys(skill_ids))
    if not 1 <= len(wanted) <= MOST_SKILLS:
        raise ValueError(f"1 to {MOST_SKILLS} skills, not {len(wanted)}")
    locked = lock_of_owner(mentorship)
    if not Mentorship.objects.live(now).filter(pk=locked.pk).exists():
        raise NotWithThem
    if locked.second_opinions.unsent().exists():
        raise OpinionWaits
    asked = MentoringEmail.objects.filter(mentorship=locked, kind=KIND, made_at__gt=now - DAY)
    if asked.count() >= MOST_A_DAY:
        raise AskedTooOften
    opinion = SecondOpinion.objects.create(mentorship=locked, asked_at=now)
    OpinionSkill.objects.bulk_create(
        OpinionSkill(opinion=opinion, skill_id=pk, position=place) for place, pk in enumerate(wanted, 1)
    )
    owe_email(
        mentorship=locked,
        recipient=MentoringEmail.Recipient.MENTOR,
        kind=KIND,
        occasion=str(opinion.pk),
        now=now,
        not_before=now + HOLD,
    )
    return opinion


@transaction.atomic
def withdraw_opinion(*, opinion: SecondOpinion) -> None:
    """Take a question back that was not answered; what the mentor has begun is deleted. Raises AlreadySent."""
    lock_of_owner(opinion.mentorship)
    current = SecondOpinion.objects.select_for_update().filter(pk=opinion.pk).first()
    if current is None:
        return
    if current.is_sent:
        raise AlreadySent
    current.delete()
