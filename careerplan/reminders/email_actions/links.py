"""The links with which a mail is answered without signing in: signed, for one thing and one person, good for 14 days.

A link says who, the day of the mail, what it is about and for which date, and a tag only we can make:

    17.740045.s902.740050.8d1f0c6a5b7e94d2c3a1f6e5d4b8a790

It opens the answers to that one thing and nothing else, and signs nobody in. It dies 14 days after its mail (as long
as somebody may be away; a mail forwarded or found later opens nothing), and as soon as the person is inactive or
leaving, or has another confirmed address: that is signed too, though the link does not show it. A new password does not
kill it: the link belongs to who reads the mailbox, as the link that resets the password does.

A tag is a keyed BLAKE2b (RFC 7693) of what the link is about; the key is Django's signature of person, day and
address, so a mail costs one HMAC however much is in it. SECRET_KEY_FALLBACKS are honoured as Django does.
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
TAG_BYTES = 16  # 128 bits: nobody guesses one (ASVS 5.0, 7.2.3, asks as much of a session)
LINK = re.compile(r"([0-9]{1,18})\.([0-9]{1,7})\.([a-z])([0-9]{1,18})\.([0-9]{1,7})\.([0-9a-f]{32})")


class ActionTarget(StrEnum):
    """What a link answers."""

    STEP = "s"
    UNRATED = "u"  # a done step that nobody judged
    GOAL = "g"
    STEPLESS = "n"  # a goal without an open step
    STOP_RULE = "r"


class BadLink(Exception):
    """Nothing we made, or damaged, or made for an address that is not the person's any more."""


class OldLink(Exception):
    """Good once; its days are over."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says. `due_on` is the date the mail spoke of. Not to be believed before `verify`."""

    user_id: int
    mailed_on: date
    target: ActionTarget
    pk: int
    due_on: date
    tag: str

    @property
    def last_day(self) -> date:
        """The last day on which it works."""
        return self.mailed_on + GOOD_FOR


Maker = Callable[[ActionTarget, int, date], str]


def link_maker(*, user_id: int, address: str, mailed_on: date) -> Maker:
    """A function that makes the links of one mail: takes what it is about, its id and the date the mail speaks of.

    The same mail has the same links whenever it is built.
    """
    head = f"{user_id}.{mailed_on.toordinal()}"
    key = _signer().signature(_signed(head, address)).encode()

    def make(about: ActionTarget, pk: int, due_on: date) -> str:
        item = f"{about}{pk}.{due_on.toordinal()}"
        return f"{head}.{item}.{_tag(item, key)}"

    return make


def read_link(token: str) -> Link:
    """What a link says, unproven. Raises BadLink where it cannot be one of ours."""
    found = LINK.fullmatch(token)
    try:
        if found is None:
            raise BadLink
        user, day, about, pk, due, tag = found.groups()
        return Link(
            int(user), date.fromordinal(int(day)), ActionTarget(about), int(pk), date.fromordinal(int(due)), tag
        )
    except ValueError:  # no such day, or about nothing we know
        raise BadLink from None


def verify(link: Link, *, address: str, today: date) -> None:
    """Prove that a link is ours and was mailed to `address`. Raises BadLink, and OldLink where its days are over."""
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
