"""Steps with second factors: an owner who is signed in, codes of an app, and passkeys of a soft key."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import SIGN_IN
from tests.factories.accounts import PASSWORD
from tests.factories.passkeys import SoftKey

SECURITY, CONFIRM = "/account/security/", "/account/login/confirm/"
RECOVERY, PASSKEY = "/account/login/recovery-code/", "/account/login/passkey/"
ADD_PASSKEY, ADD_APP = "/account/security/passkeys/add/", "/account/security/app/add/"
SAVE_CODES, NEW_CODES = "/account/security/recovery-codes/", "/account/security/recovery-codes/new/"
DOWNLOAD = "/account/security/recovery-codes/download/"
REAUTHENTICATE = "/account/reauthenticate/"
PERIOD = 30


@pytest.fixture(autouse=True)
def _fresh_limits():
    """Every test starts with no attempts counted, and no code used."""
    cache.clear()


@pytest.fixture
def owner(user):
    """A browser whose owner has just confirmed the password."""
    return confirmed(user)


def browser(**headers: str) -> Client:
    """A browser at localhost, where passkeys work."""
    return Client(headers={"host": "localhost", **headers})


def confirmed(user: User) -> Client:
    client = browser()
    client.force_login(user)
    assert client.post(REAUTHENTICATE, {"password": PASSWORD}).status_code == 302
    return client


def sign_in(client: Client, user: User, password: str = PASSWORD, **more):
    """Send the sign-in form; returns the answer."""
    return client.post(SIGN_IN, {"login": user.email, "password": password} | more)


def is_signed_in(client: Client) -> bool:
    return client.get(SECURITY).status_code == 200


def app_code(secret: str, periods: int = 0) -> str:
    """The code that the app shows now, or some periods later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods)))


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 500_000) % 1_000_000:06}"


def give_app(user: User) -> str:
    """Give a user an authenticator app and recovery codes; return the app's secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def recovery_codes(user: User) -> list[str]:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(row.wrap().get_unused_codes())


def challenge(client: Client, path: str) -> str:
    """Ask for a challenge, as static/js/passkeys.js does."""
    answer = client.post(path, {"options": "1"})
    assert answer.status_code == 200, answer.content[:200]
    return str(answer.json()["publicKey"]["challenge"])


def add_passkey(client: Client, key: SoftKey, name: str = "Laptop"):
    """Add a passkey on its page; returns the answer."""
    credential = key.create(challenge(client, ADD_PASSKEY))
    return client.post(ADD_PASSKEY, {"name": name, "credential": json.dumps(credential)})


def use_passkey(client: Client, key: SoftKey, path: str = PASSKEY, **changes):
    """Answer a challenge with a passkey; returns the answer."""
    return client.post(path, {"credential": json.dumps(key.get(challenge(client, path), **changes))})


def error_of(answer, name="code") -> str:
    """The code of a field's error."""
    return answer.context["form"].errors.as_data()[name][0].code


def start(user: User) -> Client:
    """A browser after the right password."""
    client = browser()
    assert sign_in(client, user)["Location"] == CONFIRM
    return client
