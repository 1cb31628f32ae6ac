"""How mentorships end, who is told, and when name and address are deleted."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from careerplan.mentoring.models import (
    InvitationRecord,
    MentoringEmail,
    MentorSession,
    Mentorship,
    SharingChange,
    hash_address,
)
from careerplan.mentoring.services.limits import KEPT
from careerplan.mentoring.services.outbox import owe_email

DRAFTS_KEPT = timedelta(days=1)
AT_ONCE = 500
MENTOR, OWNER = MentoringEmail.Recipient.MENTOR, MentoringEmail.Recipient.OWNER
Reason = Mentorship.EndReason
# Who is told: people who were let in, when it ends; the owner, of what the other person or time did.
TELL_MENTOR = frozenset({Reason.STOPPED, Reason.EXPIRED})
TELL_OWNER = frozenset({Reason.DECLINED, Reason.LEFT, Reason.NOT_ANSWERED})


def end(mentorship: Mentorship, reason: Mentorship.EndReason, *, by: SharingChange.By, now: datetime) -> None:
    """End a locked open mentorship: its place is free, its devices are closed, and who must know is told."""
    mentorship.state, mentorship.place = Mentorship.State.ENDED, None
    mentorship.ended_at, mentorship.end_reason = now, reason
    if reason == Reason.DECLINED:
        forget(mentorship, now=now)
    mentorship.save()
    mentorship.sessions.all().delete()
    mentorship.changes.create(kind=SharingChange.Kind.ENDED, by=by, happened_at=now)
    if reason in TELL_MENTOR:
        owe_email(mentorship=mentorship, recipient=MENTOR, kind="ended", occasion="1", now=now)
    if reason in TELL_OWNER:
        owe_email(mentorship=mentorship, recipient=OWNER, kind="news", occasion=reason.value, now=now)


@transaction.atomic
def stop_sharing(*, mentorship: Mentorship, now: datetime) -> bool:
    """Stop sharing as the owner; return whether it was active. Open pages are closed at their next request."""
    return _end_active(mentorship, Reason.STOPPED, by=SharingChange.By.OWNER, now=now)


@transaction.atomic
def leave(*, mentorship: Mentorship, now: datetime) -> bool:
    """Leave as the mentor; return whether it was active."""
    return _end_active(mentorship, Reason.LEFT, by=SharingChange.By.MENTOR, now=now)


@transaction.atomic
def leave_all(*, account: User, now: datetime) -> None:
    """Leave every plan that is shared with an account, which is about to be deleted; the owners are told."""
    shared = Mentorship.objects.filter(mentor=account, state=Mentorship.State.ACTIVE).select_related("owner")
    for row in shared.select_for_update(of=("self",)):
        end(row, Reason.LEFT, by=SharingChange.By.MENTOR, now=now)


def _end_active(mentorship: Mentorship, reason: Mentorship.EndReason, *, by: SharingChange.By, now: datetime) -> bool:
    row = Mentorship.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mentorship.pk)
    if row.state != Mentorship.State.ACTIVE:
        return False
    end(row, reason, by=by, now=now)
    return True


@transaction.atomic
def close_over(*, now: datetime, owner: User | None = None) -> int:
    """End what time has ended, of one owner or of all; return how many. Nobody could look since then, either."""
    over = Mentorship.objects.filter(state=Mentorship.State.ACTIVE, ends_at__lte=now)
    unanswered = Mentorship.objects.filter(state=Mentorship.State.INVITED, answer_by__lte=now)
    rows = (over | unanswered).select_related("owner").select_for_update(skip_locked=True, of=("self",))
    found = list((rows.filter(owner=owner) if owner else rows)[:AT_ONCE])
    for row in found:
        reason = Reason.EXPIRED if row.state == Mentorship.State.ACTIVE else Reason.NOT_ANSWERED
        end(row, reason, by=SharingChange.By.TIME, now=now)
    return len(found)


@transaction.atomic
def ask_before_end(*, now: datetime) -> int:
    """Owe owners the question whether sharing goes on, ASK_BEFORE_END before it ends; return how many are new."""
    asked = MentoringEmail.objects.filter(mentorship=OuterRef("pk"), kind="news", occasion__startswith="ending")
    asked = asked.filter(made_at__gt=now - Mentorship.ASK_BEFORE_END)
    soon = Mentorship.objects.live(now).filter(~Exists(asked), ends_at__lte=now + Mentorship.ASK_BEFORE_END)
    owed = 0
    for row in soon[:AT_ONCE]:
        occasion = f"ending {row.ends_at:%Y-%m-%d}"
        owed += owe_email(mentorship=row, recipient=OWNER, kind="news", occasion=occasion, now=now)
    return owed


def forget(mentorship: Mentorship, *, now: datetime) -> None:
    """Empty name, address and line of an ended mentorship (not saved). A hash of the address stays."""
    mentorship.address_hash = hash_address(mentorship.email)
    mentorship.name = mentorship.email = mentorship.line = ""
    mentorship.forgotten_at, mentorship.mentor = now, None


@transaction.atomic
def clear_up(*, now: datetime) -> int:
    """Delete what was kept long enough: names of people who are out, drafts, sessions, counts. Return how many rows."""
    old = Mentorship.objects.filter(state=Mentorship.State.ENDED, forgotten_at=None)
    rows = old.filter(ended_at__lte=now - Mentorship.FORGET_AFTER).select_for_update(skip_locked=True)[:AT_ONCE]
    found = list(rows)
    for row in found:
        forget(row, now=now)
        row.save()
    drafts = Mentorship.objects.filter(state=Mentorship.State.DRAFT, created_at__lte=now - DRAFTS_KEPT)
    records = InvitationRecord.objects.filter(invited_at__lte=now - KEPT)
    sessions = MentorSession.objects.filter(expires_at__lte=now)
    return len(found) + sum(rows.delete()[0] for rows in (drafts, records, sessions))
