"""Signed links that stop emails: valid without signing in, for nothing else."""

from collections.abc import Iterable

from django.core import signing

from careerplan.reminders.kinds import ReminderKind

SALT = "careerplan.reminders.stop"


class BadStopLink(Exception):
    """The link was not made by us, or is damaged."""


def stop_token(user_id: int, kinds: Iterable[str]) -> str:
    """Return a token to stop these kinds of email for this user. It has no time, so a repeated email is the same."""
    return signing.Signer(salt=SALT).sign(".".join((str(user_id), *kinds)))


def read_stop_token(token: str) -> tuple[int, list[ReminderKind]]:
    """Return the user and the kinds of email of a token. Raises BadStopLink. Never expires, because old emails must
    still work.
    """
    try:
        user_id, *kinds = signing.Signer(salt=SALT).unsign(token).split(".")
    except signing.BadSignature as error:
        raise BadStopLink from error
    return int(user_id), [ReminderKind(kind) for kind in kinds if kind in ReminderKind.values]
