"""What the owner changes while somebody sees the plan, and whether the mentor gets emails."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from careerplan.goals.models import Goal
from careerplan.mentoring.models import Mentorship, SharedGoal, SharingChange
from careerplan.mentoring.models.mentorship import PARTS
from careerplan.mentoring.services.invitations import end_of_sharing, share_goals
from careerplan.plans.models import Plan
from careerplan.plans.services import share_plan_lock

EXTENSION_MONTHS = 3


class SharingIsOver(Exception):
    """The mentorship has ended: there is nothing to change."""


@transaction.atomic
def change_sharing(*, mentorship: Mentorship, shows: Mapping[str, bool], goals: Iterable[int], now: datetime) -> None:
    """Share exactly these goals and parts (`shows_vision`, ...) from now on. Raises SharingIsOver."""
    goals = sorted(goals)
    _lock_shared(mentorship, goals)
    row = _lock_open(mentorship)
    for name in PARTS:
        setattr(row, name, shows[name])
    row.save(update_fields=[*PARTS])
    share_goals(row, goals, now=now)
    row.changes.create(kind=SharingChange.Kind.CHANGED, by=SharingChange.By.OWNER, happened_at=now)


def _lock_shared(mentorship: Mentorship, goals: Sequence[int]) -> None:
    """Lock the active plan and its goals, before the mentorship: a new plan is before this change, or after it."""
    active = Plan.objects.filter(user=mentorship.owner_id, state=Plan.State.ACTIVE)
    share_plan_lock(active.values("pk"))
    own = Goal.objects.filter(plan__user=mentorship.owner_id, pk__in=goals)
    list(own.order_by("pk").select_for_update(of=("self",), no_key=True))


def carry_shared_goals(*, copies: Mapping[int, Goal], now: datetime) -> None:
    """Share the copies of shared goals in a new plan, by the ids of the originals, with whoever sees the plan
    or is to be invited.

    A copy goes on with the same goal, so whoever saw it goes on seeing it. Called in the transaction that copies them.
    """
    shared = SharedGoal.objects.filter(
        goal__in=copies, mentorship__state__in=[*Mentorship.OPEN_STATES, Mentorship.State.DRAFT]
    )
    SharedGoal.objects.bulk_create(
        SharedGoal(mentorship_id=mentorship, goal=copies[goal], shared_at=now)
        for mentorship, goal in shared.values_list("mentorship", "goal")
    )


@transaction.atomic
def extend(*, mentorship: Mentorship, shown_until: date, now: datetime) -> Mentorship:
    """Share for EXTENSION_MONTHS more, from the last day on. Raises SharingIsOver.

    `shown_until` is the last day that the page showed: a second click changes nothing.
    """
    row = _lock_open(mentorship)
    if row.until == shown_until:
        row.ends_at = end_of_sharing(row.owner, today=row.until, months=EXTENSION_MONTHS)
        row.save(update_fields=["ends_at"])
        row.changes.create(kind=SharingChange.Kind.EXTENDED, by=SharingChange.By.OWNER, happened_at=now)
    return row


@transaction.atomic
def set_emails(*, mentorship: Mentorship, wanted: bool, now: datetime) -> None:
    """Stop all emails to the mentor about this owner, or send them again. Idempotent."""
    row = Mentorship.objects.select_for_update(of=("self",)).get(pk=mentorship.pk)
    if wanted == (row.emails_stopped_at is None):
        return
    row.emails_stopped_at = None if wanted else now
    row.save(update_fields=["emails_stopped_at"])
    kind = SharingChange.Kind.EMAILS_RESUMED if wanted else SharingChange.Kind.EMAILS_STOPPED
    row.changes.create(kind=kind, by=SharingChange.By.MENTOR, happened_at=now)


def _lock_open(mentorship: Mentorship) -> Mentorship:
    row = Mentorship.objects.select_for_update(of=("self",)).select_related("owner").get(pk=mentorship.pk)
    if not row.is_open:
        raise SharingIsOver
    return row
