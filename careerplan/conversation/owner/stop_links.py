"""The link in the daily email that stops it: signed with the address it goes to, so that it works for that one alone.

It has no time in it: a second attempt at an email has the same link, and an old email can still be stopped.
"""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.models import User
from careerplan.core.mail import absolute_url

SALT = "careerplan.conversation.stop"


def stop_url(user: User) -> str:
    """Return the address that stops the daily email of a user."""
    token = _signer(user).sign(str(user.pk))
    return absolute_url(reverse("conversation:stop", args=[token]))


def user_of_link(token: str) -> User:
    """Return the user of a link. Raises BadSignature for one that is not ours, or went to another address."""
    number = token.split(":", 1)[0]
    user = (
        User.objects.filter(pk=int(number), is_active=True).first() if number.isdecimal() and len(number) < 18 else None
    )
    if user is None:
        raise BadSignature
    _signer(user).unsign(token)
    return user


def _signer(user: User) -> Signer:
    return Signer(salt=f"{SALT} {user.email}")
