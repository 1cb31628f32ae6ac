"""The daily mail over real SMTP: what it says, and to whom."""

import re
from datetime import date, datetime, timedelta

import pytest

from careerplan.reminders.models import Digest
from careerplan.reminders.services import save_preferences
from tests.factories.goals import make_goal
from tests.reminders.rounds import MOMENT, send

pytestmark = pytest.mark.django_db


def test_the_mail_says_what_when_and_where(goal, user, mail_box):
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Subject"] == "In 7 days: Ask for two late shifts"
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    link = f"http://127.0.0.1:8000{goal.get_absolute_url()}"
    for words in ("Ask for two late shifts", "Fri 12 Mar 2027", link):
        assert words in text
        assert words in html
    assert "Goal: Lead 12 shifts <as nurse in charge>" in text
    assert "Lead 12 shifts &lt;as nurse in charge&gt;" in html
    assert "at 8:00 in Europe/London" in text
    assert len(html) < 100_000


def test_text_and_html_hold_the_same_links(goal, user, mail_box):
    send()
    [mail] = mail_box.to(user.email)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    links = set(re.findall(r"http://[^\s\"<>]+", text))
    assert links == set(re.findall(r'href="(http://[^"]+)"', html)) - {"http://127.0.0.1:8000/"}
    assert len(links) == 3


def test_the_headers_let_a_mail_client_stop_it(goal, user, mail_box):
    send()
    [mail] = mail_box.to(user.email)
    assert mail["List-Unsubscribe"].strip().startswith("<http://127.0.0.1:8000/reminders/stop/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_the_most_urgent_is_first_and_in_the_subject(user, mail_box):
    make_goal(user, step_due_on=date(2027, 3, 12))
    late = make_goal(user, step_due_on=date(2027, 3, 4))
    late.steps.update(title="Book the room")
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Subject"] == "Late by 1 day: Book the room (and 1 more)"
    text = mail.get_body(("plain",)).get_content()
    assert text.index("Book the room") < text.index("Ask for two late shifts")


def test_the_hour_of_the_person_stands_in_the_mail(user, mail_box):
    save_preferences(user=user, hour=20, muted_kinds=[])
    make_goal(user, step_due_on=date(2027, 3, 12))
    send(datetime.fromisoformat("2027-03-05T20:30:00+00:00"))
    assert "at 20:00 in Europe/London" in mail_box.to(user.email)[0].get_body(("plain",)).get_content()


def test_a_line_break_in_a_title_reaches_no_header(user, mail_box):
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    goal.steps.update(title="Ask\r\nBcc: somebody@example.org\r\n\r\nfor shifts")
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "In 7 days: Ask Bcc: somebody@example.org for shifts"


def test_a_repeated_attempt_is_the_same_mail(goal, user, mail_box):
    send()
    Digest.objects.update(state="owed", sent_at=None, not_before=MOMENT - timedelta(days=400))
    send()
    first, second = mail_box.to(user.email)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
