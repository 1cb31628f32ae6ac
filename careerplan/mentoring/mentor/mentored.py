"""The people that an account mentors."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from accounts.models import User
from careerplan.mentoring.mentor.queries import MentorFrame, mentor_frame
from careerplan.mentoring.models import Mentorship, MentorVisit


@dataclass(frozen=True, slots=True)
class MentoredPerson:
    """An owner who shares a plan with the account, and when the mentor looked last."""

    frame: MentorFrame
    role: str
    looked_on: date | None


def list_mentored(user: User, now: datetime) -> list[MentoredPerson]:
    """Return the owners who share a plan with this account now, by name. Two queries."""
    rows = Mentorship.objects.live(now).filter(mentor=user).select_related("owner").order_by("owner__name", "id")
    visits = MentorVisit.objects.filter(mentorship__in=rows).values_list("mentorship").annotate(Max("last_at"))
    looked = {pk: at.astimezone(user.zone).date() for pk, at in visits.order_by()}
    return [MentoredPerson(mentor_frame(row), row.role, looked.get(row.pk)) for row in rows]
