"""Changes of a user's own account."""

from django.db import transaction

from accounts.models import User


@transaction.atomic
def update_profile(*, user: User, name: str, time_zone: str) -> None:
    """Update the name and the time zone, a known IANA name."""
    user.name, user.time_zone = name, time_zone
    user.save(update_fields=["name", "time_zone"])


@transaction.atomic
def set_theme(*, user: User, theme: str) -> None:
    """Set the theme, one of User.Theme."""
    user.theme = User.Theme(theme)
    user.save(update_fields=["theme"])


@transaction.atomic
def discard_unconfirmed(*, email: str, keep: User | None = None) -> int:
    """Delete unconfirmed sign-ups with this address except `keep`; return how many."""
    stale = User.objects.unconfirmed(email)
    if keep is not None:
        stale = stale.exclude(pk=keep.pk)
    ids = list(stale.values_list("pk", flat=True))
    User.objects.filter(pk__in=ids).delete()
    return len(ids)
