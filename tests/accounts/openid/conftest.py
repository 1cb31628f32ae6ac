"""A provider of OpenID Connect, and how somebody signs in there."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import unique

LOGIN, JOIN, SIGNUP = "/account/openid/login/", "/account/openid/join/", "/account/openid/signup/"
ADDRESS = unique("iris")
CLAIMS = {"name": "Iris Novak", "email": ADDRESS, "email_verified": True}


def identities():
    from oidc_provider_mock import User as Identity  # half a second, and not for each worker

    changed = {"iris": {}, "unconfirmed": {"email_verified": False}, "as-text": {"email_verified": "true"}}
    changed |= {"nobody": {"email": None}, "other": {"email": unique("other")}}
    return [Identity(sub=sub, claims=CLAIMS | claims) for sub, claims in changed.items()]


@pytest.fixture(scope="module")
def server():
    """The provider, which insists on a nonce."""
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread(require_nonce=True, user_claims=identities()) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def provider(server, settings):
    """The settings of an operator who uses it."""
    app = {"provider_id": "openid", "name": "Northgate", "client_id": "plan", "secret": "s3cret"}
    app["settings"] = {"server_url": server}
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": known | {"APPS": [app]}}
    settings.OIDC_NAME = "Northgate"
    return server


def leave(client: Client, **data) -> str:
    """Press the button; returns the address at the provider."""
    page = client.post(LOGIN, data)
    return page.headers["Refresh"].removeprefix("0; url=")


def allow(url: str, identity: str) -> str:
    """Sign in at the provider; returns the path by which it leads back."""
    answer = requests.post(url, data={"sub": identity}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def come_back(client: Client, identity: str, **data):
    """From the button to the answer of our page to which the provider leads."""
    return client.get(allow(leave(client, **data), identity))


def connected(user: User, identity: str = "iris") -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider="openid", uid=identity)
