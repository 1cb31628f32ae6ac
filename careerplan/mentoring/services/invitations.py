"""Invitations: drafted, sent, taken back by the owner; accepted or declined by the mentor."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from careerplan.goals.models import Goal
from careerplan.mentoring.models import MentoringEmail, Mentorship, SharingChange
from careerplan.mentoring.services.ending import close_over, end
from careerplan.mentoring.services.limits import check_limits, lock_address, record_invitation, stop_address
from careerplan.mentoring.services.outbox import owe_email
from careerplan.plans.models import Plan

HOLD = timedelta(seconds=30)
"""How long an invitation waits before it is sent, so that it can be taken back."""
REMIND_AFTER = timedelta(days=7)
MENTOR, OWNER = MentoringEmail.Recipient.MENTOR, MentoringEmail.Recipient.OWNER


class AllPlacesTaken(Exception):
    """The owner already has as many people as there are places."""


class AlreadyInvited(Exception):
    """The address has an open invitation of this owner, or sees the plan."""


class DraftIsGone(Exception):
    """Another draft has replaced this one."""


class InvitationIsOver(Exception):
    """The invitation was taken back, answered, or has expired."""


def last_day_of_sharing(today: date, *, months: int) -> date:
    """Return the same day `months` months later, or the last day of a shorter month."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return today.replace(year=year, month=month + 1, day=min(today.day, monthrange(year, month + 1)[1]))


def end_of_sharing(owner: User, *, today: date, months: int) -> datetime:
    """Return the midnight after the last day of sharing, in the owner's time zone."""
    return datetime.combine(last_day_of_sharing(today, months=months) + timedelta(days=1), time(), owner.zone)


@transaction.atomic
def save_draft(*, owner: User, values: Mapping[str, Any], goals: Iterable[int], now: datetime) -> Mentorship:
    """Save what the owner chose, to be looked at before it is sent; a new draft replaces the one before.

    `values` are columns of Mentorship, as the form cleaned them; of `goals` only the owner's own count.
    """
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    Mentorship.objects.for_user(owner).filter(state=Mentorship.State.DRAFT).delete()
    draft = Mentorship.objects.create(owner=owner, created_at=now, **values)
    share_goals(draft, goals, now=now)
    return draft


def share_goals(mentorship: Mentorship, goals: Iterable[int], *, now: datetime) -> None:
    """Share exactly these goals of the owner's active plan."""
    own = Goal.objects.for_user(mentorship.owner).filter(plan__state=Plan.State.ACTIVE, pk__in=goals)
    chosen, shared = set(own.values_list("pk", flat=True)), mentorship.shared_goals
    shared.exclude(goal__in=chosen).delete()
    for pk in sorted(chosen - set(shared.values_list("goal", flat=True))):
        shared.create(goal_id=pk, shared_at=now)


@transaction.atomic
def send_invitation(*, draft: Mentorship, now: datetime) -> Mentorship:
    """Give a draft a place and owe its email, which leaves after HOLD. Idempotent for one that was sent.

    Raises AllPlacesTaken, AlreadyInvited, DraftIsGone, InvitationRefused.
    """
    User.objects.select_for_update(no_key=True).get(pk=draft.owner_id)
    close_over(now=now, owner=draft.owner)
    row = Mentorship.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=draft.pk).first()
    if row is None:
        raise DraftIsGone
    if row.state != Mentorship.State.DRAFT:
        return row
    others = Mentorship.objects.for_user(row.owner).open()
    if others.filter(email=row.email).exists():
        raise AlreadyInvited
    free = {*range(1, Mentorship.PLACES + 1)} - {*others.values_list("place", flat=True)}
    if not free:
        raise AllPlacesTaken
    lock_address(row.email)
    check_limits(owner=row.owner, email=row.email, now=now)
    record_invitation(owner=row.owner, email=row.email, now=now)
    row.state, row.place = Mentorship.State.INVITED, min(free)
    row.invited_at, row.answer_by = now, min(now + Mentorship.ANSWER_WITHIN, row.ends_at)
    row.save(update_fields=["state", "place", "invited_at", "answer_by"])
    row.changes.create(kind=SharingChange.Kind.INVITED, by=SharingChange.By.OWNER, happened_at=now)
    owe_email(mentorship=row, recipient=MENTOR, kind="invitation", occasion="1", now=now, not_before=now + HOLD)
    owe_email(mentorship=row, recipient=MENTOR, kind="invitation", occasion="2", now=now, not_before=now + REMIND_AFTER)
    return row


@transaction.atomic
def accept(*, mentorship: Mentorship, mentor: User | None, now: datetime) -> Mentorship:
    """Accept an invitation, for an account where `mentor` is given; tell the owner. Idempotent.

    Whoever calls has checked that the address is theirs: by a code, or by the confirmed address of the account. Raises
    InvitationIsOver.
    """
    open_rows = Mentorship.objects.answerable(now) | Mentorship.objects.live(now)
    locked = open_rows.select_related("owner").select_for_update(of=("self",))
    row = locked.filter(pk=mentorship.pk).first()
    if row is None or (mentor is not None and mentor.pk == row.owner_id):
        raise InvitationIsOver
    is_new = row.state == Mentorship.State.INVITED
    if is_new:
        row.state, row.accepted_at = Mentorship.State.ACTIVE, now
        row.changes.create(kind=SharingChange.Kind.ACCEPTED, by=SharingChange.By.MENTOR, happened_at=now)
        owe_email(mentorship=row, recipient=OWNER, kind="news", occasion="accepted", now=now)
    row.mentor = mentor or row.mentor
    row.save(update_fields=["state", "accepted_at", "mentor"])
    return row


@transaction.atomic
def decline(*, mentorship: Mentorship, stops_all: bool, now: datetime) -> None:
    """Decline an invitation: name and address are deleted, and the owner is told. Idempotent.

    With `stops_all` no owner can invite the address any more.
    """
    row = Mentorship.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mentorship.pk)
    if row.email and stops_all:
        stop_address(row.email, now=now)
    if row.state != Mentorship.State.INVITED:
        return
    end(row, Mentorship.EndReason.DECLINED, by=SharingChange.By.MENTOR, now=now)


@transaction.atomic
def cancel_invitation(*, mentorship: Mentorship, now: datetime) -> bool:
    """Take an invitation back; return whether it was open. An email that has not left is not sent. Idempotent."""
    row = Mentorship.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mentorship.pk)
    if row.state != Mentorship.State.INVITED:
        return False
    end(row, Mentorship.EndReason.CANCELLED, by=SharingChange.By.OWNER, now=now)
    return True
