"""Doctor asks the site through a proxy, and says what the proxy does wrong."""

import socket
import threading
from contextlib import ExitStack
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signing import TimestampSigner
from django.test import Client

from careerplan.core import seen_request
from careerplan.operations import site_check
from careerplan.operations.site_check import INVENTED, judge_addresses, judge_buffering
from tests.operations.small_proxy import Behaviour, small_proxy

PAGE = "/health/proxy/"


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def web():
    """The application behind a port; it serves one request at a time."""
    with make_server("127.0.0.1", 0, WSGIHandler(), handler_class=QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def look(web, settings, monkeypatch):
    """Puts proxies before the application, the outermost last, and gives what has to be mended."""
    monkeypatch.setattr(site_check, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(site_check, "LARGE_BODY_SECONDS", 0.2)
    settings.HTTPS = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def look_through(*proxies: Behaviour, trusted: int | None = None):
        settings.TRUSTED_PROXY_COUNT = len(proxies) if trusted is None else trusted
        with ExitStack() as running:
            port = web
            for behaviour in proxies:
                port = running.enter_context(small_proxy(port, behaviour))
            settings.BASE_URL = f"http://127.0.0.1:{port}"
            return [finding for finding in site_check.check_site() if finding.mend]

    return look_through


@pytest.mark.parametrize(
    "proxies",
    [
        [Behaviour()],
        [Behaviour(address="replace")],
        [Behaviour(), Behaviour()],
        [Behaviour(), Behaviour(address="replace")],
    ],
)
def test_proxies_that_are_set_up_well(look, proxies):
    assert look(*proxies) == []


@pytest.mark.parametrize(
    ("proxies", "trusted", "mend"),
    [
        ([Behaviour(keeps_host=False)], 1, "pass on the Host header"),
        ([Behaviour(scheme="")], 1, "X-Forwarded-Proto"),
        ([Behaviour(address="nothing")], 1, "proxy_set_header X-Forwarded-For"),
        ([Behaviour()], 0, "TRUSTED_PROXY_COUNT=1"),
        ([Behaviour(address="replace")], 2, "TRUSTED_PROXY_COUNT=1"),
        ([Behaviour(), Behaviour()], 1, "TRUSTED_PROXY_COUNT=2"),
        ([Behaviour(most_bytes=1 << 20)], 1, "client_max_body_size"),
    ],
)
def test_what_a_proxy_does_wrong(look, proxies, trusted, mend):
    [finding] = look(*proxies, trusted=trusted)
    assert mend in finding.mend


def test_address_of_the_client_is_named():
    seen = {"forwarded": [INVENTED, "198.51.100.7", "10.0.0.2"], "trusted_proxies": 2, "peer": "10.0.0.3"}
    assert "198.51.100.7" in judge_addresses(seen).found
    assert "10.0.0.3" in judge_addresses({**seen, "forwarded": [INVENTED], "trusted_proxies": 0}).found


@pytest.mark.parametrize(("seconds", "where"), [(None, "not known"), (0.01, "the proxy"), (0.99, "Careerplan")])
def test_who_waits_for_slow_uploads(seconds, where):
    finding = judge_buffering({"body_seconds": seconds})
    assert (where in finding.found, finding.mend) == (True, "")


def test_web_with_another_key(look, monkeypatch):
    monkeypatch.setattr(site_check, "make_key", lambda: "doctor:from:elsewhere")
    [finding] = look(Behaviour())
    assert "same SECRET_KEY" in finding.mend


def test_site_that_cannot_be_reached(settings):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.BASE_URL = f"http://127.0.0.1:{closed.getsockname()[1]}"
    [finding] = site_check.check_site()
    assert "let BASE_URL lead to it" in finding.mend


@pytest.mark.parametrize(
    "make_key",
    [lambda: "", lambda: "doctor", lambda: "doctor:1:x", lambda: TimestampSigner(salt="other").sign("doctor")],
    ids=["none", "bare", "made up", "of another use"],
)
def test_page_is_there_with_a_key_only(make_key):
    key = make_key()
    assert Client().get(PAGE, headers={"authorization": f"Bearer {key}"}).status_code == 403


def test_key_holds_for_a_minute(time_machine):
    key = {"authorization": f"Bearer {seen_request.make_key()}", "x-forwarded-for": "a, b"}
    assert Client().get(PAGE, headers=key).json()["forwarded"] == ["a", "b"]
    time_machine.move_to("2099-01-01T00:00Z")
    assert Client().get(PAGE, headers=key).status_code == 403
