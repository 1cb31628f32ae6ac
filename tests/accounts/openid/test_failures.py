"""Sign-ins at a provider that are cancelled, forged or not answered, and a site without a provider."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.cache import cache
from django.test import Client
from structlog.testing import capture_logs

from tests.accounts.conftest import is_signed_in
from tests.accounts.openid.conftest import LOGIN, allow, connected, leave

# The provider's own use of its library.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")]


def test_a_cancelled_sign_in_has_a_page(provider):
    client = Client()
    url = leave(client)
    answer = requests.post(url, data={"action": "deny"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    [state] = parse_qs(urlsplit(url).query)["state"]  # this provider forgets it here
    page = client.get(f"{back.path}?{back.query}&state={state}", follow=True)
    assert page.redirect_chain == [("/account/openid/login/cancelled/", 302)]
    assert page.status_code == 200


def test_an_answer_of_another_browser_or_a_second_time_is_refused(provider, user):
    connected(user)
    client = Client()
    path = allow(leave(client), "iris")
    with capture_logs() as lines:
        assert Client().get(path).status_code == 401
    assert [line["event"] for line in lines if line["event"] != "request"] == ["openid_refused"]
    assert client.get(path).status_code == 302
    assert client.get(path).status_code == 401


def test_an_id_token_of_another_sign_in_is_refused(provider, user):
    connected(user)
    client = Client()
    url = leave(client)
    nonce = parse_qs(urlsplit(url).query)["nonce"][0]
    assert client.get(allow(url.replace(nonce, "x" * len(nonce)), "iris")).status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("issuer", ["http://localhost:1", "{server}/", "{server}/jwks?x=/.well-known/"])
def test_a_provider_that_does_not_answer_has_a_page(provider, settings, issuer, server):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": issuer.format(server=server)}
    answer = Client().post(LOGIN)
    assert answer.status_code == (200 if issuer == "{server}/" else 401)


def answering(content: bytes | None):
    """A way to ask a provider that gives this answer; None for one that does not answer."""

    def get(*args, **kwargs):
        if content is None:
            raise requests.ConnectionError
        response = requests.Response()
        response.status_code, response._content = 200, content
        return response

    return get


@pytest.mark.parametrize("content", [None, b"<html>", b"[]", b"{}", b'{"issuer": 7}'])
def test_a_provider_that_failed_is_asked_again_only_later(provider, settings, monkeypatch, content):
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://localhost:1/down"}
    tries, get = [], answering(content)
    monkeypatch.setattr(requests.Session, "get", lambda *args, **kwargs: tries.append(args) or get(*args, **kwargs))
    cache.delete("openid:http://localhost:1/down")
    assert [Client().post(LOGIN).status_code for _ in range(3)] == [401] * 3
    assert len(tries) == 1


def test_one_client_cannot_start_without_end(provider):
    client = Client(REMOTE_ADDR="203.0.113.77")
    assert {client.post(LOGIN).status_code for _ in range(20)} == {200}
    assert client.post(LOGIN).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.78").post(LOGIN).status_code == 200


def test_without_settings_there_is_neither_button_nor_page(user):
    client = Client()
    assert [client.get(LOGIN).status_code, client.post(LOGIN).status_code] == [404, 404]
    assert client.get(f"{LOGIN}callback/?state=x&code=y").status_code == 404
    for path in ("/account/login/", "/account/signup/"):
        assert 'data-testid="openid"' not in client.get(path).content.decode()


def test_with_settings_both_pages_have_the_button(provider):
    for path in ("/account/login/", "/account/signup/"):
        assert 'data-testid="openid"' in Client().get(path).content.decode()
