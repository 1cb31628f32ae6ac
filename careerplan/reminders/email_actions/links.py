"""Signed links in emails: those that answer a reminder without signing in, those that stop emails, and the
actions that an email offers for each kind of target.

An answer link names the person, the day of the mail, the target with its date, and a tag that only we can make:

    17.740045.s902.740050.8d1f0c6a5b7e94d2c3a1f6e5d4b8a790

It opens the actions for that one target and signs no one in. It expires 14 days after its mail, so that an email
forwarded or found later opens nothing. It is void as soon as the person is inactive, is deleting the account, or has
another confirmed address, which is signed too, though the link does not show it. A new password does not void it: the
link belongs to the person who reads the mailbox, like the link that resets the password.

A tag is a keyed BLAKE2b (RFC 7693) of the target; the key is Django's signature of person, day and address, so a mail
costs one HMAC however many links it has. SECRET_KEY_FALLBACKS are honoured as in Django.

A stop link can only stop emails, those that are signed in it together with the address and the day of the mail. It
works for 60 days, twice what CAN-SPAM asks for. The one in the header, which a mail client's own button uses, stops all
of them: somebody who pressed "unsubscribe" wants no email tomorrow. The one at the foot stops the kinds that the mail
is about.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from careerplan.core.mail import absolute_url
from careerplan.reminders.kinds import DUE_SERIES, ReminderKind
from careerplan.reminders.queries.digests import ReminderTarget
from careerplan.reminders.texts import ReminderText

SALT = "careerplan.reminders.answer"
STOP_SALT = "careerplan.reminders.stop"
GOOD_FOR, STOPS_FOR = timedelta(days=14), timedelta(days=60)
TAG_BYTES = 16  # 128 bits, as ASVS 5.0, 7.2.3 requires of a session
# Each number has one spelling: the tag is that of the numbers, and leading zeros would make several links of one.
NUMBER, DAY = "([1-9][0-9]{0,17})", "([1-9][0-9]{0,6})"
LINK = re.compile(rf"{NUMBER}\.{DAY}\.([a-z]){NUMBER}\.{DAY}\.([0-9a-f]{{32}})")
STOP_LINK = re.compile(rf"{NUMBER}\.{DAY}\.([a-z_.]+):([A-Za-z0-9_-]+)")
ALL_KINDS = "all"  # in a stop link: those that a later version adds, too


class ActionTarget(StrEnum):
    """What a link is about."""

    STEP = "s"
    UNRATED = "u"  # a step that is done and not rated
    GOAL = "g"
    STEPLESS = "n"  # a goal without a next step
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


@dataclass(frozen=True, slots=True)
class StopLink:
    """The content of a link that stops emails, not to be trusted before `verify_stop`."""

    user_id: int
    mailed_on: date
    kinds: list[ReminderKind]
    token: str


def stop_token(*, user_id: int, address: str, mailed_on: date, kinds: Iterable[str] = (ALL_KINDS,)) -> str:
    """Return the token that can stop these kinds of email. A repeated mail has the same."""
    head = ".".join((str(user_id), str(mailed_on.toordinal()), *kinds))
    return f"{head}:{Signer(salt=STOP_SALT).signature(_signed(head, address))}"


def read_stop_token(token: str) -> StopLink:
    """Return the content of a stop link, unverified. Raises BadLink where it cannot be one of ours."""
    found = STOP_LINK.fullmatch(token)
    if found is None:
        raise BadLink
    kinds = found[3].split(".")
    may_stop = ReminderKind.values if kinds == [ALL_KINDS] else kinds
    try:
        day = date.fromordinal(int(found[2]))
    except ValueError:
        raise BadLink from None
    return StopLink(int(found[1]), day, [kind for kind in ReminderKind if kind in may_stop], token)


def verify_stop(link: StopLink, *, address: str, today: date) -> None:
    """Verify that a link is ours and was mailed to `address`. Raises BadLink, or OldLink where it has expired."""
    head, _colon, signature = link.token.rpartition(":")
    try:
        Signer(salt=STOP_SALT).unsign(f"{_signed(head, address)}:{signature}")
    except BadSignature as error:
        raise BadLink from error
    if today > min(link.mailed_on, date.max - STOPS_FOR) + STOPS_FOR:
        raise OldLink


def kinds_of_foot(kinds: Iterable[str]) -> list[str]:
    """Return what the link at the foot of a mail stops: its kinds, and being late where a due date is among them."""
    found = set(kinds)
    return sorted(found | {ReminderKind.OVERDUE.value} if found & {*DUE_SERIES} else found)


DONE, WEEK, STUCK, LET_GO, CONFIRM, WORTH = "done", "week", "stuck", "let-go", "confirm", "worth"
TOKEN_PLACE = "TOKEN"  # noqa: S105  (stands for the token in a cached address)
# The actions of each target, in the order of their links.
ACTIONS: dict[ActionTarget, tuple[str, ...]] = {
    ActionTarget.STEP: (DONE, WEEK, STUCK, LET_GO),
    ActionTarget.UNRATED: (WORTH,),
    ActionTarget.GOAL: (DONE, WEEK, STUCK, LET_GO),
    ActionTarget.STEPLESS: (STUCK, DONE, LET_GO),
    ActionTarget.STOP_RULE: (CONFIRM, WEEK, LET_GO),
}
# The button of the email is the first action; for other targets it opens the app, with all actions next to it.
BUTTON_ACTIONS = (ActionTarget.STEP, ActionTarget.UNRATED, ActionTarget.STEPLESS)


class MailLink(NamedTuple):
    """A link in an email."""

    label: str
    url: str


def target_of(line: ReminderTarget) -> tuple[ActionTarget, int] | None:
    """Return the target of a reminder with its id; None where it can be answered in the app only."""
    if line.step_id is not None:
        return (ActionTarget.UNRATED if line.kind == ReminderKind.STEP_UNRATED else ActionTarget.STEP), line.step_id
    if line.goal_id is None:
        return None
    if line.kind == ReminderKind.STOP_RULE:
        return ActionTarget.STOP_RULE, line.goal_id
    return (ActionTarget.STEPLESS if line.kind == ReminderKind.GOAL_WITHOUT_STEP else ActionTarget.GOAL), line.goal_id


def mail_links(target: ActionTarget | None, token: str, text: ReminderText, *, is_short: bool) -> list[MailLink]:
    """Return the links of an item in a mail, the button first. Short: the button and at most one more."""
    links = [] if target in BUTTON_ACTIONS else [MailLink(text.action, absolute_url(text.path))]
    if target:
        actions = _action_links(target, settings.LANGUAGE_CODE, settings.BASE_URL)
        links += [
            MailLink(label, url.replace(TOKEN_PLACE, token)) for label, url in (actions[:1] if is_short else actions)
        ]
    return links


@lru_cache(maxsize=64)  # looking up addresses and translations takes longer than all else in a mail
def _action_links(target: ActionTarget, _language: str, _base_url: str) -> list[MailLink]:
    return [MailLink(label(target, name), absolute_url(action_path(name, TOKEN_PLACE))) for name in ACTIONS[target]]


def label(target: ActionTarget, name: str) -> str:
    if name == DONE:
        return _("Mark as done") if target == ActionTarget.STEP else _("Reached")
    if name == STUCK:
        return _("Add the next step") if target == ActionTarget.STEPLESS else _("I am stuck")
    if name == WEEK:
        return _("Ask me in a week") if target == ActionTarget.STOP_RULE else _("Move by a week")
    return {LET_GO: _("Let go"), CONFIRM: _("Condition met"), WORTH: _("Rate this step")}[name]


def action_path(name: str, token: str) -> str:
    """Return the path of the page of an action."""
    return reverse(f"email_action:{name}", args=[token])
