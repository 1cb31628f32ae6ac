"""A request reaches a thread when it is complete, and an answer is taken from it when it is finished."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import ANY

import pytest

from careerplan.core import buffering
from careerplan.core.buffering import BODY_TOOK, BufferedApplication

MOST = 1_000


class Echo:
    """A WSGI application that answers with the body and keeps the environments of its calls."""

    def __init__(self):
        self.calls, self.closed = [], 0

    def __call__(self, environ, start_response):
        self.calls.append(environ)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        self.body = environ["wsgi.input"].read()
        return self

    def __iter__(self):
        yield b"got "
        yield self.body

    def close(self):
        self.closed += 1


def in_a_thread(coroutine):
    """Run a coroutine apart from the loop that Playwright leaves running after a browser test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def scope_of(headers=(), query=b""):
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/",
        "query_string": query,
        "headers": list(headers),
        "client": ("127.0.0.1", 5),
        "server": ("localhost", 80),
        "scheme": "http",
    }


def ask(application, pieces=(b"",), *, pause=0.0, ends=None, headers=(), query=b""):
    """Send a request piece by piece; return (status, headers, body) of the answer, or None if there is none.

    With a pause between the pieces it never ends, unless it `ends`.
    """
    has_end = pause == 0 if ends is None else ends

    async def run():
        sent, left = [], list(pieces)

        async def receive():
            await asyncio.sleep(pause)
            if not left:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not has_end}

        async def send(message):
            sent.append(message)

        scope = scope_of(headers, query)
        await application(scope, receive, send)
        return sent

    start, *rest = in_a_thread(run()) or [None]
    return start and (start["status"], start["headers"], b"".join(message.get("body", b"") for message in rest))


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def application(echo):
    return BufferedApplication(echo, threads=1, most_bytes=MOST)


def test_body_arrives_complete_and_the_answer_is_closed(application, echo):
    status, headers, body = ask(application, [b"one ", b"two ", b"three"])
    assert (status, body) == (200, b"got one two three")
    assert headers.count((b"set-cookie", b"a=1")) == headers.count((b"set-cookie", b"b=2")) == 1
    assert echo.closed == 1


def test_slow_body_is_refused_and_takes_no_thread(application, echo, monkeypatch):
    monkeypatch.setattr(buffering, "BODY_SECONDS", 0.05)
    assert ask(application, [b"x"] * 100, pause=0.02)[0] == 408
    assert echo.calls == []


def test_body_that_comes_fast_enough_has_more_time(application, echo, monkeypatch):
    monkeypatch.setattr(buffering, "BODY_SECONDS", 0.4)
    monkeypatch.setattr(buffering, "BODY_BYTES_A_SECOND", 10)
    assert ask(application, [b"x" * 20] * 5, pause=0.1, ends=True) == (200, ANY, b"got " + b"x" * 100)
    assert echo.calls[-1][BODY_TOOK] >= 0.4  # doctor sees by it who waits for slow bodies


@pytest.mark.parametrize(("bytes_a_second", "status"), [(10, 200), (100_000, 408)])
def test_large_body_has_to_come_faster(application, monkeypatch, bytes_a_second, status):
    monkeypatch.setattr(buffering, "BODY_SECONDS", 0.4)
    monkeypatch.setattr(buffering, "BODY_BYTES_A_SECOND", 10)
    monkeypatch.setattr(buffering, "LARGE", 50)
    monkeypatch.setattr(buffering, "LARGE_BYTES_A_SECOND", bytes_a_second)
    assert ask(application, [b"x" * 20] * 12, pause=0.06, ends=True)[0] == status


def test_body_that_is_cut_off_is_not_answered(application, echo):
    assert ask(application, [b"x"], pause=0.001) is None
    assert echo.calls == []


def test_of_a_long_body_only_so_much_is_kept(application, echo):
    assert ask(application, [b"x" * MOST, b"y" * 10])[2] == b"got " + b"x" * MOST


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"2001")], [(b"content-length", b"9" * 400)]])
def test_body_that_is_far_too_long_is_refused(application, echo, headers):
    assert ask(application, [b"x" * MOST] * 3, headers=headers)[0] == 413
    assert echo.calls == []


