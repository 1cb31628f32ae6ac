"""/health/: each part apart, in time, and never a page."""

import json
import socket
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django.utils.translation import _trans, get_language, override
from redis.exceptions import ConnectionError as RedisConnectionError

from careerplan.core import health, workers
from careerplan.core.health import MailServerCheck, check_health
from careerplan.core.postgresql.base import DatabaseWrapper
from careerplan.core.version import version
from careerplan.reminders.models import Digest
from careerplan.reminders.services import create_due_reminders
from tests.factories.goals import make_goal
from tests.reminders.days import FIRST

pytestmark = pytest.mark.django_db
PARTS = {"database", "redis", "workers", "mail", "sweep", "sending", "backlog"}


@pytest.fixture(autouse=True)
def working_site(monkeypatch):
    """A worker and a scheduler that just ran, and a mail server that has not been asked yet."""
    now = timezone.now()
    workers.redis_client().delete(workers.KEY)
    workers.record_worker("celery@here", now)
    create_due_reminders(as_of=now, now=now)
    monkeypatch.setattr(health, "mail_server", MailServerCheck(health.ask_mail_server))


def ask(**headers: str):
    response = Client().get("/health/", headers=headers)
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, response.json()


def failing_parts() -> set[str]:
    status, answer = ask()
    assert status == (503 if answer["problems"] else 200)
    return {name for name, state in answer["parts"].items() if state != "ok"}


def test_all_parts_work():
    status, answer = ask()
    assert answer["parts"] == dict.fromkeys(PARTS, "ok")
    assert (status, answer["status"], answer["version"]) == (200, "ok", version())


def test_database_is_away(monkeypatch):
    @contextmanager
    def away(self, seconds):
        raise OperationalError("connection refused")
        yield

    monkeypatch.setattr(DatabaseWrapper, "answering_within", away)
    assert failing_parts() == {"database", "sweep", "sending", "backlog"}
    assert [problem.split(":")[0] for problem in ask()[1]["problems"]] == ["database"]


def test_redis_is_away(monkeypatch):
    def away(*args, **kwargs):
        raise RedisConnectionError

    assert workers.redis_client() is workers.redis_client()  # making one takes twice as long as to ask it
    monkeypatch.setattr("careerplan.core.cache.Client.execute_command", away)
    assert failing_parts() == {"redis", "workers"}


def test_no_worker_lives():
    workers.redis_client().delete(workers.KEY)
    workers.record_worker("celery@there", timezone.now() - timedelta(seconds=61))
    assert failing_parts() == {"workers"}


def test_mail_server_is_away(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
    assert failing_parts() == {"mail"}
    assert "ConnectionRefusedError" in ask()[1]["parts"]["mail"]


def test_what_is_wrong_is_said_in_the_language_of_who_asks(monkeypatch, settings):
    """Also by the threads that ask beside this one."""
    monkeypatch.setattr(_trans, "gettext", lambda text: f"«{get_language()} {text}»")
    workers.redis_client().delete(workers.KEY)
    settings.EMAIL_PORT = 1
    with override("cy"):
        parts = health.check_health(timezone.now()).parts
    assert {name for name, problem in parts.items() if problem} == {"workers", "mail"}
    assert all(problem.startswith("«cy ") for problem in parts.values() if problem)


def test_silent_parts_end_within_their_two_seconds(monkeypatch, settings):
    """A mail server that takes the connection and says nothing, and a worker check that takes for ever."""
    ended, ends, wait = threading.Event(), [], health._result
    monkeypatch.setattr(health, "_result", lambda future, end: ends.append(end) or wait(future, end))
    monkeypatch.setattr(health, "living_workers", lambda now: ended.wait(30) or 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT = silent.getsockname()[1]
        started = time.monotonic()
        found = check_health(timezone.now())
    ended.set()
    assert time.monotonic() - started < health.PART_SECONDS + 5  # of the 30 that a part would take
    assert len(ends) == 3
    assert len(set(ends)) == 1  # they are waited for at once, not in turn
    assert ends[0] - started < health.PART_SECONDS + 1
    assert {name for name, problem in found.parts.items() if problem} == {"workers", "mail"}


def test_mail_server_is_asked_twice_a_minute_at_most():
    answers, clock = iter(["away", ""]), iter([0.0, 20.0, 31.0, 31.0])
    check = MailServerCheck(lambda: next(answers), lambda: next(clock))
    assert [check.problem(), check.problem(), check.problem()] == ["away", "away", ""]


def test_nobody_waits_while_the_mail_server_is_asked_again():
    """The second question is asked from inside the first: it gets the answer of before."""
    clock, inside = iter([0.0, 31.0, 31.0]), []

    def answer():
        inside.append(check.problem() if check._known else "first")
        return "away"

    check = MailServerCheck(answer, lambda: next(clock))
    assert [check.problem(), check.problem()] == ["away", "away"]
    assert inside == ["first", "away"]


def test_emails_that_nobody_tries_are_a_backlog(user, time_machine):
    make_goal(user, step_due_on=FIRST.date() + timedelta(days=7))
    create_due_reminders(as_of=FIRST, now=FIRST)
    assert Digest.objects.count() == 1
    for minutes, parts in ((14, set()), (16, {"backlog"})):
        now = FIRST + timedelta(minutes=minutes)
        time_machine.move_to(now, tick=False)
        create_due_reminders(as_of=FIRST, now=now)
        workers.record_worker("celery@here", now)
        assert failing_parts() == parts
    Digest.objects.update(attempts=1)  # the mail server asked for later
    assert failing_parts() == set()


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("10.1.2.3", {"host": "10.9.8.7:8000"}, 200),
        ("127.0.0.1", {"host": "anything"}, 200),
        ("8.8.8.8", {"host": "anything"}, 400),
        ("10.1.2.3", {"host": "anything", "x-forwarded-for": "203.0.113.9"}, 400),
        ("10.1.2.3", {"host": "127.0.0.1", "x-forwarded-for": "203.0.113.9"}, 200),
    ],
)
@pytest.mark.parametrize("path", ["/health/", "/health/web/"])
def test_any_host_from_a_private_address_and_no_other(settings, path, address, headers, status):
    settings.SECURE_SSL_REDIRECT = True
    response = Client(REMOTE_ADDR=address).get(path, headers=headers)
    assert response.status_code == status
    assert "html" not in response.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/health/nothing/", "/health/metrics/"])
def test_what_is_not_there_is_no_page(path):
    response = Client().get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "text/plain"


def test_a_check_that_breaks_is_a_problem_and_no_page(monkeypatch):
    monkeypatch.setattr("careerplan.reminders.health.late_scheduler_run", lambda now: json.loads("x"))
    status, answer = ask()
    assert status == 503
    assert "JSONDecodeError" in answer["parts"]["sweep"]
    assert {name for name, state in answer["parts"].items() if state != "ok"} == {"sweep"}
