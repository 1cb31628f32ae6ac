"""Signing in at an OpenID Connect provider: a real one, of the package oidc-provider-mock, on this machine."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from oidc_provider_mock import User as Identity
from oidc_provider_mock import run_server_in_thread
from oidc_provider_mock._storage import AuthorizationCode
from playwright.sync_api import Page, expect
from structlog.testing import capture_logs

from accounts.models import User
from accounts.reauthentication import OPENID_AUTH_TIME, record_openid_sign_in
from tests.accounts.conftest import is_signed_in, sign_in, unique
from tests.factories.accounts import PASSWORD, UserFactory, confirm_password
from tests.windows import check

# The provider's own use of its library.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")]
LOGIN = "/account/openid/login/"
JOIN, SIGNUP = "/account/openid/join/", "/account/openid/signup/"
DISCONNECT = "/account/security/openid/disconnect/"
ADDRESS = unique("iris")
CLAIMS = {"name": "Iris Novak", "email": ADDRESS, "email_verified": True}


def identities():
    changed = {"iris": {}, "unconfirmed": {"email_verified": False}, "as-text": {"email_verified": "true"}}
    changed |= {"nobody": {"email": None}, "other": {"email": unique("other")}}
    return [Identity(sub=sub, claims=CLAIMS | claims) for sub, claims in changed.items()]


@pytest.fixture(scope="module")
def server():
    """The provider, which insists on a nonce."""
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


def test_the_request_carries_state_nonce_and_pkce_and_asks_for_no_more_than_the_profile(provider):
    asked = parse_qs(urlsplit(leave(Client(), auth_params="prompt=none", scope="address")).query)
    assert all(asked[name][0] for name in ("state", "nonce", "code_challenge"))
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in asked


def test_a_new_person_signs_up_with_the_address_that_the_provider_confirmed(provider, mail_box):
    client = Client()
    assert come_back(client, "iris", next="/goals/").url == SIGNUP
    page = client.get(SIGNUP)
    assert page.context["form"].initial["name"] == "Iris Novak"
    with capture_logs() as lines:
        answer = client.post(SIGNUP, {"name": "Iris N.", "time_zone": "Europe/Vienna", "email": "evil@example.org"})
    assert answer.url == "/goals/"
    assert is_signed_in(client)
    user = User.objects.get(email=ADDRESS)
    assert (user.name, user.time_zone, user.has_usable_password()) == ("Iris N.", "Europe/Vienna", False)
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [(ADDRESS, True, True)]
    assert SocialAccount.objects.get().extra_data == {"email": ADDRESS}
    assert "signed_up" in {line["event"] for line in lines}
    assert ADDRESS not in str(lines)


def test_who_is_connected_signs_in(provider, user):
    connected(user)
    client = Client()
    assert come_back(client, "iris", next="/goals/").url == "/goals/"
    assert is_signed_in(client)
    assert not SocialAccount.objects.exclude(user=user).exists()


@pytest.mark.parametrize("identity", ["unconfirmed", "as-text", "nobody"])
def test_without_a_confirmed_address_nobody_signs_up_or_joins(provider, identity):
    UserFactory(email=ADDRESS)
    client = Client()
    answer = come_back(client, identity)
    assert (answer.status_code, answer.context["problem"]) == (403, "unconfirmed")
    assert [client.get(path).status_code for path in (JOIN, SIGNUP)] == [302, 302]
    assert not SocialAccount.objects.exists()


def test_an_existing_account_is_joined_by_its_password_once(provider, mail_box):
    user = UserFactory(email=ADDRESS)
    client = Client()
    assert come_back(client, "iris", next="/goals/").url == JOIN
    assert client.get(JOIN).context["email"] == ADDRESS
    wrong = client.post(JOIN, {"password": "not the right one"})
    assert wrong.context["form"].has_error("__all__", "incorrect_password")
    assert not SocialAccount.objects.exists()
    with capture_logs() as lines:
        assert client.post(JOIN, {"password": PASSWORD}).url == "/goals/"
    assert SocialAccount.objects.get().user == user
    assert {"event": "openid_connected", "user": user.pk, "log_level": "info"} in lines
    (mail,) = mail_box.to(ADDRESS)
    assert "Northgate" in mail["Subject"]
    assert come_back(Client(), "iris").url == "/today/"


def test_signing_in_elsewhere_or_too_late_joins_nothing(provider, user):
    UserFactory(email=ADDRESS)
    client = Client()
    come_back(client, "iris")
    sign_in(client, ADDRESS)
    assert not SocialAccount.objects.exists()
    late = Client()
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        come_back(late, "iris")
        clock.shift(601)
        assert late.post(JOIN, {"password": PASSWORD}).url == reverse("account_login")
    assert not SocialAccount.objects.exists()


def test_an_unconfirmed_sign_up_does_not_keep_an_address(provider):
    UserFactory(email=ADDRESS, confirmed=False)
    client = Client()
    assert come_back(client, "iris").url == SIGNUP
    client.post(SIGNUP, {"name": "Iris", "time_zone": "UTC"})
    assert not User.objects.get(email=ADDRESS).has_usable_password()


def test_an_address_that_got_an_account_meanwhile_is_refused(provider):
    client = Client()
    come_back(client, "iris")
    UserFactory(email=ADDRESS)
    answer = client.post(SIGNUP, {"name": "Iris", "time_zone": "UTC"})
    assert answer.context["form"].has_error("__all__", "email_taken")


@pytest.mark.django_db(transaction=True)
def test_one_of_two_sign_ups_at_the_same_moment_is_led_to_sign_in(provider, monkeypatch):
    """The other one is committed after this one has looked."""
    client = Client()
    come_back(client, "iris")
    monkeypatch.setattr("accounts.openid.forms.has_account", lambda email: bool(UserFactory(email=email)) and False)
    answer = client.post(SIGNUP, {"name": "Iris", "time_zone": "UTC"})
    assert answer.url == reverse("account_login")
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(("page", "data"), [("join", {}), ("sign up", {}), ("connect", {"process": "connect"})])
def test_the_access_token_is_not_stored(provider, user, page, data):
    """While a form waits, the sign-in at the provider lies in the session."""
    client = Client()
    if page == "join":
        UserFactory(email=ADDRESS)
    elif page == "connect":
        client.force_login(user)
    come_back(client, "iris", **data)
    waiting = str(client.session.items())
    assert ADDRESS in waiting
    assert "token" not in waiting


def test_a_second_account_at_the_provider_is_not_connected(provider, user, mail_box):
    user = UserFactory(email=ADDRESS)
    connected(user, "other")
    joining = Client()
    come_back(joining, "iris")
    joining.post(JOIN, {"password": PASSWORD})
    assert is_signed_in(joining)
    assert come_back(joining, "iris", process="connect").url == reverse("accounts:security")
    assert [account.uid for account in SocialAccount.objects.all()] == ["other"]


def test_disconnecting_ends_all_connections(provider, user, signed_in, mail_box):
    connected(user, "iris")
    connected(user, "other")
    confirm_password(signed_in)
    assert signed_in.post(DISCONNECT).url == reverse("accounts:security")
    assert not SocialAccount.objects.exists()


def test_the_owner_connects_and_disconnects_after_the_password(provider, user, mail_box):
    client = Client()
    client.force_login(user)
    asked = come_back(client, "other", process="connect")
    assert asked.url.startswith("/account/reauthenticate/")
    assert not SocialAccount.objects.exists()
    assert client.post(asked.url, {"password": PASSWORD}).url == reverse("accounts:security")
    assert SocialAccount.objects.get().user == user
    page = client.get(reverse("accounts:security"))
    assert (page.context["openid"].is_connected, page.context["openid"].email) == (True, unique("other"))
    with capture_logs() as lines:
        client.post(DISCONNECT)
    assert not SocialAccount.objects.exists()
    assert {"event": "openid_disconnected", "user": user.pk, "log_level": "info"} in lines
    assert len(mail_box.to(user.email)) == 2


def test_disconnecting_asks_for_the_password(provider, user, signed_in):
    connected(user)
    assert signed_in.post(DISCONNECT).url.startswith("/account/reauthenticate/")
    assert SocialAccount.objects.exists()


def test_an_account_that_is_connected_to_another_one_stays_there(provider, user, other_user, signed_in):
    connected(other_user)
    confirm_password(signed_in)
    come_back(signed_in, "iris", process="connect")
    assert SocialAccount.objects.get().user == other_user


@pytest.fixture
def signed_in_there(monkeypatch):
    """Set when somebody signed in at the provider."""

    def set_time(at: float) -> None:
        monkeypatch.setattr(AuthorizationCode, "get_auth_time", lambda code: at)

    return set_time


@pytest.mark.parametrize(("minutes_ago", "confirms"), [(0, True), (9, True), (11, False)])
def test_only_a_recent_sign_in_at_the_provider_confirms(provider, user, signed_in_there, minutes_ago, confirms):
    """The browser can leave out of the address that the provider has to ask again."""
    user.set_unusable_password()
    user.save()
    connected(user)
    client = Client()
    signed_in_there(int(time.time()) - 60 * minutes_ago)
    come_back(client, "iris")
    assert is_signed_in(client)
    for _repeat in range(2):  # at sign-in, and when asked again
        assert (not client.post("/data/export/").url.startswith("/account/security/openid/confirm/")) == confirms
        client.get(allow(leave(client).replace("max_age", "x").replace("prompt", "y"), "iris"))


@pytest.mark.parametrize("auth_time", [None, "", "soon", True, [], float("nan")])
def test_a_provider_that_gives_no_time_confirms_nothing(auth_time, rf):
    request = rf.get("/")
    request.session = {}
    assert not record_openid_sign_in(request, auth_time)


def test_a_time_to_come_confirms_no_longer_than_the_present(rf):
    request = rf.get("/")
    request.session = {}
    assert record_openid_sign_in(request, time.time() + 3600)
    assert request.session[OPENID_AUTH_TIME] <= time.time()


def test_the_only_way_to_sign_in_stays_and_confirms_changes(provider, user, mail_box, signed_in_there):
    user.set_unusable_password()
    user.save()
    connected(user)
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        client = Client()
        signed_in_there(int(time.time()))
        come_back(client, "iris")
        client.post(DISCONNECT)
        assert SocialAccount.objects.exists()
        assert not client.post("/data/export/").url.startswith("/account/")
        clock.shift(601)
        asked = client.post("/data/export/", headers={"referer": "http://testserver/data/"})
        assert asked.url == "/account/security/openid/confirm/?next=%2Fdata%2F"
        at_provider = parse_qs(urlsplit(leave(client, next="/data/")).query)
        assert (at_provider["prompt"], at_provider["max_age"]) == (["login"], ["0"])
        cache.clear()
        signed_in_there(int(time.time()))
        assert come_back(client, "iris", next="/data/").url == "/data/"
        assert not client.post("/data/export/").url.startswith("/account/")


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


# --- In a browser: by keyboard, on a phone ------------------------------------------------------------------
def press(page: Page, role: str, name: str) -> None:
    """Go to a control with the tab key and press it."""
    control = page.get_by_role(role, name=name, exact=True)
    for _ in range(40):
        if control.evaluate("control => control === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def to_provider_and_back(page: Page, identity: str) -> None:
    """From the sign-in page to the provider and back, without a mouse."""
    page.route("https://cdn.jsdelivr.net/**", lambda route: route.fulfill(body="", content_type="text/css"))
    page.route("**/favicon.ico", lambda route: route.fulfill(body=""))
    page.goto("/account/login/")
    press(page, "button", "Continue with Northgate")
    page.wait_for_url("**/oauth2/authorize**")
    expect(page.get_by_placeholder("sub")).to_be_focused()
    page.keyboard.type(identity)
    page.keyboard.press("Enter")


PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("java_script", [True, False])
def test_signing_up_on_a_phone_by_keyboard(provider, open_page, java_script):
    page = open_page(java_script_enabled=java_script, **PHONE)
    to_provider_and_back(page, "iris")
    page.wait_for_url(f"**{SIGNUP}")
    expect(page.get_by_label("Your name")).to_have_value("Iris Novak")
    if java_script:  # sets the time zone
        check(page)
    else:
        page.get_by_label("Time zone").select_option("Europe/Vienna")
    press(page, "button", "Create account")
    page.wait_for_url("**/today/")
    assert User.objects.get().email == ADDRESS


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_connecting_on_a_phone_by_keyboard(provider, open_page, mail_box):
    UserFactory(email=ADDRESS)
    page = open_page(**PHONE)
    to_provider_and_back(page, "iris")
    page.wait_for_url(f"**{JOIN}")
    check(page)
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
    page.goto("/account/security/")
    expect(page.get_by_text(f"Connected as {ADDRESS}")).to_be_visible()
    expect(page.get_by_test_id("device")).to_have_count(1)
    check(page)
    press(page, "button", "Disconnect Northgate")
    expect(page.get_by_text("Not connected")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_pages_of_a_failed_sign_in_are_accessible(provider, open_page):
    page = open_page(**PHONE)
    page.goto("/account/openid/login/cancelled/")
    check(page)
    page.goto(LOGIN)
    check(page)
