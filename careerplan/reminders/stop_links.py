"""The links that stop e-mails: signed, good without signing in, and nothing but that can be done with them."""

from collections.abc import Iterable

from django.core import signing

from careerplan.reminders.kinds import ReminderKind

SALT = "careerplan.reminders.stop"


class BadStopLink(Exception):
    """The link was not made by us, or is damaged."""


def stop_token(user_id: int, kinds: Iterable[str]) -> str:
    """What allows to stop these kinds of e-mail for this person. No time in it: a repeated mail is the same."""
    return signing.Signer(salt=SALT).sign(".".join((str(user_id), *kinds)))


def read_stop_token(token: str) -> tuple[int, list[ReminderKind]]:
    """Whose e-mails a token stops, and which kinds. Raises BadStopLink. Does not expire: old mail must still work."""
    try:
        user_id, *kinds = signing.Signer(salt=SALT).unsign(token).split(".")
    except signing.BadSignature as error:
        raise BadStopLink from error
    return int(user_id), [ReminderKind(kind) for kind in kinds if kind in ReminderKind.values]
