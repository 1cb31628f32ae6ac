"""Settings of a calendar, and its address: anyone who has it can read the calendar, so it is a secret key."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

import structlog
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from careerplan.calendar_feed.models import CalendarFeed
from careerplan.calendar_feed.queries import hash_token
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.core.mail import absolute_url

log = structlog.get_logger(__name__)

TOKEN_BYTES = 32  # 256 bits: nobody can guess an address (128 would do)


def feed_url(token: str) -> str:
    """Return the address of a calendar, on the configured origin."""
    return absolute_url(reverse("calendar_feed:feed", args=[token]))


def subscription_url(address: str) -> str:
    """Return the address for calendar apps that open `webcal:` addresses themselves."""
    return f"webcal://{address.partition('://')[2]}"


def _lock_feed(user: User) -> CalendarFeed:
    """Return the calendar of a person, created where there is none, locked until the transaction ends."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return CalendarFeed.objects.get_or_create(user=user)[0]


@transaction.atomic
def save_settings(*, feed: CalendarFeed, changes: dict[str, Any]) -> CalendarFeed:
    """Save fields of a calendar; its address does not change. Idempotent.

    `feed` is as the changes were checked against. Raises StaleObjectError.
    """
    locked = _lock_feed(feed.user)
    if any(getattr(locked, name) not in (getattr(feed, name), value) for name, value in changes.items()):
        raise StaleObjectError
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(changes))
    return locked


@transaction.atomic
def make_address(*, feed: CalendarFeed, now: datetime) -> str:
    """Make a new address and stop the old one. Return its token, which is shown once and not stored.

    `feed` is as the page was checked against. Raises StaleObjectError: of two clicks at once, the second would stop the
    address that the first one shows.
    """
    locked = _lock_feed(feed.user)
    if locked.token_hash != feed.token_hash:
        raise StaleObjectError
    token = token_urlsafe(TOKEN_BYTES)
    locked.token_hash, locked.made_at = hash_token(token), now
    locked.save(update_fields=["token_hash", "made_at"])
    log.info("calendar_address_made", user=locked.user_id)
    return token


@transaction.atomic
def stop_address(*, user: User) -> bool:
    """Stop the address of a calendar; return whether there was one. Idempotent."""
    feed = _lock_feed(user)
    if not feed.has_address:
        return False
    feed.token_hash = feed.made_at = None
    feed.save(update_fields=["token_hash", "made_at"])
    log.info("calendar_address_stopped", user=user.pk)
    return True
