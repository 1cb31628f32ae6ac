"""Save the calendar settings, and make or stop its address."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from careerplan.calendar_feed.addresses import hash_of, new_token
from careerplan.calendar_feed.models import CalendarFeed, CalendarPart


class FeedAddressChanged(Exception):
    """The address was made or stopped after the page was opened."""


@dataclass(frozen=True, kw_only=True)
class CalendarSettings:
    """Content and form of the calendar. `alarm_days`: days before each date; None for no alarm."""

    parts: tuple[CalendarPart, ...]
    steps_as_todos: bool
    alarm_days: int | None
    with_done: bool


def _locked_feed(user: User) -> CalendarFeed:
    """Return the locked feed of a user, created if needed."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return CalendarFeed.objects.get_or_create(user=user)[0]


@transaction.atomic
def save_settings(*, user: User, choice: CalendarSettings) -> CalendarFeed:
    """Save the settings; the address does not change. Idempotent."""
    feed = _locked_feed(user)
    for name, value in asdict(choice).items():
        setattr(feed, name, list(value) if name == "parts" else value)
    feed.save(update_fields=["parts", "steps_as_todos", "alarm_days", "with_done"])
    return feed


@transaction.atomic
def make_address(*, user: User, seen: int, now: datetime) -> str:
    """Make a new address and stop the old one; return its token, which is not stored and shown only once.

    `seen` is the serial number that the page showed: of two clicks at once the second raises FeedAddressChanged, or it
    would stop the address that the first one has shown.
    """
    feed = _locked_feed(user)
    if feed.serial != seen:
        raise FeedAddressChanged
    token = new_token()
    feed.token_hash, feed.made_at, feed.serial = hash_of(token), now, feed.serial + 1
    feed.save(update_fields=["token_hash", "made_at", "serial"])
    return token


@transaction.atomic
def stop_address(*, user: User) -> None:
    """Stop the address. Idempotent."""
    feed = _locked_feed(user)
    if feed.has_address:
        feed.token_hash, feed.made_at, feed.serial = None, None, feed.serial + 1
        feed.save(update_fields=["token_hash", "made_at", "serial"])
