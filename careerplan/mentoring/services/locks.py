"""Locks on mentorships. A write of a mentor asks once more, with the row locked, whether it may."""

from datetime import datetime

from careerplan.mentoring.models import Mentorship


class MentorshipIsOver(Exception):
    """The mentorship ended between the page and the write."""


def lock_live(mentorship: Mentorship, *, now: datetime) -> Mentorship:
    """Lock a mentorship for a write of its mentor. Raises MentorshipIsOver. Call it in a transaction, first.

    Ending a mentorship locks the same row: what a mentor writes is either before the end or refused.
    """
    live = Mentorship.objects.live(now).select_related("owner")
    locked = live.select_for_update(of=("self",)).filter(pk=mentorship.pk).first()
    if locked is None:
        raise MentorshipIsOver
    return locked
