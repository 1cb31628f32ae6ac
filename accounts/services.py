"""Writes: what a person changes about themselves."""

from django.db import transaction

from accounts.models import User
from accounts.queries import unconfirmed_users
from accounts.signals import time_zone_changed


@transaction.atomic
def update_profile(*, user: User, name: str, time_zone: str) -> None:
    """Change a person's own name and time zone (an IANA name that was checked).

    A change of zone is announced by `time_zone_changed`, in the same transaction, so that what
    depends on the local hour can follow. Asked to change nothing it announces nothing.
    """
    stored = User.objects.select_for_update().only("time_zone").get(pk=user.pk)
    user.name, user.time_zone = name, time_zone
    user.save(update_fields=["name", "time_zone"])
    if stored.time_zone != time_zone:
        time_zone_changed.send(sender=User, user=user, previous=stored.time_zone)


@transaction.atomic
def choose_theme(*, user: User, theme: str) -> None:
    """Set how pages look to this person: one of User.Theme."""
    user.theme = User.Theme(theme)
    user.save(update_fields=["theme"])


@transaction.atomic
def discard_unconfirmed(*, email: str, keep: User | None = None) -> int:
    """Remove sign-ups with this address that were never confirmed; returns how many. `keep` stays."""
    stale = unconfirmed_users(email)
    if keep is not None:
        stale = stale.exclude(pk=keep.pk)
    gone = list(stale.values_list("pk", flat=True))
    User.objects.filter(pk__in=gone).delete()
    return len(gone)
