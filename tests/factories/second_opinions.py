"""Second opinions as tests need them, made by the services."""

import os
from datetime import datetime, timedelta

from accounts.models import User
from careerplan.catalogue.models import Skill
from careerplan.mentoring.models import Mentorship
from careerplan.second_opinion.models import SecondOpinion
from careerplan.second_opinion.services.answering import save_rating, send_opinion
from careerplan.second_opinion.services.asking import ask_opinion
from careerplan.second_opinion.services.deciding import open_opinion
from tests.factories.goals import NOW


def make_live_mentorship(owner: User, *, now: datetime = NOW, **values: object) -> Mentorship:
    """An active mentorship with somebody who has no account."""
    values = {
        "name": "Kwame Osei",
        "email": f"kwame-{os.getpid()}-{owner.pk}@example.org",
        "role": Mentorship.Role.MENTOR,
        "state": Mentorship.State.ACTIVE,
        "place": 1,
        "created_at": now,
        "invited_at": now,
        "answer_by": now + Mentorship.ANSWER_WITHIN,
        "accepted_at": now,
        "ends_at": now + timedelta(days=90),
        **values,
    }
    return Mentorship.objects.create(owner=owner, **values)


def make_opinion(mentorship: Mentorship, skills: list[Skill], *, now: datetime = NOW) -> SecondOpinion:
    """A question about skills that nobody has answered."""
    return ask_opinion(mentorship=mentorship, skill_ids=[one.pk for one in skills], now=now)


def answer_opinion(
    opinion: SecondOpinion, levels: list[int | None], evidence: str = "", *, now: datetime = NOW
) -> None:
    """The mentor's levels, in the order of the skills."""
    for asked, level in zip(opinion.skills.order_by("position"), levels, strict=True):
        save_rating(mentorship=opinion.mentorship, asked_id=asked.pk, level=level, evidence=evidence, now=now)


def make_opened_opinion(
    mentorship: Mentorship, skills: list[Skill], levels: list[int | None], evidence: str = "", *, now: datetime = NOW
) -> SecondOpinion:
    """An opinion that was asked, answered, sent and opened."""
    opinion = make_opinion(mentorship, skills, now=now)
    answer_opinion(opinion, levels, evidence, now=now)
    send_opinion(mentorship=mentorship, opinion_id=opinion.pk, now=now)
    return open_opinion(opinion=opinion, now=now)
