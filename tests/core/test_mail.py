"""Emails are built in one place; nothing of a person's text reaches a header as more than one line."""

import email
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.mail import AS_IT_IS, SUBJECT_LENGTH, Email, build_email, one_line

ROOT = Path(__file__).resolve().parents[2]

CONTEXT = {"code": "<b>042917</b>", "minutes": 10}


@given(st.text())
def test_a_subject_is_one_line_of_bounded_length(text):
    line = one_line(text)
    assert len(line) <= SUBJECT_LENGTH
    assert line.splitlines() in ([], [line])
    assert one_line(line) == line


def message() -> Email:
    return build_email("confirm_email", to="ruth@example.org", context=CONTEXT)


def test_html_is_escaped_and_text_is_not():
    mail = message()
    html = str(mail.alternatives[0][0])
    assert "&lt;b&gt;042917&lt;/b&gt;" in html
    assert "<b>042917" not in html
    assert mail.subject == "<b>042917</b> is your Careerplan code"


def test_the_style_sheet_is_inlined_and_what_dark_clients_need_stays():
    html = str(message().alternatives[0][0])
    assert 'style="' in html
    assert "prefers-color-scheme: dark" in html


def test_emails_are_marked_as_automatic():
    headers = message().message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"


def test_emails_of_all_kinds_are_built_alike(settings):
    built = message().message()
    sent = built.as_bytes(linesep="\r\n")
    assert sent.isascii()
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert sent == email.message_from_bytes(sent, policy=AS_IT_IS).as_bytes()
    assert built["Message-ID"].endswith(f"@{settings.BASE_HOST}>")
    assert built["Date"]
    assert [part.get_content_type() for part in built.iter_parts()] == ["text/plain", "text/html"]


def test_nothing_but_the_one_builder_makes_messages():
    """Searches the source: django.core.mail and the email package build no message elsewhere."""
    makes = re.compile(
        r"\b(core\.mail import .*send_|mail_admins|mail_managers|EmailMessage\(|EmailMultiAlternatives\(|MIME\w+\()"
    )
    found = [
        path.relative_to(ROOT).as_posix()
        for folder in ("accounts", "careerplan")
        for path in (ROOT / folder).rglob("*.py")
        if makes.search(path.read_text("utf-8"))
    ]
    assert set(found) <= {"careerplan/core/mail.py"}


@pytest.mark.parametrize("header", ["Message-ID", "Date"])
def test_given_headers_are_used(header):
    mail = build_email("confirm_email", to="ruth@example.org", context=CONTEXT, headers={header: "given"})
    assert mail.message()[header] == "given"
