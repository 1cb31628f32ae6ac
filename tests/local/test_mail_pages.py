"""The pages that show the mail of this machine."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from careerplan.local.mailcatcher import Store

HTML = b"<html><head><title>x</title></head><body><a href='http://127.0.0.1/goals/'>Open</a></body></html>"
MAIL = b"\r\n".join(
    [
        b"Delivered-To: ada@example.org",
        b"To: ada@example.org",
        b"Subject: =?utf-8?q?Due_=3Cb=3Etomorrow=3C/b=3E?=",
        b"List-Unsubscribe: <https://example.org/stop>",
        b"Content-Type: multipart/alternative; boundary=cut",
        b"",
        b"--cut",
        b"Content-Type: text/plain; charset=utf-8",
        b"",
        b"Read this: <script>alert(1)</script>",
        b"--cut",
        b"Content-Type: text/html; charset=utf-8",
        b"",
        HTML,
        b"--cut--",
    ]
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(tmp_path: Path, settings: Settings) -> str:
    """The name of one message in a folder of its own."""
    settings.LOCAL_MAIL_DIR = str(tmp_path / "mail")
    (tmp_path / "secret.eml").write_bytes(MAIL)
    return Store(tmp_path / "mail").keep(MAIL).name


def test_the_list_shows_when_to_whom_and_what(client: Client, kept: str) -> None:
    page = client.get("/local/mail/").content.decode()
    assert page.count("<tr>") == 2
    assert "ada@example.org</td>" in page
    assert f'<a href="/local/mail/{kept}/">Due &lt;b&gt;tomorrow&lt;/b&gt;</a>' in page


def test_the_list_says_when_there_is_none(client: Client, tmp_path: Path, settings: Settings) -> None:
    settings.LOCAL_MAIL_DIR = str(tmp_path / "not-there-yet")
    assert "No message yet" in client.get("/local/mail/").content.decode()


def test_a_message_shows_headers_text_and_a_sandboxed_frame(client: Client, kept: str) -> None:
    response = client.get(f"/local/mail/{kept}/")
    page = response.content.decode()
    assert "&lt;https://example.org/stop&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert f'src="/local/mail/{kept}/html/" sandbox="allow-popups allow-top-navigation-by-user-activation"' in page
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert "frame-src 'self'" in policy
    assert "default-src 'none'" in policy


def test_the_html_part_can_do_nothing(client: Client, kept: str) -> None:
    response = client.get(f"/local/mail/{kept}/html/")
    assert response.content.replace(b'<base target="_top">', b"").strip() == HTML
    assert response.headers["Content-Security-Policy"] == (
        "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    )
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "name", ["../secret.eml", "..%2Fsecret.eml", "%2Fetc%2Fpasswd", "secret.eml", "{kept}%00", "{kept}%0A"]
)
@pytest.mark.parametrize("page", ["", "html/"])
def test_a_name_that_is_not_the_catchers_is_not_found(client: Client, kept: str, name: str, page: str) -> None:
    assert client.get(f"/local/mail/{name.format(kept=kept)}/{page}").status_code == 404


def test_a_message_that_is_gone_is_not_found(client: Client, kept: str) -> None:
    gone = kept.replace(kept[:8], "20010101")
    assert client.get(f"/local/mail/{gone}/").status_code == 404


@pytest.mark.parametrize("page", ["", "{kept}/", "{kept}/html/"])
def test_the_pages_only_show(client: Client, kept: str, page: str) -> None:
    assert client.post(f"/local/mail/{page.format(kept=kept)}").status_code == 405
