"""Signing in at an OpenID Connect provider: a real one, of the package oidc-provider-mock, on this machine."""

import json
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from accounts.models import User
from accounts.reauthentication import OPENID_AUTH_TIME, record_openid_sign_in
from tests.accounts.conftest import is_signed_in, sign_in, unique
from tests.accounts.openid.conftest import ADDRESS, JOIN, SIGNUP, allow, come_back, connected, leave
from tests.factories.accounts import PASSWORD, UserFactory, confirm_password

# The provider's own use of its library.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")]
DISCONNECT = "/account/security/openid/disconnect/"
CANARY = "canary-7b3d"


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
        monkeypatch.setattr("oidc_provider_mock._storage.AuthorizationCode.get_auth_time", lambda code: at)

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
        asked = client.post("/data/export/")
        assert asked.url == "/account/security/openid/confirm/?next=%2Fdata%2Fexport%2F"
        at_provider = parse_qs(urlsplit(leave(client, next="/data/")).query)
        assert (at_provider["prompt"], at_provider["max_age"]) == (["login"], ["0"])
        cache.clear()
        signed_in_there(int(time.time()))
        assert come_back(client, "iris", next="/data/").url == "/data/"
        assert not client.post("/data/export/").url.startswith("/account/")


@pytest.fixture
def without_password(provider, user):
    """The browser of somebody who has nothing but the OpenID account, signed in too long ago for changes."""
    user.set_unusable_password()
    user.save()
    connected(user)
    client = Client()
    client.force_login(user)
    return client


DELETE = {
    "path": reverse("accounts:delete-request"),
    "headers": {"referer": "http://testserver" + reverse("accounts:delete")},
}


@pytest.mark.parametrize(("minutes_ago", "is_done"), [(0, True), (11, False)])
def test_what_was_posted_is_done_after_the_confirmation_at_the_provider(
    without_password, user, signed_in_there, minutes_ago, is_done
):
    signed_in_there(int(time.time()) - 60 * minutes_ago)
    asked = without_password.post(**DELETE, data={"note": CANARY}).url
    assert CANARY not in json.dumps(dict(without_password.session))
    next_page = without_password.get(asked).context["next"]
    assert come_back(without_password, "iris", next=next_page).url == reverse("accounts:delete")
    assert User.objects.get(pk=user.pk).is_deletion_pending == is_done


def test_a_confirmation_for_something_else_does_not_do_what_waits(without_password, user, signed_in_there):
    signed_in_there(int(time.time()))
    without_password.post(**DELETE)
    assert come_back(without_password, "iris", next="/data/").url == "/data/"
    assert not User.objects.get(pk=user.pk).is_deletion_pending


def test_what_was_posted_is_not_done_for_somebody_else(without_password, user, other_user, signed_in_there):
    signed_in_there(int(time.time()))
    asked = without_password.post(**DELETE).url
    connected(other_user, "other")
    come_back(without_password, "other", next=parse_qs(urlsplit(asked).query)["next"][0])
    people = User.objects.filter(pk__in=[user.pk, other_user.pk], deletion_due_at__isnull=False)
    assert not people.exists()