def test_large_bodies_wait_for_each_other(echo, monkeypatch):
    monkeypatch.setattr(buffering, "LARGE", 10)
    monkeypatch.setattr(buffering, "LARGE_AT_ONCE", 1)
    application = BufferedApplication(echo, threads=1, most_bytes=MOST)
    for _ in range(3):  # each gives back its place, the refused one too
        assert ask(application, [b"x" * 50, b"y"])[0] == 200
        assert ask(application, [b"x" * MOST] * 3)[0] == 413
        assert ask(application, [b"x" * 50], pause=0.001) is None


def test_second_large_body_is_read_when_the_first_is_answered(echo, monkeypatch):
    monkeypatch.setattr(buffering, "LARGE", 10)
    monkeypatch.setattr(buffering, "LARGE_AT_ONCE", 1)
    monkeypatch.setattr(buffering, "PLACE_SECONDS", 0.05)

    async def run():
        application = BufferedApplication(echo, threads=1, most_bytes=MOST)
        go_on, answers = asyncio.Event(), []

        async def send(message):
            answers.append(message.get("status"))

        async def begun():
            yield {"type": "http.request", "body": b"x" * 50, "more_body": True}
            await go_on.wait()
            yield {"type": "http.request", "body": b"y", "more_body": False}

        pieces = begun()
        slow = asyncio.create_task(application(scope_of(), lambda: anext(pieces), send))
        await asyncio.sleep(0.01)

        async def whole():
            return {"type": "http.request", "body": b"z" * 50, "more_body": False}

        await application(scope_of(), whole, send)  # there is no place
        refused = [status for status in answers if status]
        go_on.set()
        await slow
        await application(scope_of(), whole, send)
        return refused, [status for status in answers if status]

    assert in_a_thread(run()) == ([503], [503, 200, 200])


@pytest.fixture
def crowd(echo, monkeypatch):
    """Sends many large bodies at once, each from a client; gives how many were read and answered at the same time."""
    monkeypatch.setattr(buffering, "LARGE", 10)
    monkeypatch.setattr(buffering, "PLACE_SECONDS", 0.2)

    def send_all(*clients):
        async def run():
            application = BufferedApplication(echo, threads=1, most_bytes=MOST)
            reading, statuses = Counter(), Counter()
            go_on = asyncio.Event()

            async def one(address):
                async def pieces():
                    yield {"type": "http.request", "body": b"x" * 50, "more_body": True}
                    reading[address] += 1  # it has its place: the next piece is asked for
                    await go_on.wait()
                    yield {"type": "http.request", "body": b"y", "more_body": False}

                async def send(message):
                    statuses[address, message.get("status")] += "status" in message

                gone = pieces()
                await application(scope_of() | {"client": (address, 5)}, lambda: anext(gone), send)

            bodies = [asyncio.create_task(one(address)) for address in clients]
            await asyncio.sleep(0.4)
            at_once = dict(reading)
            go_on.set()
            await asyncio.gather(*bodies)
            return at_once, {key: count for key, count in statuses.items() if count}

        return in_a_thread(run())

    return send_all


def test_one_client_leaves_places_to_others(crowd):
    reading, answers = crowd(*["198.51.100.1"] * 6, "198.51.100.2", "198.51.100.3")
    assert reading == {"198.51.100.1": 2, "198.51.100.2": 1, "198.51.100.3": 1}
    assert answers == {
        ("198.51.100.1", 200): 2,
        ("198.51.100.1", 503): 4,
        ("198.51.100.2", 200): 1,
        ("198.51.100.3", 200): 1,
    }


def test_addresses_of_one_ipv6_network_are_one_client(crowd):
    reading, _answers = crowd(*(f"2001:db8:1:1::{number}" for number in range(1, 6)), "2001:db8:1:2::1")
    assert sum(count for address, count in reading.items() if ":1:1:" in address) == 2
    assert reading["2001:db8:1:2::1"] == 1


