"""The pages that show the mail of this machine."""

import os
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from careerplan.local.mailcatcher import Store

LIST = f"/local/{os.environ['LOCAL_MAIL_KEY']}/mail/"

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
def saved(tmp_path: Path, settings: Settings) -> str:
    """The name of one message in a folder of its own."""
    settings.LOCAL_MAIL_DIR = str(tmp_path / "mail")
    (tmp_path / "secret.eml").write_bytes(MAIL)
    return Store(tmp_path / "mail").keep(MAIL).name


def test_list_shows_date_recipient_and_subject(client: Client, saved: str) -> None:
    page = client.get(LIST).content.decode()
    assert page.count("<tr>") == 2
    assert "ada@example.org</td>" in page
    assert f'<a href="{LIST}{saved}/">Due &lt;b&gt;tomorrow&lt;/b&gt;</a>' in page


@pytest.mark.parametrize("path", ["/local/mail/", "/local//mail/", f"/local/{'0' * 32}/mail/", LIST.upper()])
def test_no_page_without_the_key(client: Client, saved: str, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get(f"{path}{saved}/").status_code == 404


def test_empty_list(client: Client, tmp_path: Path, settings: Settings) -> None:
    settings.LOCAL_MAIL_DIR = str(tmp_path / "not-there-yet")
    assert list(client.get(LIST).context["emails"]) == []


def test_a_message_shows_headers_text_and_a_sandboxed_frame(client: Client, saved: str) -> None:
    response = client.get(f"{LIST}{saved}/")
    page = response.content.decode()
    assert "&lt;https://example.org/stop&gt;" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    (frame,) = re.findall(r"<iframe[^>]*>", page)
    assert f'src="{LIST}{saved}/html/"' in frame
    assert 'sandbox="allow-popups allow-top-navigation-by-user-activation"' in frame
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert "frame-src 'self'" in policy
    assert "default-src 'none'" in policy


def test_html_part_has_a_strict_policy(client: Client, saved: str) -> None:
    response = client.get(f"{LIST}{saved}/html/")
    assert response.content.replace(b'<base target="_top">', b"").strip() == HTML
    assert response.headers["Content-Security-Policy"] == (
        "sandbox allow-popups allow-top-navigation-by-user-activation; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    )
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "name", ["../secret.eml", "..%2Fsecret.eml", "%2Fetc%2Fpasswd", "secret.eml", "{saved}%00", "{saved}%0A"]
)
@pytest.mark.parametrize("page", ["", "html/"])
def test_unknown_file_name_is_not_found(client: Client, saved: str, name: str, page: str) -> None:
    assert client.get(f"{LIST}{name.format(saved=saved)}/{page}").status_code == 404


def test_deleted_message_is_not_found(client: Client, saved: str) -> None:
    gone = saved.replace(saved[:8], "20010101")
    assert client.get(f"{LIST}{gone}/").status_code == 404


@pytest.mark.parametrize("page", ["", "{saved}/", "{saved}/html/"])
def test_mail_pages_refuse_post(client: Client, saved: str, page: str) -> None:
    assert client.post(f"{LIST}{page.format(saved=saved)}").status_code == 405
