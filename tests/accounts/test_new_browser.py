"""A sign-in in a browser that is new for the account is mailed to its owner and in the security log."""

import pytest
from django.test import Client
from django.urls import reverse
from structlog.testing import capture_logs

from tests.accounts.conftest import Newcomer, is_signed_in, sign_in
from tests.accounts.test_passwords import CHANGE, NEW, ask_for_link, open_link
from tests.factories.accounts import PASSWORD

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
EVENT = "signed_in_in_new_browser"


@pytest.fixture
def old_user(user, mail_box):
    """A user who has signed in before."""
    sign_in(Client(), user.email)
    user.refresh_from_db()
    return user


def events_of(act) -> list[dict]:
    with capture_logs() as lines:
        act()
    return [line for line in lines if line["event"] == EVENT]


def test_sign_in_in_a_new_browser_is_mailed_and_logged(old_user, mail_box):
    client = Client(headers={"user-agent": FIREFOX})
    [line] = events_of(lambda: sign_in(client, old_user.email))
    assert line == {"event": EVENT, "user": old_user.pk, "log_level": "info"}
    [mail] = mail_box.to(old_user.email)
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        assert "Firefox on Windows" in text
        assert "127.0.0.1" in text
        assert reverse("account_reset_password") in text
        assert reverse("accounts:security") in text


def test_first_sign_in_of_all_is_not_mailed(newcomer):
    newcomer.sign_up()
    assert len(newcomer.mail_box.to(newcomer.email)) == 1
    assert events_of(lambda: newcomer.enter(newcomer.code())) == []
    assert is_signed_in(newcomer.client)
    assert len(newcomer.mail_box.to(newcomer.email)) == 1


def test_sign_in_after_the_first_in_the_same_browser_is_not_mailed(db, mail_box):
    newcomer = Newcomer(Client(), mail_box)
    newcomer.sign_up()
    newcomer.enter(newcomer.code())
    newcomer.client.post(reverse("account_logout"))
    assert events_of(lambda: sign_in(newcomer.client, newcomer.email)) == []
    assert is_signed_in(newcomer.client)


def test_browser_of_another_account_is_new(old_user, other_user):
    client = Client()
    sign_in(client, other_user.email)
    client.post(reverse("account_logout"))
    assert len(events_of(lambda: sign_in(client, old_user.email))) == 1


def test_wrong_password_is_not_mailed(old_user, mail_box):
    assert events_of(lambda: sign_in(Client(), old_user.email, "not the right one")) == []
    assert mail_box.to(old_user.email) == []


def test_browser_that_changed_the_password_stays_known_and_others_do_not(old_user):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, old_user.email)
    here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
    here.post(reverse("account_logout"))
    assert events_of(lambda: sign_in(here, old_user.email, NEW)) == []
    assert len(events_of(lambda: sign_in(there, old_user.email, NEW))) == 1


def test_browser_is_new_after_a_reset(old_user, mail_box):
    """Whoever reads the owner's mail can reset the password: it must not make their browser a known one."""
    here = Client()
    sign_in(here, old_user.email)
    here.post(open_link(here, ask_for_link(mail_box, old_user.email)), {"password1": NEW})
    assert len(events_of(lambda: sign_in(here, old_user.email, NEW))) == 1


def test_change_of_address_keeps_the_browser_known(old_user):
    client = Client()
    sign_in(client, old_user.email)
    client.post(reverse("account_logout"))
    old_user.email = f"new-{old_user.email}"
    old_user.save()
    old_user.emailaddress_set.update(email=old_user.email)
    assert events_of(lambda: sign_in(client, old_user.email)) == []
