"""The link in the daily email that stops it: signed with the address it goes to, and good for 60 days."""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from accounts.models import User
from careerplan.core.mail import absolute_url

SALT = "careerplan.conversation.stop"
GOOD_FOR = timedelta(days=60)


def stop_url(user: User) -> str:
    """Return the address that stops the daily email of a user."""
    token = _signer(user).sign(str(user.pk))
    return absolute_url(reverse("conversation:stop", args=[token]))


def user_of_link(token: str) -> User:
    """Return the user of a link. Raises BadSignature for one that is not ours, is old, or went to another address."""
    number = token.split(":", 1)[0]
    user = (
        User.objects.filter(pk=int(number), is_active=True).first() if number.isdecimal() and len(number) < 18 else None
    )
    if user is None:
        raise BadSignature
    _signer(user).unsign(token, max_age=GOOD_FOR)
    return user


def _signer(user: User) -> TimestampSigner:
    return TimestampSigner(salt=f"{SALT} {user.email}")
