"""A database or Redis that stands still, with its sockets open: pages and health answer soon, and all goes on after."""

import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.faults.fleet import send_all, with_children
from tests.stack import people
from tests.stack.conftest import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("faults")]

MOST_SECONDS = 5.0
CSRF = "a" * 32


@contextmanager
def frozen(stack, name):
    """Stop every process of a server that this test started, and let them go on."""
    stopped = with_children(stack.pid(name))
    send_all(stopped, signal.SIGSTOP)
    try:
        yield
    finally:
        send_all(stopped, signal.SIGCONT)


@pytest.fixture(scope="module")
def ask(everything, inside):
    """Ask for a page as a person who is signed in: status, seconds and text."""
    cookies = inside.call(people.sign_in) | {"csrftoken": CSRF}
    header = "; ".join(f"{name}={value}" for name, value in cookies.items())

    def ask(path, data=None):
        body = urllib.parse.urlencode(data | {"csrfmiddlewaretoken": CSRF}).encode() if data is not None else None
        headers = {} if path == "/health/" else {"Cookie": header}
        request = urllib.request.Request(everything.base_url + path, body, headers)
        started = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, time.monotonic() - started, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, time.monotonic() - started, error.read().decode()

    wait_for(lambda: ask("/health/")[0] == 200)
    assert ask("/today/")[0] == 200
    return ask


def ask_often(ask, paths, times=8):
    """Ask from several browsers at once; return the answers by path, and the slowest."""
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda path: (path, *ask(path)), paths * times))
    return answers, max(seconds for _path, _status, seconds, _text in answers)


def seconds_until(condition):
    started = time.monotonic()
    wait_for(condition)
    return time.monotonic() - started


def test_pages_and_health_answer_while_the_database_stands_still(everything, ask, record_property):
    with frozen(everything, "postgres"):
        answers, slowest = ask_often(ask, ["/today/", "/health/", "/plan/"])
    recovery = seconds_until(lambda: ask("/today/")[0] == 200 and ask("/health/")[0] == 200)
    record_property("slowest_seconds", slowest)
    record_property("recovery_seconds", recovery)
    assert {status for _path, status, _seconds, _text in answers} == {503}
    assert all("database" in text for path, _status, _seconds, text in answers if path == "/health/")
    assert all("Try again in a minute" in text for path, _status, _seconds, text in answers if path != "/health/")
    assert slowest < MOST_SECONDS
    assert recovery < MOST_SECONDS


def test_a_statement_that_is_under_way_ends_too(everything, ask):
    """The server stops while pages are being answered, not before."""
    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(ask, "/plan/") for _ in range(40)]
        wait_for(lambda: any(answer.done() for answer in running))
        with frozen(everything, "postgres"):
            answers = [answer.result() for answer in running]
    assert {status for status, _seconds, _text in answers} <= {200, 503}
    assert max(seconds for _status, seconds, _text in answers) < MOST_SECONDS
    assert seconds_until(lambda: ask("/plan/")[0] == 200) < MOST_SECONDS


def test_the_worker_goes_on_after_the_database_stood_still(everything, inside, ask):
    inside.call(people.make_people, count=20)
    with frozen(everything, "postgres"):
        time.sleep(8)
    wait_for(lambda: len({message.header("to") for message in everything.messages()}) >= 20)
    assert set(Counter(message.header("to") for message in everything.messages()).values()) == {1}


def test_pages_and_health_answer_while_redis_stands_still(everything, ask, record_property):
    with frozen(everything, "valkey"):
        answers, slowest = ask_often(ask, ["/today/", "/health/", "/plan/"], times=4)
        sign_in = ask("/account/login/", {"login": "a@example.org", "password": "not this one at all"})
        export = ask("/data/file/", {})
    recovery = seconds_until(lambda: ask("/health/")[0] == 200)
    for name, seconds in (("slowest", slowest), ("sign_in", sign_in[1]), ("export", export[1]), ("recovery", recovery)):
        record_property(f"{name}_seconds", seconds)
    assert {(path, status) for path, status, _seconds, _text in answers} == {
        ("/today/", 200),
        ("/plan/", 200),
        ("/health/", 503),
    }
    assert all("redis" in text for path, _status, _seconds, text in answers if path == "/health/")
    assert (sign_in[0], export[0]) == (503, 200)
    assert max(slowest, sign_in[1], export[1]) < MOST_SECONDS
    assert recovery < MOST_SECONDS
