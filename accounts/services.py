"""Changes of a user's own account, and its deletion after a delay in which the owner can cancel.

Rows of other apps are deleted with the user by their foreign keys. Sessions (by the rows of session_rows.py) and saved
posts (careerplan.core.expired_session) have none and are deleted here.
"""

from datetime import datetime, timedelta

import structlog
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q

from accounts.deletion_record import record_deletion
from accounts.models import DeletionNotice, Invitation, User
from accounts.queries import live_sessions
from accounts.session_ending import end_all_sessions
from careerplan.core import expired_session
from careerplan.core.readonly import allow_closed_changes


@transaction.atomic
def update_settings(*, user: User, name: str, time_zone: str, theme: str) -> None:
    """Update the name, the time zone (a known IANA name) and the theme (one of User.Theme)."""
    user.name, user.time_zone, user.theme = name, time_zone, User.Theme(theme)
    user.save(update_fields=["name", "time_zone", "theme"])


@transaction.atomic
def remove_password(*, user: User) -> None:
    """Remove the password, which ends all other sessions."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


@transaction.atomic
def discard_unconfirmed(*, email: str, keep: User | None = None) -> int:
    """Delete unconfirmed sign-ups with this address except `keep`; return how many."""
    stale = User.objects.unconfirmed(email)
    if keep is not None:
        stale = stale.exclude(pk=keep.pk)
    ids = list(stale.values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).delete()
    return len(ids)


# --- Invitations --------------------------------------------------------------------------------------
@transaction.atomic
def invite(*, email: str, now: datetime) -> Invitation:
    """Invite an address for Invitation.LIFETIME; an open invitation of it starts anew."""
    email = email.lower()
    Invitation.objects.filter(email=email, used_at=None, revoked_at=None, expires_at__lte=now).update(revoked_at=now)
    expires_at = now + Invitation.LIFETIME
    invitation, is_new = Invitation.objects.open(now).get_or_create(
        email=email, defaults={"invited_at": now, "expires_at": expires_at}
    )
    if not is_new:
        invitation.expires_at = expires_at
        invitation.save(update_fields=["expires_at"])
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, now: datetime) -> bool:
    """Take an invitation back; return whether it was open. Its link leads nowhere then, and a sign-up with it ends.

    A sign-up of the same address without the invitation, where the site lets it, goes on.
    """
    begun = list(Invitation.objects.filter(pk=invitation.pk, sign_up__isnull=False).values_list("sign_up", flat=True))
    was_open = Invitation.objects.open(now).filter(pk=invitation.pk).update(revoked_at=now, sign_up=None) > 0
    if was_open:
        User.objects.all_unconfirmed().filter(pk__in=begun).delete()
    return was_open


def begin_with_invitation(*, invitation: Invitation, user: User) -> None:
    """Remember the sign-up that was begun with an invitation."""
    Invitation.objects.filter(pk=invitation.pk).update(sign_up=user)


def use_invitation(*, email: str, now: datetime) -> None:
    """End the open invitation of an address that has an account now."""
    Invitation.objects.filter(email=email.lower(), used_at=None, revoked_at=None).update(used_at=now, sign_up=None)


# --- Deletion -----------------------------------------------------------------------------------------
def forget_ended_sessions(*, now: datetime) -> int:
    """Delete what is stored about browsers whose sessions have ended or expired; return how many rows."""
    ended = UserSession.objects.exclude(pk__in=live_sessions(now).values("pk"))
    return int(ended.delete()[0])


BLOCKED_KEPT = timedelta(days=365)
"""How long a blocked sign-up that was never confirmed is kept longer than others: it holds its address."""


@transaction.atomic
def delete_unconfirmed(*, before: datetime, most: int = 1000) -> int:
    """Delete sign-ups that were never confirmed and began before a moment; return how many."""
    old = Q(date_joined__lt=before, is_active=True) | Q(date_joined__lt=before - BLOCKED_KEPT)
    ids = list(User.objects.never_confirmed().filter(old).values_list("pk", flat=True)[:most])
    User.objects.filter(pk__in=ids).delete()
    return len(ids)


DELETION_DELAY = timedelta(days=7)

log = structlog.get_logger(__name__)


@transaction.atomic
def request_deletion(*, user: User, now: datetime) -> datetime:
    """Schedule the deletion and return its time. Idempotent: asking again does not postpone it."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.deletion_due_at is None:
        locked.deletion_due_at = now + DELETION_DELAY
        locked.save(update_fields=["deletion_due_at"])
        log.info("deletion_requested", user=user.pk)
    user.deletion_due_at = locked.deletion_due_at
    return locked.deletion_due_at


@transaction.atomic
def skip_deletion_delay(*, user: User, now: datetime) -> None:
    """Make a deletion due now; a worker does it. Idempotent."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.deletion_due_at is None or locked.deletion_due_at > now:
        locked.deletion_due_at = now
        locked.save(update_fields=["deletion_due_at"])


@transaction.atomic
def cancel_deletion(*, user: User) -> None:
    """Cancel a pending deletion. Idempotent."""
    User.objects.filter(pk=user.pk).update(deletion_due_at=None)
    user.deletion_due_at = None


def due_deletions(*, now: datetime) -> list[int]:
    """Return a batch of ids of accounts whose deletion is due."""
    due = User.objects.filter(deletion_due_at__lte=now).order_by("deletion_due_at")
    return list(due.values_list("pk", flat=True)[:20])


def delete_account(*, pk: int, now: datetime) -> bool:
    """Delete an account; return whether it was there, and still due. Its owner is owed an email.

    Safe to run twice at once: the row is locked and read again. The email is a row of the same transaction, so it is
    sent even if nobody hears that this was committed.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=pk, deletion_due_at__lte=now).first()
        if user is None:
            return False
        DeletionNotice.objects.create(address=user.email, deleted_at=now, not_before=now)
        # In the transaction: if the cache cannot delete a session, the next round deletes both.
        end_all_sessions(user)
        with allow_closed_changes():
            user.delete()
    record_deletion(pk=pk, now=now)
    expired_session.delete_saved_posts(pk)
    log.info("account_deleted", user=pk)
    return True


def claim_deletion_notice(*, now: datetime) -> DeletionNotice | None:
    """Return an owed last email for this worker to send; None if there is none. Others may try it after a pause."""
    DeletionNotice.objects.filter(deleted_at__lte=now - DeletionNotice.LIFETIME).delete()
    with transaction.atomic():
        owed = DeletionNotice.objects.select_for_update(skip_locked=True).filter(not_before__lte=now)
        notice = owed.order_by("not_before").first()
        if notice is not None:
            notice.not_before = now + DeletionNotice.PAUSE
            notice.save(update_fields=["not_before"])
    return notice
