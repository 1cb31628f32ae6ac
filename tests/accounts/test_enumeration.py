"""Account enumeration: known and unknown addresses get the same response for the same slow work."""

import re
from collections import Counter

import pytest
from celery import Celery
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis import Redis

from accounts.passwords import GuessablePasswordValidator
from tests.accounts.conftest import CONFIRM, SIGN_UP, Newcomer, body, sign_in, unique
from tests.factories.accounts import PASSWORD, UserFactory

RESET = "/account/password/reset/"


def addresses(kind: str, count: int):
    """Addresses of one length: known ones have an account."""
    for number in range(count):
        email = unique(f"{kind}-{number:03}")
        if kind == "known--":
            UserFactory(email=email)
        yield email


def known_and_unknown(count: int):
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


@pytest.fixture
def slow_work(monkeypatch):
    """Count what makes an answer slow enough to be noticed: passwords hashed, emails sent, asked of Redis, tasks."""
    done: Counter[str] = Counter()

    def count(owner, name, kind):
        real = getattr(owner, name)

        def call(*args, **kwargs):
            done[kind] += 1
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, call)

    count(Argon2PasswordHasher, "encode", "hash")
    count(Argon2PasswordHasher, "verify", "hash")
    count(EmailMessage, "send", "email")
    count(GuessablePasswordValidator, "validate", "estimate")
    count(Redis, "execute_command", "redis")
    count(Celery, "send_task", "task")
    return done


def statements_of(act) -> Counter[str]:
    """The statements that the database was sent, by their verb."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return Counter(query["sql"].split()[0] for query in queries.captured_queries)


def confirm_again(client: Client, email: str):
    return client.post(CONFIRM, {"action": "resend"})


@pytest.mark.parametrize("ask", [sign_up, reset, refused, confirm_again])
def test_known_and_unknown_addresses_cost_the_same_slow_work(db, mail_box, slow_work, ask):
    """A hash takes over 10 ms and an email a conversation with a server: one more of either would be noticed."""
    [pair] = known_and_unknown(1)
    costs = []
    for email in pair:
        client = Client()
        if ask is confirm_again:
            sign_up(client, email)
        cache.clear()
        slow_work.clear()
        ask(client, email)
        costs.append(dict(slow_work))
    assert costs[0] == costs[1]
    assert costs[0], "nothing slow was done: what is counted here is not what the product does"


@pytest.mark.parametrize("ask", [sign_up, reset, refused, confirm_again])
def test_known_and_unknown_addresses_cost_the_same_statements(db, mail_box, ask):
    """A statement takes half a millisecond: five more would be found by somebody with patience."""
    [pair] = known_and_unknown(1)
    costs = []
    for email in pair:
        client = Client()
        if ask is confirm_again:
            sign_up(client, email)
        cache.clear()
        costs.append(statements_of(lambda client=client, email=email: ask(client, email)))
    assert costs[0]["INSERT"] == costs[1]["INSERT"]
    if ask is sign_up:
        names = {"SELECT", "INSERT", "DECLARE", "RELEASE", "ROLLBACK", "SAVEPOINT"}
        undone, kept = ({name: cost[name] for name in names} for cost in costs)
        undone["RELEASE"] += undone.pop("ROLLBACK")  # of a savepoint
        assert undone == {name: count for name, count in kept.items() if name != "ROLLBACK"}
