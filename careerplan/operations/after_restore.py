"""What a restored database does not know: emails that went out and what people decided after the dump."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.models import User
from accounts.services import DELETION_DELAY
from careerplan.mentoring.models import MentoringEmail
from careerplan.operators.models import InactivityQuestion
from careerplan.reminders.models import Digest, SchedulerRun
from careerplan.reminders.services import create_due_reminders
from careerplan.reviews.services import make_due_reviews

STEP = timedelta(hours=1)
"""People are checked at a full hour of theirs. Where a zone is half an hour off, the next step finds them."""
LONGEST = timedelta(days=60)


class NothingToMark(Exception):
    """The time is before the dump, or too long after it."""


def mark_as_sent(*, until: datetime, now: datetime) -> int:
    """Mark as sent what was due between the dump and `until`; return the number of emails. Raises NothingToMark.

    Runs each hour of that time again without sending. Nothing is sent meanwhile: sending is held.
    """
    last = SchedulerRun.objects.values_list("ran_at", flat=True).first()
    if last is None or not last <= until <= min(now, last + LONGEST):
        raise NothingToMark
    marked = 0
    for as_of in _hours(last, until):
        make_due_reviews(now=as_of)
        create_due_reminders(as_of=as_of, now=as_of)
        owed = Digest.objects.pending().filter(not_before__lte=as_of)
        marked += owed.update(state=Digest.State.SENT, sent_at=as_of, claim_token=None, attempt_started_at=None)
    about_mentors = MentoringEmail.objects.pending().filter(not_before__lte=until)
    done = {"state": MentoringEmail.State.SENT, "sent_at": until, "claim_token": None, "attempt_started_at": None}
    return marked + about_mentors.update(**done)


def postpone_deletions(*, now: datetime) -> int:
    """Give every owner DELETION_DELAY again before an account is deleted; return how many accounts that postpones.

    They may have cancelled the deletion, or come back, after the dump.
    """
    earliest = now + DELETION_DELAY
    InactivityQuestion.objects.filter(answer_by__lt=earliest).update(answer_by=earliest)
    return User.objects.filter(deletion_due_at__lt=earliest).update(deletion_due_at=earliest)


def _hours(first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield each hour between two moments, and both."""
    yield first
    at = first.replace(minute=0, second=0, microsecond=0) + STEP
    while at < last:
        yield at
        at += STEP
    yield last
