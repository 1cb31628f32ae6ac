"""Signed links in emails: those that answer a reminder without signing in, and those that stop emails.

An answer link names the person, the day of the mail, the target with its date, and a tag that only we can make:

    17.740045.s902.740050.8d1f0c6a5b7e94d2c3a1f6e5d4b8a790

It opens the actions for that one target and signs no one in. It expires 14 days after its mail, so that an email
forwarded or found later opens nothing. It is void as soon as the person is inactive, is deleting the account, or has
another confirmed address, which is signed too, though the link does not show it. A new password does not void it: the
link belongs to the person who reads the mailbox, like the link that resets the password.

A tag is a keyed BLAKE2b (RFC 7693) of the target; the key is Django's signature of person, day and address, so a mail
costs one HMAC however many links it has. SECRET_KEY_FALLBACKS are honoured as in Django.

A stop link can only stop emails and never expires: an old mail must still work.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import blake2b

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare

from careerplan.reminders.kinds import ReminderKind

SALT = "careerplan.reminders.answer"
STOP_SALT = "careerplan.reminders.stop"
GOOD_FOR = timedelta(days=14)
TAG_BYTES = 16  # 128 bits, as ASVS 5.0, 7.2.3 requires of a session
LINK = re.compile(r"([0-9]{1,18})\.([0-9]{1,7})\.([a-z])([0-9]{1,18})\.([0-9]{1,7})\.([0-9a-f]{32})")


class ActionTarget(StrEnum):
    """What a link is about."""

    STEP = "s"
    UNRATED = "u"  # a step that is done and not rated
    GOAL = "g"
    STEPLESS = "n"  # a goal without an open step
    STOP_RULE = "r"


class BadLink(Exception):
    """The link is not ours, is damaged, or was made for an address that is no longer the person's."""


class OldLink(Exception):
    """The link was valid and has expired."""


@dataclass(frozen=True, slots=True)
class Link:
    """The content of a link, not to be trusted before `verify`. `due_on` is the date in the mail."""

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
    """Return a function that makes the links of one mail from a target, its id and its date in the mail.

    The same email always has the same links.
    """
    head = f"{user_id}.{mailed_on.toordinal()}"
    key = _signer().signature(_signed(head, address)).encode()

    def make(target: ActionTarget, pk: int, due_on: date) -> str:
        item = f"{target}{pk}.{due_on.toordinal()}"
        return f"{head}.{item}.{_tag(item, key)}"

    return make


def read_link(token: str) -> Link:
    """Return the content of a link, unverified. Raises BadLink where it cannot be one of ours."""
    found = LINK.fullmatch(token)
    try:
        if found is None:
            raise BadLink
        user, day, target, pk, due, tag = found.groups()
        return Link(
            int(user), date.fromordinal(int(day)), ActionTarget(target), int(pk), date.fromordinal(int(due)), tag
        )
    except ValueError:  # no such day or target
        raise BadLink from None


def verify(link: Link, *, address: str, today: date) -> None:
    """Verify that a link is ours and was mailed to `address`. Raises BadLink, or OldLink where it has expired."""
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


class BadStopLink(Exception):
    """The stop link is not ours, or is damaged."""


def stop_token(user_id: int, kinds: Iterable[str]) -> str:
    """Return the token that can stop these kinds of email. Without a time: a repeated mail is the same."""
    return Signer(salt=STOP_SALT).sign(".".join((str(user_id), *kinds)))


def read_stop_token(token: str) -> tuple[int, list[ReminderKind]]:
    """Return the user id and the kinds of email of a token. Raises BadStopLink."""
    try:
        user_id, *kinds = Signer(salt=STOP_SALT).unsign(token).split(".")
    except BadSignature as error:
        raise BadStopLink from error
    return int(user_id), [ReminderKind(kind) for kind in kinds if kind in ReminderKind.values]
