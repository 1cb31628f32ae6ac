"""Account enumeration: known and unknown addresses get the same response in the same time."""

import re
import time

import pytest
from django.core.cache import cache
from django.test import Client

from tests.accounts.conftest import CONFIRM, SIGN_UP, Newcomer, body, sign_in, unique
from tests.factories.accounts import PASSWORD, UserFactory

ROUND, ROUNDS = 5, 6
# CHECKLISTS.md says 10 ms. Hashing alone takes several times that, so a path without it stands out by far;
# the share is for machines so slow and busy that 10 ms is noise.
GAP_SECONDS, GAP_SHARE = 0.010, 0.20

RESET = "/account/password/reset/"


def addresses(kind: str, count: int):
    """Addresses of one length: known ones have an account."""
    for number in range(count):
        email = unique(f"{kind}-{number:03}")
        if kind == "known--":
            UserFactory(email=email)
        yield email


def known_and_unknown(count: int = ROUND * ROUNDS):
    """Pairs of an address that has an account and one that has none."""
    return list(zip(addresses("known--", count), addresses("unknown", count), strict=True))


def same(known: str, unknown: str) -> bool:
    """Whether two pages differ in the typed address alone."""
    return known.replace("known--", "X") == unknown.replace("unknown", "X") and len(known) == len(unknown)


def sign_up(client: Client, email: str):
    answers = {"name": "Ruth", "email": email, "password1": PASSWORD, "time_zone": "UTC", "website": ""}
    return client.post(SIGN_UP, answers)


def reset(client: Client, email: str):
    return client.post(RESET, {"email": email})


def refused(client: Client, email: str):
    return sign_in(client, email, "not the right one")


@pytest.mark.parametrize("ask", [sign_up, reset, refused])
def test_same_response_for_known_and_unknown_addresses(db, mail_box, ask):
    [(known, unknown)] = known_and_unknown(1)
    first, second = Client(), Client()
    answers = ask(first, known), ask(second, unknown)
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers.get("Location") == answers[1].headers.get("Location")
    assert same(*map(body, answers))
    if "Location" in answers[0].headers:
        assert same(*(body(client.get(answers[0]["Location"])) for client in (first, second)))


def test_same_responses_after_sign_up_for_known_and_unknown_addresses(db, mail_box):
    [(known, unknown)] = known_and_unknown(1)
    first, second = Client(), Client()
    for client, email in ((first, known), (second, unknown)):
        sign_up(client, email)
    for data in ({"code": ""}, {"code": "abcdef"}, {"code": "abcdef"}, {"code": "abcdef"}, {"code": "abcdef"}):
        answers = [client.post(CONFIRM, data) for client in (first, second)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert same(*map(body, answers))
    cache.clear()
    answers = [client.post(CONFIRM, {"action": "resend"}, follow=True) for client in (first, second)]
    assert same(*map(body, answers))
    assert len(mail_box.to(known)) == len(mail_box.to(unknown)) == 2
    answers = [client.post("/account/signup/restart/", follow=True) for client in (first, second)]
    assert same(*map(body, answers))


def test_known_and_unknown_addresses_get_different_emails(db, mail_box):
    [(known, unknown)] = known_and_unknown(1)
    for email in (known, unknown):
        sign_up(Client(), email)
        reset(Client(), email)
    to_known = mail_box.to(known)
    assert len(to_known) == 2
    subjects = [mail["Subject"] for mail in mail_box.to(unknown)]
    assert re.search(r"\d{6}", subjects[0])
    assert subjects[1] == to_known[1]["Subject"]


def test_no_code_ever_confirms_an_address_that_has_an_account(db, mail_box):
    user = UserFactory(email="known@example.org")
    thief = Newcomer(Client(), mail_box)
    thief.sign_up(email=user.email)
    code = thief.client.session["account_email_verification_code"]["code"]
    assert thief.enter(code).context["form"].has_error("code", "incorrect_code")


def timed(action, *args) -> float:
    """How long it takes, with no tries counted before."""
    cache.clear()
    started = time.perf_counter()
    action(*args)
    return time.perf_counter() - started


def once(ask):
    """Measures a single request of a browser without a past."""
    return lambda email: timed(ask, Client(), email)


def send_again(email: str) -> float:
    """Measures the second code for somebody who has just signed up."""
    client = Client()
    cache.clear()
    sign_up(client, email)
    return timed(lambda: client.post(CONFIRM, {"action": "resend"}))


@pytest.mark.parametrize("measure", [once(sign_up), once(reset), once(refused), send_again])
def test_same_response_time_for_known_and_unknown_addresses(db, mail_box, measure):
    """The least of each, in turn: a busy machine never makes an answer quicker, and a leak stays at its least."""
    pairs = known_and_unknown()
    measure(pairs[0][0])  # warm up
    times: list[tuple[float, float]] = []
    for start in range(0, len(pairs), ROUND):
        times += [(measure(known), measure(unknown)) for known, unknown in pairs[start : start + ROUND]]
        known, unknown = (min(column) for column in zip(*times, strict=True))
        if abs(known - unknown) < max(GAP_SECONDS, GAP_SHARE * max(known, unknown)):
            return
    pytest.fail(f"a known address takes {known:.4f} s, an unknown one {unknown:.4f} s")
