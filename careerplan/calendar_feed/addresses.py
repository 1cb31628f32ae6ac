"""The secret address of a calendar feed. Anyone who has it can read the calendar, so it must be unguessable."""

from hashlib import sha256
from secrets import token_urlsafe

from django.urls import reverse

from careerplan.core.mail import absolute_url

TOKEN_BYTES = 32  # 256 bits; the contract asks for 128


def new_token() -> str:
    """Return a new random token."""
    return token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return the hash that is stored instead of the token. Plain SHA-256 is enough for a random token.

    The index is searched by this hash, so the time that takes reveals nothing about the token.
    """
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def feed_url(token: str) -> str:
    """Return the full address on the configured origin."""
    return absolute_url(reverse("calendar_feed:feed", args=[token]))


def subscription_url(address: str) -> str:
    """Return the address for calendar apps that open `webcal:` links themselves."""
    return f"webcal://{address.partition('://')[2]}"
