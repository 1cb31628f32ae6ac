"""Sign-up, from the form to the first page."""

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


def test_sign_up_with_code_opens_the_first_page(newcomer):
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


def test_code_field_suits_phones(newcomer):
    page = newcomer.client.get(SIGN_UP).content.decode()
    for expected in ('autocomplete="name"', 'autocomplete="email"', 'autocomplete="new-password"'):
        assert expected in page
    newcomer.sign_up()
    page = newcomer.client.get(CONFIRM).content.decode()
    assert re.search(r'<input[^>]+name="code"[^>]+autocomplete="one-time-code"[^>]+inputmode="numeric"', page)


def test_pasted_code_can_have_spaces(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    assert newcomer.enter(f" {code[:3]} {code[3:]} ").status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "required"),
        ("name", "\u200b\u200d", "required"),
        ("name", "Ruth\x00", "control_characters"),
        ("name", "Ruth\x07", "control_characters"),
        ("name", "Ruth \u202eimeyedA", "control_characters"),
        ("name", "x" * 100_000, "max_length"),
        ("email", "", "required"),
        ("email", "no-address", "invalid"),
        ("email", '"a\x01b"@example.org', "control_characters"),
        ("email", "a\x00@example.org", "control_characters"),
        ("email", "a" * 100_000 + "@example.org", "invalid"),
        ("password1", "", "required"),
        ("password1", "short", "password_too_short"),
        ("password1", "four\x00plain words", "null_characters_not_allowed"),
        ("password1", "x" * 100_000, "max_length"),
        ("password1", "ruth.adeyemi", "password_too_similar"),
        ("password1", "ruth.example.org", "password_too_similar"),
        ("password1", "1234567890", "password_too_common"),
        ("time_zone", "", "required"),
        ("time_zone", "Mars/Base", "invalid_choice"),
        ("time_zone", "\x00" + "x" * 100_000, "invalid_choice"),
    ],
)
def test_invalid_answers_are_errors_of_the_field_and_create_no_account(newcomer, field, value, code):
    response = newcomer.sign_up(**{field: value})
    assert response.context["form"].has_error(field, code)
    assert set(response.context["form"].errors) == {field}
    assert not User.objects.exists()
    assert newcomer.mail_box.to(newcomer.email) == []


def test_form_with_errors_keeps_answers_except_the_password(newcomer):
    response = newcomer.sign_up(name="", time_zone="US/Eastern")
    page = response.content.decode()
    assert f'value="{newcomer.email}"' in page
    assert re.search(r'<option value="US/Eastern" selected', page)
    assert PASSWORD not in page
    assert not response.context["form"].has_error("password1")


@pytest.mark.parametrize("name", ["🦩", "👩‍👩‍👧‍👦 Ruth", "李小龙", "O'Brien-Smith", "مريم"])
def test_names_in_any_script_and_emoji(newcomer, name):
    assert newcomer.sign_up(name=name).status_code == 302
    assert User.objects.get().name == name


def test_long_passwords_are_not_truncated(newcomer):
    password = "a sentence of one's own, " * 8
    newcomer.sign_up(password1=password)
    assert User.objects.get().check_password(password)
    assert not User.objects.get().check_password(password[:-1])


def test_addresses_are_case_insensitive(newcomer):
    newcomer.sign_up(email="Ruth@Example.ORG")
    assert User.objects.get().email == "ruth@example.org"
    UserFactory(email="known@example.org")
    Newcomer(Client(), newcomer.mail_box).sign_up(email="KNOWN@example.org")
    assert User.objects.filter(email__iexact="known@example.org").count() == 1


def test_international_domain_has_one_normal_form(newcomer):
    newcomer.sign_up(email="ruth@BÜCHER.example")
    assert User.objects.get().email == "ruth@xn--bcher-kva.example"


# --- The code ------------------------------------------------------------------------------------------
def test_wrong_code_counts_attempts_and_stays_in_the_field(newcomer):
    newcomer.sign_up()
    bad = wrong(newcomer.code())
    response = newcomer.enter(bad)
    assert "2 more attempts" in error_at(response, "code")
    assert f'value="{bad}"' in response.content.decode()
    assert "1 more attempt." in error_at(newcomer.enter(bad), "code")
    assert newcomer.enter(newcomer.code()).status_code == 302


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("1\x00", "null_characters_not_allowed"),
        ("9" * 100_000, "max_length"),
        ("१२३४५६", "incorrect_code"),
    ],
)
def test_invalid_codes(newcomer, typed, code):
    newcomer.sign_up()
    assert newcomer.enter(typed).context["form"].has_error("code", code)


def test_empty_code_is_no_attempt(newcomer):
    newcomer.sign_up()
    for _ in range(5):
        newcomer.enter("")
    assert newcomer.enter(newcomer.code()).status_code == 302


def test_after_three_wrong_codes_only_a_new_code_works(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        code = newcomer.code()
        for _ in range(3):
            response = newcomer.enter(wrong(code))
        assert response.context["form"].has_error("code", "incorrect_code")
        assert newcomer.enter(code).context["form"].has_error("code", "dead_code")
        assert 'value="resend"' in newcomer.client.get(CONFIRM).content.decode()
        clock.shift(11)
        newcomer.enter("", action="resend")
        assert newcomer.code() != code
        assert newcomer.enter(newcomer.code()).status_code == 302


def test_expired_code_can_be_replaced(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        code = newcomer.code()
        clock.shift(601)
        response = newcomer.enter(code)
        assert response.context["form"].has_error("code", "dead_code")
        assert f'value="{code}"' in response.content.decode()
        newcomer.enter("", action="resend")
        clock.shift(599)
        assert newcomer.enter(newcomer.code()).status_code == 302


def test_used_code_redirects_with_a_message(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    newcomer.enter(code)
    response = newcomer.client.post(CONFIRM, {"code": code}, follow=True)
    assert response.redirect_chain[-1][0] == "/account/settings/"
    assert response.context["messages"]


def test_used_code_signs_in_nobody_else(newcomer):
    newcomer.sign_up()
    code = newcomer.code()
    newcomer.enter(code)
    stranger = Client()
    assert stranger.post(CONFIRM, {"code": code})["Location"] == "/account/login/"
    assert not is_signed_in(stranger)


def test_a_second_code_within_seconds_is_not_sent(newcomer):
    newcomer.sign_up()
    response = newcomer.client.post(CONFIRM, {"action": "resend"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert len(newcomer.mail_box.to(newcomer.email)) == 1


def test_one_address_gets_ten_codes_an_hour_at_most(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        for _ in range(14):
            Newcomer(Client(), newcomer.mail_box).sign_up()
            clock.shift(60)
    assert len(newcomer.mail_box.to(newcomer.email)) == 10


def test_sign_in_without_confirmation_sends_a_new_code(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        clock.shift(7200)
        response = newcomer.client.get(CONFIRM, follow=True)
        assert response.redirect_chain[-1][0] == "/account/login/"
        assert len(response.context["messages"]) == 1
        newcomer.client.post("/account/login/", {"login": newcomer.email, "password": PASSWORD})
        assert newcomer.enter(newcomer.code()).status_code == 302
    assert is_signed_in(newcomer.client)
