"""Change of the email address."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from tests.accounts.conftest import CONFIRM, is_signed_in, sign_in, unique, wrong
from tests.factories.accounts import PASSWORD, UserFactory

EMAIL, REAUTHENTICATE = "/account/email/", "/account/reauthenticate/"
NEW = unique("new")


def ask(client: Client, email: str = NEW):
    """Ask for the change; who has not typed the password lately is asked for it, and goes on from there."""
    response = client.post(EMAIL, {"email": email, "action_add": ""})
    if response.status_code == 302 and response["Location"].startswith(REAUTHENTICATE):
        response = client.post(response["Location"], {"password": PASSWORD, "next": EMAIL})
    return response


def code_of(mail_box, email: str = NEW) -> str:
    text = mail_box.to(email)[-1].get_body(("plain",)).get_content()
    return re.search(r"^\s+(\d{6})\s*$", text, re.MULTILINE).group(1)


def addresses(user) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary"))


def test_email_change_asks_for_the_password_and_keeps_the_typed_address(user, signed_in, mail_box):
    response = signed_in.post(EMAIL, {"email": NEW, "action_add": ""})
    assert response["Location"] == "/account/reauthenticate/?next=%2Faccount%2Femail%2F"
    assert mail_box.to(NEW) == []
    wrong_password = signed_in.post(response["Location"], {"password": "not the right one", "next": EMAIL})
    assert wrong_password.context["form"].has_error("password", "incorrect_password")
    assert signed_in.post(response["Location"], {"password": PASSWORD, "next": EMAIL})["Location"] == CONFIRM
    assert len(mail_box.to(NEW)) == 1


def test_email_is_unchanged_before_the_code(user, signed_in, mail_box):
    assert ask(signed_in, NEW.title())["Location"] == CONFIRM
    signed_in.post(CONFIRM, {"code": wrong(code_of(mail_box))})
    user.refresh_from_db()
    assert user.email != NEW
    assert addresses(user) == [(user.email, True, True)]


def test_after_the_code_the_new_address_signs_in_and_the_old_one_gets_an_email(user, signed_in, mail_box):
    old = user.email
    ask(signed_in)
    response = signed_in.post(CONFIRM, {"code": code_of(mail_box)})
    assert response["Location"] == "/account/settings/"
    user.refresh_from_db()
    assert user.email == NEW
    assert addresses(user) == [(NEW, True, True)]
    [notice] = mail_box.to(old)
    _code, to_new = mail_box.to(NEW)
    assert NEW in to_new.get_body(("plain",)).get_content()
    assert "127.0.0.1" in to_new.get_body(("plain",)).get_content()
    assert NEW in notice.get_body(("plain",)).get_content()
    assert sign_in(Client(), old).status_code == 200
    assert sign_in(Client(), NEW).status_code == 302


def test_change_of_address_ends_the_other_sessions(user, mail_box):
    here, elsewhere = Client(), Client()
    sign_in(here, user.email)
    sign_in(elsewhere, user.email)
    assert ask(here)["Location"] == CONFIRM
    assert is_signed_in(elsewhere)
    here.post(CONFIRM, {"code": code_of(mail_box)})
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)


def test_address_of_another_account_gets_the_same_response_and_is_never_confirmed(user, signed_in, mail_box):
    owner = UserFactory(email=unique("taken"))
    assert ask(signed_in, owner.email)["Location"] == CONFIRM
    page = signed_in.get(CONFIRM).content.decode()
    assert owner.email in page
    response = signed_in.post(CONFIRM, {"code": code_of(mail_box, owner.email)})
    assert response.context["form"].has_error("code", "email_taken")
    owner.refresh_from_db()
    user.refresh_from_db()
    assert (owner.email, user.email != owner.email) == (unique("taken"), True)


def test_an_unconfirmed_sign_up_does_not_block_an_address(user, signed_in, mail_box):
    UserFactory(email=NEW, confirmed=False)
    ask(signed_in)
    assert signed_in.post(CONFIRM, {"code": code_of(mail_box)}).status_code == 302
    user.refresh_from_db()
    assert user.email == NEW


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("no-address", "invalid"),
        ("x" * 100_000, "invalid"),
        ("a\x00@example.org", "control_characters"),
    ],
)
def test_invalid_addresses(signed_in, typed, code):
    response = signed_in.post(EMAIL, {"email": typed, "action_add": ""})
    assert response.context["form"].has_error("email", code)


def test_current_address_is_refused(user, signed_in):
    response = signed_in.post(EMAIL, {"email": user.email.upper(), "action_add": ""})
    assert response.context["form"].has_error("email", "duplicate_email")


def test_second_code_within_seconds_is_an_error_of_the_field(signed_in, mail_box):
    ask(signed_in)
    response = ask(signed_in)
    assert response.context["form"].has_error("email", "rate_limited")


def test_expired_code_of_a_change(user, signed_in, mail_box):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        client = Client()
        sign_in(client, user.email)
        ask(client)
        clock.shift(601)
        response = client.post(CONFIRM, {"code": code_of(mail_box)})
        assert response.context["form"].has_error("code", "dead_code")
        cache.clear()
        client.post(CONFIRM, {"action": "resend"})
        assert client.post(CONFIRM, {"code": code_of(mail_box)})["Location"] == "/account/settings/"


def test_primary_address_cannot_be_removed_by_hand(user, signed_in):
    for action in ("action_remove", "action_primary", "action_send"):
        signed_in.post(EMAIL, {"email": user.email, action: ""})
    assert addresses(user) == [(user.email, True, True)]
