"""Signed links for answering an email without signing in: for one target and one user, valid for 14 days.

A link holds the user, the day of the email, the target, its date, and a tag that only we can make:

    17.740045.s902.740050.8d1f0c6a5b7e94d2c3a1f6e5d4b8a790

It allows the actions for that target and signs no one in. It expires 14 days after its email, and as soon as the user
is inactive, is deleting the account, or has a different confirmed address (signed too, but not in the link). A new
password does not invalidate it: like a reset link, it belongs to the reader of the mailbox.

A tag is a keyed BLAKE2b (RFC 7693) of the target. The key is Django's signature of user, day and address, so an email
costs one HMAC however many links it has. SECRET_KEY_FALLBACKS work as in Django.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare

SALT = "careerplan.reminders.answer"
GOOD_FOR = timedelta(days=14)
TAG_BYTES = 16  # 128 bits, impossible to guess (ASVS 5.0, 7.2.3, requires as much for a session)
LINK = re.compile(r"([0-9]{1,18})\.([0-9]{1,7})\.([a-z])([0-9]{1,18})\.([0-9]{1,7})\.([0-9a-f]{32})")


class ActionTarget(StrEnum):
    """Kind of target of a link."""

    STEP = "s"
    UNRATED = "u"  # a finished step without a rating
    GOAL = "g"
    STEPLESS = "n"  # a goal without an open step
    STOP_RULE = "r"


class BadLink(Exception):
    """The link is damaged, not ours, or for an earlier email address."""


class OldLink(Exception):
    """The link has expired."""


@dataclass(frozen=True, slots=True)
class Link:
    """The content of a link. `due_on` is the date in the email. Not trusted before `verify`."""

    user_id: int
    mailed_on: date
    target: ActionTarget
    pk: int
    due_on: date
    tag: str

    @property
    def last_day(self) -> date:
        """Return the last day on which it works."""
        return self.mailed_on + GOOD_FOR


Maker = Callable[[ActionTarget, int, date], str]


def link_maker(*, user_id: int, address: str, mailed_on: date) -> Maker:
    """Return a function that makes the links of one email from target, id and date.

    The same email always has the same links.
    """
    head = f"{user_id}.{mailed_on.toordinal()}"
    key = _signer().signature(_signed(head, address)).encode()

    def make(about: ActionTarget, pk: int, due_on: date) -> str:
        item = f"{about}{pk}.{due_on.toordinal()}"
        return f"{head}.{item}.{_tag(item, key)}"

    return make


def read_link(token: str) -> Link:
    """Return the content of a link, unverified. Raises BadLink if it cannot be one of ours."""
    found = LINK.fullmatch(token)
    try:
        if found is None:
            raise BadLink
        user, day, about, pk, due, tag = found.groups()
        return Link(
            int(user), date.fromordinal(int(day)), ActionTarget(about), int(pk), date.fromordinal(int(due)), tag
        )
    except ValueError:  # no such day, or an unknown target
        raise BadLink from None


def verify(link: Link, *, address: str, today: date) -> None:
    """Verify that a link is ours and was sent to `address`. Raises BadLink, and OldLink if it has expired."""
    signer = _signer()
    head = _signed(f"{link.user_id}.{link.mailed_on.toordinal()}", address)
    item = f"{link.target.value}{link.pk}.{link.due_on.toordinal()}"
    keys = (signer.signature(head, secret).encode() for secret in (signer.key, *signer.fallback_keys))
    if not any(constant_time_compare(_tag(item, key), link.tag) for key in keys):
        raise BadLink
    if today > min(link.mailed_on, date.max - GOOD_FOR) + GOOD_FOR:
        raise OldLink


def _signer() -> Signer:
    return Signer(salt=SALT)


def _signed(head: str, address: str) -> str:
    return f"{head}.{address}"


def _tag(item: str, key: bytes) -> str:
    return blake2b(item.encode(), key=key, digest_size=TAG_BYTES).hexdigest()
