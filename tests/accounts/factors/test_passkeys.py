"""Passkeys: adding, signing in with one only, as a second step, confirming, renaming and removing."""

import json

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from structlog.testing import capture_logs

from accounts.factors.passkey_forms import MOST_PASSKEYS
from accounts.factors.queries import load_factors
from tests.accounts.factors import conftest as steps
from tests.factories.passkeys import SoftKey, make_passkey

pytestmark = pytest.mark.django_db


def key_of(user, **how) -> SoftKey:
    return SoftKey(user_handle=user_pk_to_url_str(user).encode(), **how)


def test_a_passkey_is_added_and_signs_in_alone(user, owner):
    key = key_of(user)
    answer = steps.add_passkey(owner, key)
    assert answer["Location"] == steps.SAVE_CODES
    [passkey] = load_factors(user).passkeys
    assert (passkey.name, passkey.signs_in_alone, passkey.last_used_at) == ("Laptop", True, None)
    client = steps.browser()
    assert steps.use_passkey(client, key).status_code == 302
    assert steps.is_signed_in(client)
    assert load_factors(user).passkeys[0].last_used_at is not None


@pytest.mark.parametrize("how", [{"verifies": False}, {"is_listed": False}])
def test_a_plain_security_key_is_a_second_step_only(user, owner, how):
    key = key_of(user, **how)
    steps.add_passkey(owner, key)
    assert not load_factors(user).passkeys[0].signs_in_alone
    alone = steps.browser()
    key.verifies = True
    steps.use_passkey(alone, key)
    assert not steps.is_signed_in(alone)
    second = steps.browser()
    assert steps.sign_in(second, user)["Location"] == steps.CONFIRM
    key.verifies = how.get("verifies", True)
    steps.use_passkey(second, key, steps.CONFIRM)
    assert steps.is_signed_in(second)


def test_a_browser_that_does_not_say_whether_a_passkey_is_listed(user, owner):
    key = key_of(user, is_listed=None)
    steps.add_passkey(owner, key)
    client = steps.browser()
    steps.use_passkey(client, key)
    assert steps.is_signed_in(client)


def test_a_challenge_of_the_second_step_does_not_let_an_unverified_passkey_in(user):
    """The second step asks for no PIN. An answer to its challenge must not sign in by itself."""
    key = key_of(user)
    make_passkey(user, key=key)
    client = steps.browser()
    steps.sign_in(client, user)
    asked = steps.challenge(client, steps.CONFIRM)
    session = client.session
    del session["account_login"]  # no second step any more, the challenge is still there
    session.save()
    key.verifies = False
    client.post(steps.PASSKEY, {"credential": json.dumps(key.get(asked))})
    assert not steps.is_signed_in(client)


def test_a_passkey_leads_to_where_sign_in_would_have_led(user):
    key = key_of(user)
    make_passkey(user, key=key)
    client = steps.browser()
    credential = json.dumps(key.get(steps.challenge(client, steps.PASSKEY)))
    answer = client.post(steps.PASSKEY, {"credential": credential, "next": "/goals/"})
    assert answer["Location"] == "/goals/"


def test_an_answer_works_once_and_only_for_its_challenge(user):
    key = key_of(user)
    make_passkey(user, key=key)
    first, second = steps.browser(), steps.browser()
    answer = json.dumps(key.get(steps.challenge(first, steps.PASSKEY)))
    first.post(steps.PASSKEY, {"credential": answer})
    first.post("/account/logout/")
    first.post(steps.PASSKEY, {"credential": answer})
    second.post(steps.PASSKEY, {"credential": answer})
    assert not steps.is_signed_in(first)
    assert not steps.is_signed_in(second)


def test_a_passkey_of_another_account_is_no_second_step(user, other_user):
    key = key_of(other_user)
    make_passkey(other_user, key=key)
    make_passkey(user)
    client = steps.browser()
    steps.sign_in(client, user)
    with capture_logs() as lines:
        answer = steps.use_passkey(client, key, steps.CONFIRM)
    assert answer.context["form"].errors.as_data()["credential"][0].code == "refused"
    assert not steps.is_signed_in(client)
    [line] = [line for line in lines if line["event"] == "factor_refused"]
    assert line["user"] == user.pk


def test_a_deactivated_account_does_not_open(user):
    key = key_of(user)
    make_passkey(user, key=key)
    type(user).objects.update(is_active=False)
    client = steps.browser()
    steps.use_passkey(client, key)
    assert not steps.is_signed_in(client)


def test_a_page_writes_no_session_for_a_stranger():
    client = steps.browser()
    client.get("/account/login/")
    client.get(steps.PASSKEY)
    assert "session" not in client.cookies


@pytest.mark.parametrize(
    "credential",
    [
        *("", "null", "[]", "5", '"x"', "{}", "[" * 100_000, '{"rawId": 5}', '{"rawId": "a", "response": []}'),
        '{"rawId": "AAAA", "response": {"clientDataJSON": "e30", "attestationObject": "AAAA"}}',
        '{"rawId": "AAAA", "response": {"clientDataJSON": "bm8", "authenticatorData": "AA", "signature": "AA"}}',
        '{"rawId": "AAAA", "response": {"clientDataJSON": "e30", "userHandle": "____________________"}}',
        '{"rawId": "A\\u0000", "response": {}}',
    ],
)
def test_malformed_credentials_are_refused(user, owner, credential):
    make_passkey(user)
    steps.challenge(owner, steps.ADD_PASSKEY)
    answer = owner.post(steps.ADD_PASSKEY, {"name": "x", "credential": credential})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    client = steps.browser()
    steps.challenge(client, steps.PASSKEY)
    assert client.post(steps.PASSKEY, {"credential": credential})["Location"] == "/account/login/"
    steps.sign_in(client, user)
    assert client.post(steps.CONFIRM, {"credential": credential}).status_code == 200
    assert not steps.is_signed_in(client)


