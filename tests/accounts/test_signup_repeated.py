"""Repeated and simultaneous sign-ups."""

import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertTemplateUsed

from accounts.models import User
from tests.accounts.conftest import CONFIRM, SIGN_UP, TODAY, Newcomer, is_signed_in, unique
from tests.factories.accounts import PASSWORD, UserFactory


def test_restart_keeps_the_other_answers_and_leaves_no_rows(newcomer):
    newcomer.sign_up(email=unique("tpyo"), name="Ruth 🦩", time_zone="Asia/Tokyo")
    response = newcomer.client.post("/account/signup/restart/", follow=True)
    page = response.content.decode()
    assert 'value="Ruth 🦩"' in page
    assert f'value="{unique("tpyo")}"' in page
    assert '<option value="Asia/Tokyo" selected' in page
    assert not User.objects.exists()
    newcomer.sign_up()
    newcomer.enter(newcomer.code())
    assert is_signed_in(newcomer.client)


def test_restart_never_deletes_a_confirmed_user(newcomer):
    user = UserFactory()
    newcomer.client.force_login(user)
    newcomer.client.post("/account/signup/restart/")
    Client().post("/account/signup/restart/")
    assert User.objects.get() == user


def test_sign_up_replaces_an_unconfirmed_one(newcomer):
    squatter = UserFactory(email=newcomer.email, confirmed=False, password="the other one's own password")
    response = newcomer.sign_up()
    assert response["Location"] == CONFIRM
    newcomer.enter(newcomer.code())
    user = User.objects.get()
    assert user.pk != squatter.pk
    assert user.check_password(PASSWORD)


def test_replaced_sign_up_redirects_to_the_form(newcomer):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        newcomer.sign_up()
        first_code = newcomer.code()
        clock.shift(60)
        Newcomer(Client(), newcomer.mail_box).sign_up()
        response = newcomer.client.post(CONFIRM, {"code": first_code}, follow=True)
    assert response.redirect_chain[-1][0] == SIGN_UP
    assert not is_signed_in(newcomer.client)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_sign_ups_with_one_address_create_one_account(newcomer):
    answers: list[int] = []

    def sign_up() -> None:
        answers.append(Newcomer(Client(), newcomer.mail_box).sign_up().status_code)
        connection.close()

    threads = [threading.Thread(target=sign_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {302, 200, 429}
    assert User.objects.filter(email=newcomer.email).count() == 1


def test_honeypot_creates_no_account(newcomer):
    assert newcomer.sign_up(website="https://spam.example").status_code == 302
    assert not User.objects.exists()
    assert newcomer.mail_box.to(newcomer.email) == []


def test_honeypot_has_no_inline_style(newcomer):
    assert "style=" not in newcomer.client.get(SIGN_UP).content.decode()


def test_mail_server_failure_shows_a_page_and_the_form_works_later(newcomer, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        response = newcomer.sign_up()
        assert response.status_code == 503
        assertTemplateUsed(response, "account/mail_failed.html")
        settings.EMAIL_PORT = port
        clock.shift(60)
        assert Newcomer(Client(), newcomer.mail_box).sign_up().status_code == 302
    assert User.objects.count() == 1


def test_sign_up_redirects_signed_in_users(signed_in):
    assert signed_in.get(SIGN_UP)["Location"] == TODAY
