"""Signing up, from the form to the first page, and everything that can go wrong on the way."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.accounts.conftest import CONFIRM, SIGN_UP, TODAY, Newcomer, is_signed_in, wrong
from tests.factories.accounts import PASSWORD, UserFactory


def error_at(response, field: str) -> str:
    """The first error of a field; the page says so in its title."""
    assert response.status_code == 200
    assert "<title>Error:" in response.content.decode()
    return response.context["form"].errors[field][0]


def test_sign_up_code_and_first_page(newcomer):
    response = newcomer.sign_up(name="  Ruth Ade\u0301yemi ", time_zone="Asia/Calcutta")
    assert (response.status_code, response["Location"]) == (302, CONFIRM)
    assert not is_signed_in(newcomer.client)
    response = newcomer.enter(newcomer.code())
    assert (response.status_code, response["Location"]) == (302, TODAY)
    user = User.objects.get()
    assert (user.name, user.email, user.time_zone) == ("Ruth Adéyemi", newcomer.email, "Asia/Calcutta")
    assert user.password.startswith("argon2")
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.values_list("email", "verified", "primary").get() == (user.email, True, True)
    assert is_signed_in(newcomer.client)


def test_the_page_where_the_code_is_typed_suits_phones(newcomer):
    page = newcomer.client.get(SIGN_UP).content.decode()
    for expected in ('autocomplete="name"', 'autocomplete="email"', 'autocomplete="new-password"'):
        assert expected in page
    newcomer.sign_up()
    page = newcomer.client.get(CONFIRM).content.decode()
    assert re.search(r'<input[^>]+name="code"[^>]+autocomplete="one-time-code"[^>]+inputmode="numeric"', page)


def test_pasted_code_may_have_spaces(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    assert newcomer.enter(f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "Enter your name."),
        ("name", "\u200b\u200d", "Enter your name."),
        ("name", "Ruth\x00", "There is a character in it that cannot be shown"),
        ("name", "Ruth\x07", "There is a character in it that cannot be shown"),
        ("name", "Ruth \u202eimeyedA", "There is a character in it that cannot be shown"),
        ("name", "x" * 100_000, "That is 100000 characters long. Use 100 at most."),
        ("email", "", "Enter your e-mail address."),
        ("email", "nobody", "That is not an e-mail address."),
        ("email", '"a\x01b"@example.org', "There is a character in it that cannot be shown"),
        ("email", "a\x00@example.org", "There is a character in it that cannot be shown"),
        ("email", "a" * 100_000 + "@example.org", "That is not an e-mail address."),
        ("password1", "", "Enter a password."),
        ("password1", "short", "This password is too short."),
        ("password1", "four\x00plain words", "There is a character in it that cannot be shown"),
        ("password1", "x" * 100_000, "That is 100000 characters long. Use 1000 at most."),
        ("password1", "ruth.adeyemi", "The password is too similar to the name."),
        ("password1", "ruth.example.org", "The password is too similar to the e-mail address."),
        ("password1", "1234567890", "This password is too common."),
        ("time_zone", "", "Choose the city nearest to you."),
        ("time_zone", "Mars/Base", "That is not a time zone we know."),
        ("time_zone", "\x00" + "x" * 100_000, "That is not a time zone we know."),
    ],
)
def test_wrong_answers_are_said_at_the_field_and_change_nothing(newcomer, field, value, message):
    response = newcomer.sign_up(**{field: value})
    assert error_at(response, field).startswith(message)
    assert set(response.context["form"].errors) == {field}
    assert not User.objects.exists()
    assert newcomer.mail_box.to(newcomer.email) == []


def test_what_was_typed_is_still_there_but_the_password(newcomer):
    response = newcomer.sign_up(name="", time_zone="US/Eastern")
    page = response.content.decode()
    assert f'value="{newcomer.email}"' in page
    assert re.search(r'<option value="US/Eastern" selected', page)
    assert PASSWORD not in page
    assert "We do not keep a password that is not saved" in page


@pytest.mark.parametrize("name", ["🦩", "👩‍👩‍👧‍👦 Ruth", "李小龙", "O'Brien-Smith", "مريم"])
def test_every_script_and_emoji_names(newcomer, name):
    assert newcomer.sign_up(name=name).status_code == 302
    assert User.objects.get().name == name


def test_long_passwords_count_whole(newcomer):
    password = "a sentence of one's own, " * 8
    newcomer.sign_up(password1=password)
    assert User.objects.get().check_password(password)
    assert not User.objects.get().check_password(password[:-1])


def test_addresses_compare_without_case(newcomer):
    newcomer.sign_up(email="Ruth@Example.ORG")
    assert User.objects.get().email == "ruth@example.org"
    UserFactory(email="known@example.org")
    Newcomer(Client(), newcomer.mail_box).sign_up(email="KNOWN@example.org")
    assert User.objects.filter(email__iexact="known@example.org").count() == 1


def test_international_domain_is_one_address_however_it_is_spelled(newcomer):
    newcomer.sign_up(email="ruth@BÜCHER.example")
    assert User.objects.get().email == "ruth@xn--bcher-kva.example"


# --- The code ------------------------------------------------------------------------------------------
def test_wrong_code_says_how_many_tries_are_left_and_keeps_it_typed(newcomer):
    newcomer.sign_up()
    bad = wrong(newcomer.code())
    response = newcomer.enter(bad)
    assert error_at(response, "code") == "That is not the code we sent. You have 2 more tries."
    assert f'value="{bad}"' in response.content.decode()
    assert error_at(newcomer.enter(bad), "code") == "That is not the code we sent. You have 1 more try."
    assert newcomer.enter(newcomer.code()).status_code == 302


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("", "Enter the six digits from the e-mail."),
        ("1\x00", "The code has six digits."),
        ("9" * 100_000, "The code has six digits."),
        ("१२३४५६", "That is not the code we sent."),
    ],
)
def test_strange_codes(newcomer, code, message):
    newcomer.sign_up()
    assert error_at(newcomer.enter(code), "code").startswith(message)


def test_an_empty_code_uses_up_no_try(newcomer):
    newcomer.sign_up()
    for _ in range(5):
        newcomer.enter("")
    assert newcomer.enter(newcomer.code()).status_code == 302


def test_after_three_wrong_codes_the_right_one_is_dead_and_a_new_one_is_offered(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        code = newcomer.code()
        for _ in range(3):
            response = newcomer.enter(wrong(code))
        assert "no longer works now" in error_at(response, "code")
        assert "a wrong one was typed too often" in error_at(newcomer.enter(code), "code")
        assert 'value="resend"' in newcomer.client.get(CONFIRM).content.decode()
        clock.shift(11)
        newcomer.enter("", action="resend")
        assert newcomer.code() != code
        assert newcomer.enter(newcomer.code()).status_code == 302


def test_expired_code_says_so_and_a_new_one_has_its_own_ten_minutes(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        code = newcomer.code()
        clock.shift(601)
        response = newcomer.enter(code)
        assert error_at(response, "code") == "This code has expired: it worked for 10 minutes. Send a new code."
        assert f'value="{code}"' in response.content.decode()
        newcomer.enter("", action="resend")
        clock.shift(599)
        assert newcomer.enter(newcomer.code()).status_code == 302


def test_used_code_leads_on_with_a_word(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    newcomer.enter(code)
    response = newcomer.client.post(CONFIRM, {"code": code}, follow=True)
    assert "There is no code to enter any more" in response.content.decode()


def test_used_code_does_not_sign_anybody_else_in(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    newcomer.enter(code)
    stranger = Client()
    assert stranger.post(CONFIRM, {"code": code})["Location"] == "/account/login/"
    assert not is_signed_in(stranger)


def test_a_second_code_within_seconds_is_not_sent(newcomer):
    newcomer.sign_up()
    response = newcomer.client.post(CONFIRM, {"action": "resend"}, follow=True)
    assert "We sent a code only just now" in response.content.decode()
    assert len(newcomer.mail_box.to(newcomer.email)) == 1


def test_one_address_gets_ten_codes_an_hour_at_most(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        for _ in range(14):
            Newcomer(Client(), newcomer.mail_box).sign_up()
            clock.shift(60)
    assert len(newcomer.mail_box.to(newcomer.email)) == 10


def test_leaving_and_signing_in_later_sends_a_new_code(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        clock.shift(7200)
        response = newcomer.client.get(CONFIRM, follow=True)
        assert response.redirect_chain[-1][0] == "/account/login/"
        assert "Sign in, and we send you a new one" in response.content.decode()
        newcomer.client.post("/account/login/", {"login": newcomer.email, "password": PASSWORD})
        assert newcomer.enter(newcomer.code()).status_code == 302
    assert is_signed_in(newcomer.client)
