"""When the password is asked for again."""

import pytest
import time_machine
from django.test import Client

from accounts.devices import describe_device
from tests.accounts.conftest import sign_in
from tests.factories.accounts import PASSWORD, confirm_password

EMAIL, REAUTHENTICATE = "/account/email/", "/account/reauthenticate/"
CONFIRM = "/account/confirm-email/"


def asks(client: Client, address: str) -> bool:
    """Whether a change of address asks for the password first."""
    response = client.post(EMAIL, {"email": address, "action_add": ""})
    assert response["Location"].startswith((REAUTHENTICATE, CONFIRM))
    return response["Location"].startswith(REAUTHENTICATE)


@pytest.mark.parametrize("how", ["signed in", "confirmed"])
def test_the_password_counts_for_ten_minutes(user, mail_box, how):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        client = Client()
        if how == "signed in":
            sign_in(client, user.email)
        else:
            client.force_login(user)
            assert asks(client, "first@example.org")
            confirm_password(client)
        assert not asks(client, "second@example.org")
        clock.shift(599)
        assert not asks(client, "third@example.org")
        clock.shift(1)
        assert asks(client, "fourth@example.org")


def test_a_sign_in_of_another_user_does_not_count(user, other_user, mail_box):
    client = Client()
    sign_in(client, other_user.email)
    client.force_login(user)
    assert asks(client, "first@example.org")


def test_a_wrong_password_does_not_count(user, signed_in):
    signed_in.post(REAUTHENTICATE, {"password": f"{PASSWORD}!"})
    assert asks(signed_in, "first@example.org")


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile"
            " Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
            " Safari/537.36 Edg/126.0.0.0",
            "Edge on Mac",
        ),
        ("curl/8.7.1", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_plain_words(user_agent, words):
    assert describe_device(user_agent) == words
