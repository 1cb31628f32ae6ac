"""Fixtures for accounts: mail box, fresh rate limits, and a browser that signs up."""

import os
import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories.accounts import PASSWORD
from tests.mailbox import MailBox

TODAY = "/today/"
SIGN_UP, SIGN_IN, CONFIRM = "/account/signup/", "/account/login/", "/account/confirm-email/"


@pytest.fixture(autouse=True)
def _fresh_limits():
    """Every test begins with no tries counted."""
    cache.clear()


@pytest.fixture
def newcomer(db, mail_box):
    """A browser whose owner has no account yet."""
    return Newcomer(Client(), mail_box)


def unique(name: str) -> str:
    """An address that no parallel run of the tests uses: they share one mail server."""
    return f"{name}.{os.getpid()}@example.org"


class Newcomer:
    """A user who signs up step by step, as in a browser."""

    def __init__(self, client: Client, mail_box: MailBox):
        self.client, self.mail_box = client, mail_box
        self.email = unique("ruth")

    def sign_up(self, **changes):
        """Send the sign-up form; returns the answer."""
        answers = {
            "name": "Ruth Adeyemi",
            "email": self.email,
            "password1": PASSWORD,
            "time_zone": "Europe/London",
            "website": "",
        }
        return self.client.post(SIGN_UP, answers | changes)

    def code(self) -> str:
        """The code of the newest mail."""
        text = self.mail_box.to(self.email)[-1].get_body(("plain",)).get_content()
        return re.search(r"^\s+(\d{6})\s*$", text, re.MULTILINE).group(1)

    def enter(self, code: str, **changes):
        """Send the form with the code; returns the answer."""
        return self.client.post(CONFIRM, {"code": code, "action": "verify"} | changes)


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    """Send the sign-in form; returns the answer."""
    return client.post(SIGN_IN, {"login": email, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    """Whether a page that needs it opens."""
    return client.get("/goals/steps/similar/").status_code == 200  # a few words; a whole page takes 20 ms


def body(response) -> str:
    """The page without what changes from one request to the next: the CSRF token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
