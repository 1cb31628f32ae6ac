"""E-mails are built in one place; nothing of a person's text reaches a header as more than one line."""

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.mail import SUBJECT_LENGTH, build_message, one_line

CONTEXT = {
    "subject": "Today: <b>Ask</b> & tell",
    "heading": "One date is coming up",
    "preheader_text": "Then: the next thing",
    "day": "Tuesday 9 March",
    "plan": "Ward manager <soon>",
    "items": [
        {
            "mark": "Today",
            "mark_kind": "soon",
            "when": "Tue 9 Mar 2027",
            "title": "<script>alert(1)</script>",
            "what": "Goal: x & y",
            "action": {"label": "Open", "url": "http://127.0.0.1:8000/goals/1/"},
        }
    ],
    "hour": "8:00",
    "time_zone": "Europe/London",
    "stop_url": "http://127.0.0.1:8000/stop/",
    "stop_label": "Stop",
    "settings_url": "http://127.0.0.1:8000/settings/",
}


@given(st.text())
def test_a_subject_is_one_line_of_bounded_length(text):
    line = one_line(text)
    assert len(line) <= SUBJECT_LENGTH
    assert line.splitlines() in ([], [line])
    assert one_line(line) == line


def message() -> EmailMultiAlternatives:
    return build_message("reminder", to="ruth@example.org", context=CONTEXT)


def test_html_is_escaped_and_text_is_not():
    mail = message()
    html = str(mail.alternatives[0][0])
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html
    assert "<script>alert(1)</script>" in mail.body
    assert mail.subject == "Today: <b>Ask</b> & tell"


def test_the_style_sheet_is_inlined_and_what_dark_clients_need_stays():
    html = str(message().alternatives[0][0])
    assert 'style="' in html
    assert "prefers-color-scheme: dark" in html


def test_a_machine_made_the_mail_and_says_so():
    headers = message().message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["X-Auto-Response-Suppress"] == "All"


@pytest.mark.parametrize("header", ["Message-ID", "Date"])
def test_what_is_given_is_kept(header):
    mail = build_message("reminder", to="ruth@example.org", context=CONTEXT, headers={header: "given"})
    assert mail.message()[header] == "given"
