"""The address of a calendar: whoever has it can read the calendar, so it is a key, and nobody can guess it."""

from hashlib import sha256
from secrets import token_urlsafe

from django.urls import reverse

from careerplan.core.mail import absolute_url

TOKEN_BYTES = 32  # 256 bits; the contract asks for 128


def new_token() -> str:
    """A token that was never there before."""
    return token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token. A plain SHA-256 is enough: what is random cannot be guessed from a list.

    It is looked up by this hash: what the comparison in the index takes says nothing about the token.
    """
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def feed_url(token: str) -> str:
    """The whole address, on the configured origin."""
    return absolute_url(reverse("calendar_feed:feed", args=[token]))


def subscription_url(address: str) -> str:
    """The same for calendar programs that open `webcal:` addresses themselves."""
    return f"webcal://{address.partition('://')[2]}"
