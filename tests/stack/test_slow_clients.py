"""Clients that send a byte now and then, or read nothing, keep nobody else from an answer."""

import socket
import time
import urllib.request
from itertools import cycle

import pytest

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("faults")]

SOCKETS = 200
REQUESTS = 60
BODY = b"POST /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=%s\r\nContent-Length: 5000\r\n\r\n" % (
    b"a" * 32
)
HEADERS = b"GET /account/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
UNREAD = b"GET /privacy/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20


def open_socket(stack, beginning):
    connection = socket.create_connection(("127.0.0.1", stack.port), timeout=5)
    connection.sendall(beginning)
    return connection


def send_a_byte(connections):
    for connection in connections:
        try:
            connection.sendall(b"x")
        except OSError:  # it was refused
            connection.close()


def seconds(url):
    started = time.monotonic()
    with urllib.request.urlopen(url, timeout=5) as response:
        assert response.status == 200
    return time.monotonic() - started


def test_others_are_answered_beside_slow_clients(everything, record_property):
    seconds(everything.base_url + "/")
    kinds = cycle([BODY, BODY, HEADERS, UNREAD])
    slow = [(kind, open_socket(everything, kind)) for kind, _ in zip(kinds, range(SOCKETS), strict=False)]
    taken = []
    for number in range(REQUESTS):
        if number % 20 == 0:
            send_a_byte([connection for kind, connection in slow if kind != UNREAD])
        taken.append(seconds(everything.base_url + ("/", "/account/login/", "/health/web/")[number % 3]))
        time.sleep(0.02)
    for _kind, connection in slow:
        connection.close()
    record_property("p95_seconds", sorted(taken)[int(0.95 * REQUESTS)])
    assert len(taken) == REQUESTS  # each within the 5 s of its connection
