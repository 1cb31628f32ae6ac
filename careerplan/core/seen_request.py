"""How a request of `manage.py doctor` looks after it has come through the proxies.

Doctor has SECRET_KEY and proves it by a signature. Nobody else learns which addresses the proxies have.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest

from careerplan.core.buffering import BODY_TOOK

WHO = "doctor"
KEY_SECONDS = 60


def make_key() -> str:
    """Return a key that opens the page for a minute."""
    return _signer().sign(WHO)


def has_key(headers: Mapping[str, str]) -> bool:
    """Return whether a request carries a key."""
    given = headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        return _signer().unsign(given, max_age=KEY_SECONDS) == WHO
    except BadSignature:
        return False


def describe_request(request: HttpRequest) -> dict[str, Any]:
    """Return what this process sees of a request, and how many proxies it trusts."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return {
        "scheme": request.scheme,
        "peer": request.META.get("REMOTE_ADDR", ""),
        "forwarded": [address.strip() for address in forwarded.split(",") if address.strip()],
        "trusted_proxies": settings.TRUSTED_PROXY_COUNT,
        "body_seconds": request.META.get(BODY_TOOK),
    }


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=__name__)