def test_nothing_but_known_parts_of_a_credential_is_stored(user, owner):
    key = key_of(user)
    credential = key.create(steps.challenge(owner, steps.ADD_PASSKEY)) | {"more": "x\x00"}
    credential["response"]["transports"] = ["\x00"]
    owner.post(steps.ADD_PASSKEY, {"name": "Phone", "credential": json.dumps(credential)})
    stored = Authenticator.objects.get(user=user, type="webauthn").data["credential"]
    assert set(stored) == {"id", "rawId", "type", "response", "clientExtensionResults"}
    assert set(stored["response"]) == {"clientDataJSON", "attestationObject"}


def test_there_is_a_highest_number_of_passkeys(user, owner):
    for number in range(MOST_PASSKEYS):
        make_passkey(user, name=f"Key {number}")
    answer = steps.add_passkey(owner, key_of(user))
    assert answer.context["form"].errors.as_data()["__all__"][0].code == "too_many"


def test_a_passkey_without_a_name_gets_one(user, owner):
    steps.add_passkey(owner, key_of(user), name="")
    assert load_factors(user).passkeys[0].name == "Passkey 1"


def test_renaming_and_removing(user, owner):
    passkey = make_passkey(user)
    owner.post(f"/account/security/passkeys/{passkey.pk}/rename/", {"name": "Work laptop"})
    assert load_factors(user).passkeys[0].name == "Work laptop"
    owner.post(f"/account/security/passkeys/{passkey.pk}/remove/")
    assert load_factors(user).passkeys == []


def test_removing_the_last_factor_ends_the_recovery_codes(user, owner):
    steps.add_passkey(owner, key_of(user))
    [passkey] = load_factors(user).passkeys
    owner.post(f"/account/security/passkeys/{passkey.pk}/remove/")
    assert not Authenticator.objects.filter(user=user).exists()
    client = steps.browser()
    steps.sign_in(client, user)
    assert steps.is_signed_in(client)


CHANGES = [steps.ADD_PASSKEY, steps.ADD_APP, "/account/security/app/remove/", steps.NEW_CODES, steps.SAVE_CODES]


@pytest.mark.parametrize("path", [*CHANGES, "/account/security/password/remove/", "passkey remove", "passkey rename"])
def test_each_change_asks_for_the_password_first(user, path):
    steps.give_app(user)
    passkey = make_passkey(user)
    client = steps.browser()
    client.force_login(user)
    if path.startswith("passkey"):
        path = f"/account/security/passkeys/{passkey.pk}/{path.split()[1]}/"
    if path == steps.ADD_APP:
        Authenticator.objects.filter(type="totp").delete()
    before = list(Authenticator.objects.values())
    for answer in (client.get(path), client.post(path, {"name": "x"})):
        assert answer["Location"].startswith(steps.REAUTHENTICATE)
    assert list(Authenticator.objects.values()) == before


def test_the_password_is_asked_for_again_after_10_minutes(owner):
    assert owner.get(steps.ADD_PASSKEY).status_code == 200
    session = owner.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 601
    session.save()
    assert owner.get(steps.ADD_PASSKEY)["Location"].startswith(steps.REAUTHENTICATE)
    assert owner.post(steps.ADD_PASSKEY, {"options": "1"}).status_code == 403


def test_a_passkey_confirms_who_changes_something(user):
    key = key_of(user)
    make_passkey(user, key=key)
    client = steps.browser()
    client.force_login(user)
    path = "/account/reauthenticate/passkey/"
    credential = json.dumps(key.get(steps.challenge(client, path)))
    answer = client.post(path, {"credential": credential, "next": steps.ADD_PASSKEY})
    assert answer["Location"] == steps.ADD_PASSKEY
    assert client.get(steps.ADD_PASSKEY).status_code == 200


def test_an_address_that_is_a_number_offers_no_passkeys(user):
    client = Client(headers={"host": "127.0.0.1:8000"})
    assert not client.get("/account/login/").context["passkeys_possible"]
    client.force_login(user)
    page = client.get(steps.SECURITY)
    assert not page.context["passkeys_possible"]
    assert "127.0.0.1" in page.content.decode()
    assert steps.browser().get("/account/login/").context["passkeys_possible"]


def test_password_can_go_when_a_passkey_is_enough(user, owner, mail_box):
    path = "/account/security/password/remove/"
    owner.post(path)
    user.refresh_from_db()
    assert user.has_usable_password()
    key = key_of(user)
    passkey = make_passkey(user, key=key)
    elsewhere = steps.browser()
    steps.use_passkey(elsewhere, key)
    owner.post(path)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert steps.is_signed_in(owner)
    assert not steps.is_signed_in(elsewhere)
    assert "password was removed" in mail_box.to(user.email)[-1]["Subject"]
    # It is the only way in now, so it stays.
    owner.post(f"/account/security/passkeys/{passkey.pk}/remove/")
    assert len(load_factors(user).passkeys) == 1
    client = steps.browser()
    steps.use_passkey(client, key)
    assert steps.is_signed_in(client)


def test_security_page_takes_a_constant_number_of_queries(user, owner, django_assert_num_queries):
    make_passkey(user)
    owner.get(steps.SECURITY)
    with CaptureQueriesContext(connection) as one:
        owner.get(steps.SECURITY)
    for number in range(10):
        make_passkey(user, name=f"Key {number}")
    with django_assert_num_queries(len(one)):
        owner.get(steps.SECURITY)
