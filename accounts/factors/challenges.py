"""Challenges for passkeys. A browser asks for one by POST, so that a GET writes nothing.

static/js/passkeys.js first sends the form with `options` and gets the challenge as JSON. Then it asks the browser for
the passkey and sends the form again with the answer.
"""

from typing import Any

from allauth.mfa.webauthn.internal.auth import begin_authentication, begin_registration
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.models import User


def asks_for_challenge(request: HttpRequest) -> bool:
    """Return whether the script sent this form for a challenge."""
    return request.method == "POST" and "options" in request.POST


def respond_with_challenge(user: User | None = None) -> HttpResponse:
    """Start a challenge for a passkey of `user`, or of whoever answers."""
    return JsonResponse(begin_authentication(user))


def respond_with_new_passkey_challenge(user: User) -> HttpResponse:
    """Start a challenge for a new passkey: better one that needs no password, but a plain security key will do."""
    options: dict[str, Any] = begin_registration(user, passwordless=False)
    selection = {"residentKey": "preferred", "requireResidentKey": False, "userVerification": "preferred"}
    return JsonResponse({"publicKey": {**options["publicKey"], "authenticatorSelection": selection}})
