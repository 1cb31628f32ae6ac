"""Sending over real SMTP: once, to the right person, with what is true at that moment."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan
from careerplan.reminders import claims, delivery, queries
from careerplan.reminders.models import Digest
from careerplan.reminders.services import make_owed, save_preferences, stop_kinds
from tests.factories.goals import NOW, make_goal

pytestmark = pytest.mark.django_db

MOMENT = datetime.fromisoformat("2027-03-05T08:00:00+00:00")


@pytest.fixture
def goal(user):
    return make_goal(user, step_due_on=date(2027, 3, 12), title="Lead 12 shifts <as nurse in charge>")


def send(as_of: datetime = MOMENT) -> list[delivery.Sent]:
    return delivery.send_round(as_of=as_of, clock=timezone.now)


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
    import re

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


def test_a_second_round_sends_nothing(goal, user, mail_box):
    assert len(send()) == 1
    assert send() == []
    assert len(mail_box.to(user.email)) == 1


def test_the_most_urgent_is_first_and_in_the_subject(user, mail_box):
    make_goal(user, step_due_on=date(2027, 3, 12))
    late = make_goal(user, step_due_on=date(2027, 3, 4))
    late.steps.update(title="Book the room")
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Subject"] == "Late by 1 day: Book the room (and 1 more)"
    text = mail.get_body(("plain",)).get_content()
    assert text.index("Book the room") < text.index("Ask for two late shifts")


@pytest.mark.parametrize(
    "change",
    [
        lambda: ActionStep.objects.update(state="done", done_at=NOW),
        lambda: ActionStep.objects.update(due_on=date(2027, 3, 13)),
        lambda: Goal.objects.update(state="let_go", closed_at=NOW),
        lambda: Goal.objects.all().delete(),
        lambda: stop_kinds(user=User.objects.get(), kinds=["step_due"]),
        lambda: User.objects.update(is_active=False),
        lambda: User.objects.get().emailaddress_set.update(verified=False),
        lambda: User.objects.get().emailaddress_set.update(primary=False),
        lambda: Plan.objects.update(state="archived"),
    ],
)
def test_what_changed_after_it_was_made_is_not_sent(goal, user, mail_box, change):
    make_owed(as_of=MOMENT, now=timezone.now())
    address = user.email
    change()
    assert send() == []
    assert mail_box.to(address) == []
    assert set(Digest.objects.values_list("state", flat=True)) == {"dropped"}


def test_what_did_not_change_after_it_was_made_is_sent(goal, user, mail_box):
    make_owed(as_of=MOMENT, now=timezone.now())
    assert len(send()) == 1
    assert len(mail_box.to(user.email)) == 1


def test_a_repeated_attempt_is_the_same_mail(goal, user, mail_box):
    send()
    Digest.objects.update(state="owed", sent_at=None, not_before=MOMENT - timedelta(days=400))
    send()
    first, second = mail_box.to(user.email)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_line_break_in_a_title_reaches_no_header(user, mail_box):
    goal = make_goal(user, step_due_on=date(2027, 3, 12))
    goal.steps.update(title="Ask\r\nBcc: somebody@example.org\r\n\r\nfor shifts")
    send()
    [mail] = mail_box.to(user.email)
    assert mail["Bcc"] is None
    assert mail["Subject"] == "In 7 days: Ask Bcc: somebody@example.org for shifts"


def test_a_mail_server_that_is_away_costs_no_reminder(goal, user, mail_box, settings):
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    assert send() == []
    digest = Digest.objects.get()
    assert digest.state == "owed"
    assert timedelta(seconds=50) < digest.not_before - timezone.now() <= timedelta(seconds=60)
    settings.EMAIL_PORT = port
    assert send() == []  # not yet: it waits its minute
    later = lambda: timezone.now() + timedelta(minutes=1)  # noqa: E731
    assert len(delivery.send_round(as_of=MOMENT, clock=later)) == 1
    assert len(mail_box.to(user.email)) == 1


def test_one_broken_mail_does_not_stop_the_others(user, other_user, mail_box, monkeypatch):
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    User.objects.update(time_zone="Europe/London")
    right = delivery.daily_mail

    def breaks_for_one(digest, *rest):
        if digest.user == user:
            raise RuntimeError("broken")
        return right(digest, *rest)

    monkeypatch.setattr(delivery, "daily_mail", breaks_for_one)
    assert [mail.address for mail in send()] == [other_user.email]
    assert set(Digest.objects.values_list("user", "state")) == {(user.pk, "owed"), (other_user.pk, "sent")}


REFUSALS = [
    (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no such person")}), "failed"),
    (smtplib.SMTPRecipientsRefused({"a@example.org": (451, b"later")}), "owed"),
    (smtplib.SMTPDataError(554, b"looks like spam"), "failed"),
    (smtplib.SMTPDataError(452, b"disk full"), "owed"),
    (smtplib.SMTPSenderRefused(550, b"not ours", "plan@example.org"), "owed"),
    (smtplib.SMTPServerDisconnected("gone"), "owed"),
    (TimeoutError(), "owed"),
]


@pytest.mark.parametrize(("error", "state"), REFUSALS)
def test_only_what_is_refused_for_good_is_given_up(goal, mail_box, monkeypatch, error, state):
    def refuse(self, messages):
        raise error

    monkeypatch.setattr("careerplan.core.smtp.EmailBackend.send_messages", refuse)
    assert send() == []
    digest = Digest.objects.get()
    assert (digest.state, digest.claim) == (state, None)
    assert digest.reminders.count() == (state == "owed")


def test_who_lost_the_claim_neither_sends_nor_records(goal, user, mail_box):
    make_owed(as_of=MOMENT, now=MOMENT)
    soon = timezone.now() + timedelta(days=400)
    [stale] = claims.take(now=soon, limit=10)
    [_fresh] = claims.take(now=soon + timedelta(days=1), limit=10)
    sent = []
    delivery._send_batch([stale], MOMENT, timezone.now, sent)
    assert sent == []
    assert mail_box.to(user.email) == []


def test_a_claimed_digest_is_left_alone_until_the_lease_ends(goal, settings):
    make_owed(as_of=MOMENT, now=MOMENT)
    now = MOMENT + timedelta(days=1)
    lease = timedelta(seconds=settings.REMINDER_LEASE_SECONDS)
    assert len(claims.take(now=now, limit=10)) == 1
    assert claims.take(now=now + lease - timedelta(seconds=1), limit=10) == []
    assert len(claims.take(now=now + lease, limit=10)) == 1


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_talking_to_the_mail_server(user, mail_box, monkeypatch):
    make_goal(user, step_due_on=date(2027, 3, 12))
    from careerplan.core.smtp import EmailBackend

    right, seen = EmailBackend.send_messages, []

    def look(self, messages):
        seen.append(connection.in_atomic_block)
        return right(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", look)
    assert len(send()) == 1
    assert seen == [False]


def test_the_command_does_one_round_and_says_what_it_sent(goal, user, mail_box, capsys):
    call_command("send_reminders", "--now", "2027-03-05T09:00+01:00")
    out = capsys.readouterr().out
    assert f"2027-03-05 Europe/London {user.email}: In 7 days: Ask for two late shifts" in out
    assert "1 sent, as of 2027-03-05T09:00:00+01:00" in out
    call_command("send_reminders", "--now", "2027-03-05T09:00+01:00")
    assert "0 sent" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["tomorrow", "2027-03-05T09:00"])
def test_an_instant_that_is_none_is_refused(text):
    with pytest.raises(CommandError, match="Write it like 2027-03-01T08:00"):
        call_command("send_reminders", "--now", text)


def test_the_hour_of_the_person_stands_in_the_mail(user, mail_box):
    save_preferences(user=user, hour=20, muted_kinds=[])
    make_goal(user, step_due_on=date(2027, 3, 12))
    send(datetime.fromisoformat("2027-03-05T20:30:00+00:00"))
    assert "at 20:00 in Europe/London" in mail_box.to(user.email)[0].get_body(("plain",)).get_content()


class Outage:
    """The mail server is away until it is told to come back."""

    def __init__(self, settings):
        self.settings, self.port = settings, settings.EMAIL_PORT
        settings.EMAIL_PORT = 1

    def end(self):
        self.settings.EMAIL_PORT = self.port


def test_after_an_outage_of_days_one_mail_comes_that_is_true_on_its_day(user, mail_box, settings):
    make_goal(user, step_due_on=date(2027, 3, 12))
    make_goal(user, step_due_on=date(2027, 3, 13))
    outage, hours = Outage(settings), 0
    for day in ("11", "12", "13"):
        hours += 24
        now = timezone.now() + timedelta(hours=hours)
        as_of = datetime.fromisoformat(f"2027-03-{day}T08:00:00+00:00")
        assert delivery.send_round(as_of=as_of, clock=lambda now=now: now) == []
    outage.end()
    later = timezone.now() + timedelta(hours=hours + 23)
    before_the_hour = datetime.fromisoformat("2027-03-14T07:00:00+00:00")
    assert delivery.send_round(as_of=before_the_hour, clock=lambda: later) == []
    later += timedelta(hours=1)
    at_the_hour = datetime.fromisoformat("2027-03-14T08:00:00+00:00")
    assert len(delivery.send_round(as_of=at_the_hour, clock=lambda: later)) == 1
    [mail] = mail_box.to(user.email)
    text = mail.get_body(("plain",)).get_content()
    assert text.count("LATE BY 2 DAYS") == text.count("LATE BY 1 DAY ") == 1
    assert "TODAY" not in text
    assert [digest.state for digest in Digest.objects.all()] == ["sent"]


def test_an_unreachable_server_is_tried_once_a_round(user, other_user, mail_box, settings, monkeypatch):
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    User.objects.update(time_zone="Europe/London")
    Outage(settings)
    tries = []
    monkeypatch.setattr("careerplan.core.smtp._SMTP.connect", lambda *args: tries.append(args) or _refuse())
    assert send() == []
    assert len(tries) == 1
    assert set(Digest.objects.values_list("state", "claim", "attempts")) == {("owed", None, 0)}


def _refuse():
    raise ConnectionRefusedError


def test_what_was_not_told_is_owed_again_when_it_is_open_again(goal, user, mail_box):
    make_owed(as_of=MOMENT, now=timezone.now())
    ActionStep.objects.update(state="done", done_at=NOW)
    assert send() == []
    ActionStep.objects.update(state="to_do", done_at=None)
    assert len(send(MOMENT + timedelta(days=1))) == 1
    assert mail_box.to(user.email)[0]["Subject"] == "In 6 days: Ask for two late shifts"


def test_a_round_ends_in_time_however_much_there_is(user, mail_box, monkeypatch):
    make_goal(user, step_due_on=date(2027, 3, 12))
    start, ticks = timezone.now(), iter(range(10_000))
    slow = lambda: start + timedelta(seconds=70 * next(ticks))  # noqa: E731
    assert delivery.send_round(as_of=MOMENT, clock=slow) == []
    assert Digest.objects.get().state == "owed"


def test_a_time_limit_ends_the_round_and_is_not_taken_for_a_broken_mail(goal, mail_box, monkeypatch):
    def run_out(*args):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(delivery, "daily_mail", run_out)
    with pytest.raises(SoftTimeLimitExceeded):
        send()


@pytest.mark.django_db(transaction=True)
def test_fifty_rounds_at_once_make_one_reminder(user):
    make_goal(user, step_due_on=date(2027, 3, 12))

    def one_round(_):
        try:
            return make_owed(as_of=MOMENT, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(one_round, range(50)))
    assert sum(made) == 1
    assert Digest.objects.get().reminders.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_claimed_row_is_skipped_not_waited_for(user):
    make_goal(user, step_due_on=date(2027, 3, 12))
    make_owed(as_of=MOMENT, now=timezone.now())
    with transaction.atomic():
        assert len(claims.take(now=timezone.now(), limit=10)) == 1
        with ThreadPoolExecutor(1) as pool:
            elsewhere = pool.submit(lambda: (claims.take(now=timezone.now(), limit=10), connection.close())[0])
            assert elsewhere.result(timeout=5) == []


def test_a_zone_the_database_does_not_know_stops_nobody(goal, other_user, mail_box, monkeypatch):
    zones = queries.database_zones() - {"Europe/London"}
    monkeypatch.setattr(queries, "database_zones", lambda: zones)
    assert len(send()) == 1


def test_the_pause_grows_to_an_hour_at_most(goal):
    waits = []
    for attempts in (0, 1, 2, 3, 7, 20):
        make_owed(as_of=MOMENT, now=timezone.now())
        digest = Digest.objects.get()
        digest.attempts = attempts
        now = timezone.now()
        claims.try_later(digest, now=now)
        waits.append((Digest.objects.get().not_before - now).total_seconds() / 60)
    assert waits == [1, 1, 2, 4, 60, 60]