def test_many_waiting_bodies_of_one_client_are_refused_at_once(crowd, monkeypatch):
    monkeypatch.setattr(buffering, "PLACE_SECONDS", 60)
    monkeypatch.setattr(buffering, "WAITING_OF_ONE_CLIENT", 3)
    _reading, answers = crowd(*["198.51.100.1"] * 9)
    assert answers == {("198.51.100.1", 200): 5, ("198.51.100.1", 503): 4}


def test_client_without_bodies_is_forgotten(echo, monkeypatch):
    monkeypatch.setattr(buffering, "LARGE", 10)
    application = BufferedApplication(echo, threads=1, most_bytes=MOST)
    for pieces in ([b"x" * 50], [b"x" * MOST] * 3):
        ask(application, pieces)
        assert application._places._clients == application._places._bodies == {}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "client"),
    [
        (0, b"203.0.113.9", "127.0.0.1"),
        (1, b"203.0.113.9, 203.0.113.7", "203.0.113.7"),
        (2, b"203.0.113.9, 203.0.113.7", "203.0.113.9"),
        (2, b"203.0.113.7", "203.0.113.7"),
        (1, b"", "127.0.0.1"),
    ],
)
def test_address_behind_proxies_is_the_one_that_ours_saw(proxies, forwarded, client):
    assert buffering.find_client(scope_of([(b"x-forwarded-for", forwarded)]), proxies) == client


def test_rest_of_a_body_that_is_too_long_is_thrown_away_before_the_answer_ends(application):
    left = [{"type": "http.request", "body": b"x", "more_body": more} for more in (True, True, False)]
    sent = []

    async def receive():
        return left.pop(0)

    async def send(message):
        sent.append((message["type"], len(left)))

    in_a_thread(application(scope_of([(b"content-length", b"2001")]), receive, send))
    assert sent == [("http.response.start", 3), ("http.response.body", 0)]


def test_body_without_an_end_is_thrown_away_for_so_long(application, monkeypatch):
    monkeypatch.setattr(buffering, "DISCARD_SECONDS", 0.05)
    headers = [(b"content-length", b"2001")]
    assert ask(application, [b"x"] * 100, pause=0.02, headers=headers)[0] == 413


def test_silence_in_the_middle_of_a_fast_body_ends_it(application, echo, monkeypatch):
    monkeypatch.setattr(buffering, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(buffering, "BODY_BYTES_A_SECOND", 1)
    assert ask(application, [b"x" * 500, b"y"], pause=0.2)[0] == 408


def test_cookies_in_several_headers_are_one(application, echo):
    ask(application, headers=[(b"cookie", b"a=1"), (b"cookie", b"b=2")])
    assert echo.calls[0]["HTTP_COOKIE"] == "a=1; b=2"


def test_header_with_an_underscore_does_not_pass_for_that_of_a_proxy(application, echo):
    ask(application, headers=[(b"x_forwarded_for", b"1.2.3.4"), (b"x-forwarded-for", b"5.6.7.8")])
    assert echo.calls[0]["HTTP_X_FORWARDED_FOR"] == "5.6.7.8"


def test_too_many_of_one_header_are_a_bad_request(application, echo):
    assert ask(application, headers=[(b"x-a", b"1")] * 101)[0] == 400
    assert echo.calls == []


def test_query_with_raw_bytes_is_read_as_if_they_were_quoted(application, echo):
    ask(application, query="q=é".encode())
    assert echo.calls[0]["QUERY_STRING"] == "q=%C3%A9"


def test_failing_application_gives_its_thread_back(echo):
    def fail(environ, start_response):
        raise RuntimeError

    application = BufferedApplication(fail, threads=1, most_bytes=MOST)
    with pytest.raises(RuntimeError):
        ask(application)
    application._application = echo
    assert ask(application)[0] == 200
