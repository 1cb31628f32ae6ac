"""Password reset and change, and what they do to sessions."""

import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from pytest_django.asserts import assertTemplateUsed

from tests.accounts.conftest import is_signed_in, sign_in
from tests.factories.accounts import PASSWORD

RESET, CHANGE = "/account/password/reset/", "/account/password/change/"
NEW = "another set of plain words"


def ask_for_link(mail_box, email: str, **extra) -> str:
    """Ask for a new password; returns the path of the link that was mailed."""
    assert Client().post(RESET, {"email": email}, **extra).status_code == 302
    text = mail_box.to(email.lower())[-1].get_body(("plain",)).get_content()
    link = re.search(r"https?://\S+/account/password/reset/key/\S+", text).group(0)
    assert link.startswith(f"{django_settings.BASE_URL}/account/password/reset/key/")
    return urlsplit(link).path


def open_link(client: Client, path: str):
    """Follow the link to the form; the key is not in the form's address."""
    response = client.get(path, follow=True)
    assert response.request["PATH_INFO"].endswith("-set-password/")
    return response.request["PATH_INFO"]


def test_forgotten_password_from_mail_to_sign_in(user, mail_box):
    client = Client()
    form = open_link(client, ask_for_link(mail_box, user.email.upper()))
    response = client.post(form, {"password1": NEW}, follow=True)
    assertTemplateUsed(response, "calendar_feed/password_reset_done.html")
    assert sign_in(Client(), user.email, PASSWORD).status_code == 200
    assert sign_in(Client(), user.email, NEW).status_code == 302
    assert "password" in mail_box.to(user.email)[-1]["Subject"]


def test_link_works_once(user, mail_box):
    path = ask_for_link(mail_box, user.email)
    client = Client()
    client.post(open_link(client, path), {"password1": NEW})
    response = Client().get(path)
    assert response.context["token_fail"]
    assert RESET in response.content.decode()


def test_link_expires_after_an_hour(user, mail_box):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        path = ask_for_link(mail_box, user.email)
        clock.shift(3600)
        open_link(Client(), path)
        clock.shift(1)
        assert Client().get(path).context["token_fail"]


def test_form_behind_an_expired_link_is_refused(user, mail_box):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        client = Client()
        form = open_link(client, ask_for_link(mail_box, user.email))
        clock.shift(3601)
        assert client.post(form, {"password1": NEW}).context["token_fail"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["1-set-password", "zzzzzzzzzzzzz-abc-def", "0-x", "1-%00-%00", "zzzz-a-b"])
def test_unknown_links(db, path):
    response = Client().get(f"{RESET}key/{path}/")
    assert response.status_code == 200
    assert response.context["token_fail"]


def test_weak_new_password_keeps_the_old_one_and_the_link(user, mail_box):
    client = Client()
    form = open_link(client, ask_for_link(mail_box, user.email))
    response = client.post(form, {"password1": "ruth adeyemi"})
    assert response.context["form"].has_error("password1", "password_too_similar")
    assert client.post(form, {"password1": NEW}).status_code == 302


def test_link_is_on_our_origin_whatever_host_the_request_names(user, mail_box, settings):
    settings.ALLOWED_HOSTS = ["*"]
    ask_for_link(mail_box, user.email, headers={"Host": "evil.example"})
    everything = mail_box.to(user.email)[-1].as_string()
    assert "evil.example" not in everything


def test_five_links_an_hour_for_one_address(user, mail_box):
    statuses = [Client().post(RESET, {"email": user.email}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429]


def test_new_password_ends_every_session_of_the_old_one(user, mail_box):
    elsewhere, client = Client(), Client()
    sign_in(elsewhere, user.email)
    client.post(open_link(client, ask_for_link(mail_box, user.email)), {"password1": NEW})
    assert not is_signed_in(elsewhere)


def test_change_of_password_ends_the_other_sessions_and_tells_by_mail(user, mail_box):
    here, elsewhere = Client(), Client()
    sign_in(here, user.email)
    sign_in(elsewhere, user.email)
    key = here.session.session_key
    response = here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    assert (response.status_code, response["Location"]) == (302, "/account/settings/")
    assert is_signed_in(here)
    assert here.session.session_key != key
    assert not is_signed_in(elsewhere)
    *_new_browser, mail = mail_box.to(user.email)
    assert "password" in mail["Subject"]


@pytest.mark.parametrize(
    ("answers", "field", "code"),
    [
        ({"oldpassword": "not the right one"}, "oldpassword", "enter_current_password"),
        ({"oldpassword": ""}, "oldpassword", "required"),
        ({"password1": "1234567890"}, "password1", "password_too_common"),
        ({"password1": "x" * 100_000}, "password1", "max_length"),
        ({"password1": "plain\x00words and more"}, "password1", "null_characters_not_allowed"),
    ],
)
def test_change_of_password_that_is_wrong_changes_nothing(user, signed_in, answers, field, code):
    response = signed_in.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW} | answers)
    assert response.context["form"].has_error(field, code)
    assert "<title>Error:" in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_mail_server_away_does_not_undo_a_change(user, signed_in, mail_box, settings):
    settings.EMAIL_PORT = 1
    assert signed_in.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
