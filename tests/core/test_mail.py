"""Emails are built in one place; nothing of a person's text reaches a header as more than one line."""

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.mail import SUBJECT_LENGTH, build_email, one_line

CONTEXT = {"code": "<b>042917</b>", "minutes": 10}


@given(st.text())
def test_a_subject_is_one_line_of_bounded_length(text):
    line = one_line(text)
    assert len(line) <= SUBJECT_LENGTH
    assert line.splitlines() in ([], [line])
    assert one_line(line) == line


def message() -> EmailMultiAlternatives:
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


@pytest.mark.parametrize("header", ["Message-ID", "Date"])
def test_given_headers_are_used(header):
    mail = build_email("confirm_email", to="ruth@example.org", context=CONTEXT, headers={header: "given"})
    assert mail.message()[header] == "given"
