"""The daily mail over real SMTP: its content and its recipient."""

import email
import email.policy
import re
from datetime import date, datetime, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from careerplan.core.sentences import isolate_turned
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan
from careerplan.reminders.claims import ClaimedDigest
from careerplan.reminders.digest_content import DigestContent
from careerplan.reminders.digest_mail import DigestMail, build_digest_mail
from careerplan.reminders.email_actions.links import (
    ActionTarget,
    BadLink,
    link_maker,
    read_stop_token,
    stop_token,
    verify_stop,
)
from careerplan.reminders.models import Digest
from careerplan.reminders.queries.digests import DigestRow
from careerplan.reminders.services import save_preferences
from tests.directions import texts_with
from tests.factories.goals import make_goal, only_step
from tests.reminders.rounds import MOMENT, send

pytestmark = pytest.mark.django_db


def test_mail_has_titles_dates_and_links(goal, user, mail_box):
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Subject"] == "In 7 days: Ask for two late shifts"
    text = mail.get_body(("plain",)).get_content()
    html = mail.get_body(("html",)).get_content()
    answers = [f"/r/{answer_link(user, goal)}/{answer}/" for answer in ("done", "week", "stuck", "let-go")]
    for words in ("Ask for two late shifts", "Fri 12 Mar 2027", *(f"http://localhost:8000{path}" for path in answers)):
        assert words in text
        assert words in html
    assert "Goal: Lead 12 shifts <as nurse in charge>" in text
    assert "Lead 12 shifts &lt;as nurse in charge&gt;" in html
    assert re.search(r"\b8:00\b.*\bLondon\b", text, re.DOTALL)
    assert len(html) < 100_000


RIGHT_TO_LEFT = "\u0623\u0642\u0648\u062f \u0641\u0631\u064a\u0642\u0627 \u0645\u0646 4"


def test_own_words_run_in_their_direction(goal, user, mail_box):
    """In HTML by their first letters, in sentences and in the subject between marks; else "4" would move."""
    Goal.objects.filter(pk=goal.pk).update(title=RIGHT_TO_LEFT)
    ActionStep.objects.filter(goal=goal).update(title=RIGHT_TO_LEFT)
    Plan.objects.filter(user=user).update(title=RIGHT_TO_LEFT)
    send()
    [mail] = mail_box.to(user.email)
    found = texts_with(RIGHT_TO_LEFT, mail.get_body(("html",)).get_content())
    assert len(found) >= 3
    assert {one.direction for one in found} == {"rtl"}
    isolated = f"\u2068{RIGHT_TO_LEFT}\u2069"
    assert isolated in mail["Subject"]
    assert f"Goal: {isolated}" in mail.get_body(("plain",)).get_content()


def answer_link(user, goal):
    make = link_maker(user_id=user.pk, address=user.email, mailed_on=MOMENT.date())
    return make(ActionTarget.STEP, only_step(goal).pk, only_step(goal).due_on)


def test_text_and_html_have_the_same_links(goal, user, mail_box):
    send()
    [mail] = mail_box.to(user.email)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    links = set(re.findall(r"http://[^\s\"<>]+", text))
    assert links == set(re.findall(r'href="(http://[^"]+)"', html)) - {"http://localhost:8000/"}
    assert len(links) == 6  # four answers, the stop, the settings


