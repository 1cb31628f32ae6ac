"""Every kind of answer carries the headers that keep it out of frames, sniffers and the caches of others.

test_routes.py asks every route for them.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from careerplan.core.buffering import BufferedApplication
from careerplan.core.views import refusal
from tests.architecture.headers import FIXED, check_headers

pytestmark = pytest.mark.django_db

LARGE = 1_500_000  # more than a form may have


def unavailable(_request):
    raise ConnectionError


def test_redirect_to_https(settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/account/login/")
    assert answer.status_code == 301
    check_headers(answer.headers)


@pytest.mark.parametrize("is_secure", [False, True])
def test_refused_host(settings, is_secure):
    settings.SECURE_SSL_REDIRECT = is_secure  # the host is then read by the first middleware
    answer = Client().get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    check_headers(answer.headers)


@pytest.mark.parametrize("path", ["/nothing/here/", "/static/nothing.css", "/account/login/%00", "/robots.txt"])
def test_other_addresses(client, path):
    check_headers(client.get(path).headers)


def test_static_file(client):
    answer = client.get("/static/img/favicon.svg")
    assert answer.status_code == 200
    check_headers(answer.headers)


def test_form_that_is_too_large(signed_in):
    answer = signed_in.post(reverse("goals:new"), {"title": "x" * LARGE})
    assert answer.status_code == 413
    assert f'href="{reverse("goals:new")}"' in answer.content.decode()
    check_headers(answer.headers)


def test_expired_form(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post(reverse("goals:new"), {"title": "Learn to weld"})
    assert answer.status_code == 403
    check_headers(answer.headers)


def test_error_of_ours(monkeypatch, user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    monkeypatch.setattr("careerplan.goals.views.goals.load_goal_list", unavailable)
    answer = client.get(reverse("goals:list"))
    assert answer.status_code == 500
    check_headers(answer.headers)


def test_cache_that_is_down(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    answer = Client().post(reverse("account_login"), {"login": "a@example.org", "password": "x"})
    assert answer.status_code == 503
    check_headers(answer.headers)


@pytest.mark.parametrize("status", [HTTPStatus(code) for code in (400, 408, 413, 503)])
def test_refusals_before_django_have_a_page(status):
    headers, text = refusal(status)
    check_headers(headers)
    assert b"<h1>" in text
    assert f">{status.value}<".encode() in text


def test_refusal_is_sent():
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    application = BufferedApplication(None, threads=1, most_bytes=10, page=refusal)
    scope = {"type": "http", "path": "/import/", "headers": [(b"content-length", b"212000000")]}
    with ThreadPoolExecutor(1) as thread:  # apart from the loop that Playwright leaves running
        thread.submit(asyncio.run, application(scope, receive, send)).result()
    assert sent[0]["status"] == 413
    assert b"212 MB" in sent[1]["body"]
    assert b"50 MB" in sent[1]["body"]
    assert b'href="/import/"' in sent[1]["body"]
    names = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert {name: names[name.lower()] for name in FIXED} == FIXED
    assert names["connection"] == "close"
