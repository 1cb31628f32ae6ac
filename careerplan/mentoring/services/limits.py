"""Limits of invitations, so that nobody is pestered: by owner, by address, and a stop that holds for every owner."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from careerplan.mentoring.models import InvitationRecord, StoppedAddress, hash_address

DAY = timedelta(days=1)
KEPT = timedelta(days=30)
BY_BOTH = 2
"""Invitations in KEPT that one owner sends to one address."""


class InvitationRefused(Exception):
    """An invitation that is not sent. Each reason is a class of its own, for the sentence at the form."""


class AddressStopped(InvitationRefused):
    """Whoever reads mail at this address wants no invitation."""


class TooManyByOwner(InvitationRefused):
    """The owner sent settings.INVITATIONS_A_DAY within a day."""


class TooManyToAddress(InvitationRefused):
    """The address got settings.INVITATIONS_TO_ADDRESS_A_DAY from all owners, or BY_BOTH from this one within KEPT."""


def lock_address(email: str) -> None:
    """Let one transaction at a time count invitations to an address; owners who invite it together wait. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [hash_address(email)])


def check_limits(*, owner: User, email: str, now: datetime) -> None:
    """Raise InvitationRefused where this owner may not invite this address now. Four queries at most."""
    address, records = hash_address(email), InvitationRecord.objects
    if StoppedAddress.objects.filter(pk=address).exists():
        raise AddressStopped
    if records.filter(owner=owner, invited_at__gt=now - DAY).count() >= settings.INVITATIONS_A_DAY:
        raise TooManyByOwner
    if records.filter(address_hash=address, invited_at__gt=now - DAY).count() >= settings.INVITATIONS_TO_ADDRESS_A_DAY:
        raise TooManyToAddress
    if records.filter(owner=owner, address_hash=address, invited_at__gt=now - KEPT).count() >= BY_BOTH:
        raise TooManyToAddress


def record_invitation(*, owner: User, email: str, now: datetime) -> None:
    """Count an invitation that is about to be owed."""
    InvitationRecord.objects.create(owner=owner, address_hash=hash_address(email), invited_at=now)


@transaction.atomic
def stop_address(email: str, *, now: datetime) -> None:
    """Send no more invitations to an address, whoever invites it. Idempotent."""
    stop_hash(hash_address(email), now=now)


def stop_hash(address_hash: str, *, now: datetime) -> None:
    """Stop invitations to an address of which only the hash is left (`Mentorship.address_hash`). Idempotent."""
    StoppedAddress.objects.get_or_create(address_hash=address_hash, defaults={"stopped_at": now})


def is_stopped(email: str) -> bool:
    """Return whether an address wants no invitation. One query."""
    return StoppedAddress.objects.filter(pk=hash_address(email)).exists()