def test_headers_for_one_click_unsubscribe(goal, user, mail_box):
    send()
    [mail] = mail_box.to(user.email)
    assert mail["List-Unsubscribe"].strip().startswith("<http://localhost:8000/reminders/stop/")
    assert mail["List-Unsubscribe"].endswith(", <mailto:careerplan@careerplan.localhost?subject=unsubscribe>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"


def test_most_urgent_reminder_is_first_and_in_the_subject(user, mail_box):
    make_goal(user, step_due_on=date(2027, 3, 12))
    late = make_goal(user, step_due_on=date(2027, 3, 4))
    late.steps.update(title="Book the room")
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Subject"] == "1 day late: Book the room and 1 more"
    text = mail.get_body(("plain",)).get_content()
    assert text.index("Book the room") < text.index("Ask for two late shifts")


def test_heading_counts_the_most_urgent(user, mail_box):
    make_goal(user, step_due_on=date(2027, 3, 4))
    make_goal(user, step_due_on=date(2027, 3, 4))
    make_goal(user, step_due_on=date(2027, 3, 12))
    send()
    [mail] = mail_box.to(user.email)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    heading = re.search(r"<h1[^>]*>([^<]+)</h1>", html)[1]
    assert re.findall(r"\d+", heading) == ["2"]
    assert heading in text.splitlines()


def test_mail_names_the_time_of_day(user, mail_box):
    save_preferences(user=user, hour=20, muted_kinds=[])
    make_goal(user, step_due_on=date(2027, 3, 12))
    send(datetime.fromisoformat("2027-03-05T20:30:00+00:00"))
    text = mail_box.to(user.email)[0].get_body(("plain",)).get_content()
    assert re.search(r"\b20:00\b.*\bLondon\b", text, re.DOTALL)


@pytest.mark.parametrize("count", [1, 2, 12])
def test_long_title_is_cut_in_the_subject(count):
    mail = mail_of(["Ask the ward manager for two late shifts in a row next month"] * count)
    assert len(mail.subject) <= 60
    assert mail.subject.endswith(f"and {count - 1} more" if count > 1 else "…")


def test_line_break_in_a_title_reaches_no_header(user, mail_box):
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    goal.steps.update(title="Ask\r\nBcc: somebody@example.org\r\n\r\nfor shifts")
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "In 7 days: Ask Bcc: somebody@example.org for shifts"


def test_repeated_attempt_is_the_same_mail(goal, user, mail_box):
    send()
    Digest.objects.update(state="pending", sent_at=None, not_before=MOMENT - timedelta(days=400))
    send()
    first, second = mail_box.to(user.email)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_repeated_mail_is_equal_byte_for_byte():
    """Another claim, another hour: nothing in a mail comes from the clock."""
    key, made = uuid4(), []
    for hour in (8, 19):
        with time_machine.travel(MOMENT.replace(hour=hour)):
            made.append(mail_of(["Ask for shifts"] * 3, key=key).content)
    assert made[0] == made[1]


def test_damaged_stop_link_stops_nothing():
    day, address = date(2027, 3, 5), "ruth@example.org"
    token = stop_token(user_id=17, address=address, mailed_on=day, kinds=["step_due", "overdue"])
    link = read_stop_token(token)
    assert (link.user_id, link.mailed_on, link.kinds) == (17, day, ["step_due", "overdue"])
    assert address not in token
    verify_stop(link, address=address, today=day)
    longer = token.replace(str(day.toordinal()), str(day.toordinal() + 1))
    other = (token.replace("17.", "18."), token.replace("overdue", "goal_due"), token.replace("step_due.", ""), longer)
    for damaged in (token[:-1], *other, "", "17.step_due:"):
        with pytest.raises(BadLink):
            verify_stop(read_stop_token(damaged), address=address, today=day)


def everything() -> str:
    """A hash of all rows of all tables."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        found = []
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(r::text, chr(10) ORDER BY r::text), '')) FROM \"{table}\" AS r"
            )
            found.append(f"{table} {cursor.fetchone()[0]}")
    return "\n".join(found)


def test_following_every_link_twice_changes_nothing(goal, user, mail_box, client):
    """As a scanner does that opens every link in a mail."""
    send()
    [mail] = mail_box.to(user.email)
    links = set(re.findall(r'href="http://localhost:8000([^"#]*)', mail.get_body(("html",)).get_content()))
    links |= set(re.findall(r"<http://localhost:8000([^>]*)>", mail["List-Unsubscribe"]))
    links |= {f"/r/{answer_link(user, goal)}/worth/"}
    assert len(links) == 9
    before = everything()
    for path in sorted(links) * 2:
        assert client.get(path).status_code in {200, 302}
    assert everything() == before


def mail_of(titles: list[str], key: UUID | None = None, *, days_late: int = 0, kind: str = "step_due") -> DigestMail:
    today = date(2027, 3, 5)
    claimed = ClaimedDigest(1, 1, today, key or uuid4(), MOMENT, 0, uuid4())
    rows = [
        DigestRow(
            1, "ruth@example.org", "UTC", 8, False, "My plan <1>", n, kind, 1, n, None, None, None,
            today + timedelta(days=n % 8 - days_late), 7, title, f"Goal of {title}", "", "", "", True,
        )
        for n, title in enumerate(titles, start=1)
    ]  # fmt: skip
    return build_digest_mail(
        DigestContent(claimed, "ruth@example.org", "UTC", today, today, timedelta(), 8, False, rows)
    )


@pytest.mark.parametrize("title", ["Ask for shifts", "<&>" * 66, "ä" * 200])
@pytest.mark.parametrize("count", [1, 40, 50, 400])
def test_mail_size_limit(count, title):
    mail = email.message_from_bytes(mail_of([title] * count).content, policy=email.policy.default)
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert len(html.encode()) < 100_000
    shown = html.count("<h2")
    assert text.count("Mark as done") == shown
    assert len(mail_of([title] * count).content) < 100_000 or len(title) > 100
    left = re.search(r"(\d+) more in your plan", text)
    assert shown + (int(left[1]) if left else 0) == count
    assert (left[0] in html) if left else "more in your plan" not in html
    assert shown == min(count, 40) or len(title) > 100


@pytest.mark.parametrize(("count", "shown"), [(7, 7), (8, 3), (95, 3)])
def test_who_was_away_gets_the_most_urgent_three_and_one_link(count, shown):
    mail = email.message_from_bytes(mail_of(["Ask"] * count, days_late=30).content, policy=email.policy.default)
    html, text = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))
    assert (html.count("<h2"), text.count("Mark as done")) == (shown, shown)
    for body in (html, text):
        assert body.count(reverse("plans:catch-up")) == (shown < count)
    assert len(mail.as_bytes()) < 40_000
    assert (f"{count - shown} more" in text) == (shown < count)


def test_a_review_that_is_due_is_no_date_that_is_coming_up():
    mail = email.message_from_bytes(mail_of(["Review"], kind="review_due").content, policy=email.policy.default)
    assert "1 thing needs your answer" in mail.get_body(("plain",)).get_content()


# Characters without a reference in HTML: NUL and C1, which no form takes either.
NO_REFERENCE = "\0" + "".join(map(chr, range(0x80, 0xA0)))


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs",), exclude_characters=NO_REFERENCE), min_size=1),
        min_size=1,
        max_size=5,
    )
)
def test_text_and_html_are_equal_for_any_titles(titles):
    mail = email.message_from_bytes(mail_of(titles).content, policy=email.policy.default)
    assert len(mail["Subject"]) <= 150
    assert not set(mail.keys()) - HEADERS
    html = mail.get_body(("html",)).get_payload(decode=True).decode()
    text = mail.get_body(("plain",)).get_payload(decode=True).decode()
    spoken = unescape(re.sub(r"<[^>]*>", "", html[html.index("<body") :]))
    for title in titles:
        for said in (html_lines(title), html_lines(f"Goal: {isolate_turned(f'Goal of {title}')}")):
            assert said in html_lines(text)
            assert said in html_lines(spoken)


def html_lines(text: str) -> str:
    return " ".join(re.split(r"\r\n|\r|\n", text)).strip()


HEADERS = {
    "From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type", "Auto-Submitted",
    "X-Auto-Response-Suppress", "List-Unsubscribe", "List-Unsubscribe-Post",
}  # fmt: skip


@pytest.mark.parametrize(("lead", "is_quoted"), [(0, True), (1, True), (7, False)])
def test_reminder_of_the_day_quotes_the_own_plan(user, mail_box, lead, is_quoted):
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=lead))
    ActionStep.objects.update(obstacle="<b>I am tired</b> & late", obstacle_plan="I will walk\n round the block.")
    [mail] = sent_mail(user, mail_box)
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert ("<b>I am tired</b> & late" in text) == is_quoted
    assert ("I will walk round the block." in text) == is_quoted
    assert ('<span dir="auto">&lt;b&gt;I am tired&lt;/b&gt; &amp; late</span>' in html) == is_quoted
    assert "<b>I am tired" not in html


def test_step_without_a_plan_quotes_that_of_its_goal(user, mail_box):
    make_goal(user, step_due_on=MOMENT.date())
    Goal.objects.update(obstacle="It rains", obstacle_plan="I will wear the rain jacket.")
    [mail] = sent_mail(user, mail_box)
    assert "I will wear the rain jacket." in mail.get_body(("plain",)).get_content()


def sent_mail(user, mail_box):
    assert len(send()) == 1
    return mail_box.to(user.email)
