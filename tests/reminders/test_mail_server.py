"""A mail server that refuses for the operator's own fault: nobody's address pays for it, and everything stays owed."""

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult
from careerplan.reminders import delivery, refusals
from careerplan.reminders.models import Digest, MailServerState, RefusedAddress
from careerplan.reminders.queries.mail_server import mail_problem, public_mail_problem
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.reminders.rounds import MOMENT, send, send_at
from tests.two_connections import elsewhere, somebody_waits

pytestmark = pytest.mark.django_db

RELAY_DENIED = SmtpResult(SmtpOutcome.REFUSED, "554 5.7.1 <ruth@example.org>: Relay access denied")
NO_MAILBOX = SmtpResult(SmtpOutcome.REJECTED, "550 5.1.1 unknown")
GREYLISTED = SmtpResult(SmtpOutcome.DEFERRED, "450 4.2.0 greylisted")
PAUSE = MailServerState.PAUSE


@pytest.fixture
def people():
    """Fifteen people with a mail each day."""
    people = UserFactory.create_batch(15)
    for person in people:
        for days in (7, 8, 9):
            make_goal(person, step_due_on=MOMENT.date() + timedelta(days=days))
    return people


@pytest.fixture
def server(monkeypatch, mail_box):
    """What the mail server answers (None: it takes the email), changeable, and how often it was asked."""
    right, state = EmailBackend.deliver, SimpleNamespace(answer=RELAY_DENIED, asked=0)

    def deliver(self, *mail):
        state.asked += 1
        answer = state.answer(state.asked) if callable(state.answer) else state.answer
        return answer or right(self, *mail)

    monkeypatch.setattr(EmailBackend, "deliver", deliver)
    return state


def health(client):
    """What /health/ says about sending."""
    return client.get("/health/").json()["parts"]["sending"]


@pytest.mark.parametrize("answer", [RELAY_DENIED, NO_MAILBOX])
def test_ten_refusals_in_a_row_stop_sending(people, server, client, answer):
    server.answer = answer
    assert send() == []
    assert server.asked == MailServerState.MOST
    assert not Digest.objects.exclude(state="pending").filter(smtp_response__contains="Relay").exists()
    problem = health(client)
    assert f"with: {answer.text[:3]}." in problem
    assert "ruth@example.org" not in problem
    assert send() == []
    assert server.asked == MailServerState.MOST  # not a single one more


def test_sender_tries_one_email_after_the_pause(people, server):
    send()
    assert send_at(MOMENT, lambda: timezone.now() + PAUSE) == []
    assert server.asked == MailServerState.MOST + 1
    assert not RefusedAddress.objects.exists()


def test_everything_is_sent_when_the_server_is_mended(people, server, client):
    send()
    server.answer = None
    call_command("reminders", "retry")
    assert len(send()) == len(people)
    assert not MailServerState.objects.exists()
    assert health(client) == "ok"


def test_accepted_email_ends_the_row_of_refusals(people, server):
    server.answer = lambda asked: None if asked % 9 == 0 else RELAY_DENIED
    assert len(send()) == 1
    assert server.asked == len(people)
    assert len(MailServerState.objects.get().refused_users) == len(people) - 9


def test_same_person_counts_once(user, server):
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=7))
    for hours in range(12):
        send_at(MOMENT, lambda hours=hours: timezone.now() + timedelta(hours=2 * hours))
    assert server.asked == 12
    assert MailServerState.objects.get().refused_users == [user.pk]


def test_refused_mailboxes_do_not_count_where_everyone_is_refused(people, server):
    """A server that has lost its list of mailboxes says "unknown" to all: no address is stopped by that."""
    server.answer = NO_MAILBOX
    for days in range(3):
        for pauses in range(3):
            send_at(MOMENT + timedelta(days=days), lambda n=days * 144 + pauses: timezone.now() + n * PAUSE)
    assert not RefusedAddress.objects.filter(stopped_at__isnull=False).exists()


def test_greylisting_is_nobodys_fault(people, server, client):
    server.answer = GREYLISTED
    send()
    assert server.asked == len(people)
    assert not MailServerState.objects.exists()
    assert health(client) == "ok"
    server.answer = None
    assert len(send_at(MOMENT, lambda: timezone.now() + timedelta(minutes=1))) == len(people)


def test_health_reports_a_server_that_takes_nothing(user, server):
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=7))
    send()
    assert mail_problem(timezone.now()) == ""  # a restart takes as long
    later = timezone.now() + timedelta(minutes=6)
    assert "554 5.7.1 <address>: Relay access denied" in mail_problem(later)
    assert "with: 554." in public_mail_problem(later)
    Digest.objects.all().delete()  # nothing is owed any more
    assert mail_problem(later) == ""


def test_health_reports_a_server_that_cannot_be_reached(user, mail_box, settings):
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=7))
    settings.EMAIL_PORT = 1
    send()
    assert "ConnectionRefusedError" in mail_problem(timezone.now() + timedelta(minutes=6))


def test_status_names_the_problem(people, server, capsys):
    send()
    call_command("reminders", "status")
    assert "the mail server refused 10 people" in capsys.readouterr().out


def test_slow_database_does_not_use_up_the_lease(user, mail_box, monkeypatch, settings):
    """The start of an attempt took so long that another worker might take over: nothing is sent for now."""
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=7))
    settings.LONGEST_EMAIL_SECONDS = settings.REMINDER_LEASE_SECONDS + 1
    assert send() == []
    digest = Digest.objects.get()
    assert (digest.state, digest.attempt_started_at, digest.claim_token) == ("pending", None, None)
    settings.LONGEST_EMAIL_SECONDS = 1
    assert len(send_at(MOMENT, lambda: timezone.now() + timedelta(minutes=1))) == 1


# --- The day of an email --------------------------------------------------------------------------------
def test_email_that_goes_out_a_day_later_has_that_days_date(user, mail_box, settings, time_machine):
    make_goal(user, step_due_on=date(2027, 3, 12))
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    time_machine.move_to(MOMENT, tick=False)
    delivery.run_scheduler(as_of=MOMENT, clock=timezone.now)
    settings.EMAIL_PORT = port
    later = MOMENT + timedelta(days=1, hours=3)
    time_machine.move_to(later, tick=False)
    assert delivery.run_scheduler(as_of=later, clock=timezone.now) == 1
    (mail,) = mail_box.to(user.email)
    day = parsedate_to_datetime(mail["Date"])
    assert day.date() == later.date()
    assert day <= later
    assert "Sat 6 Mar 2027" in mail.get_body(("plain",)).get_content()


# --- Addresses and bounces ------------------------------------------------------------------------------
DSN = """\
From: MAILER-DAEMON@mail.example.org
To: {to}
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

It could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; someone@elsewhere.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {diagnosis}

--b
Content-Type: {quoted}

Message-ID: <{key}@localhost>
Subject: A step

--b--
"""


@pytest.fixture
def sent(user, mail_box):
    """The email of a person, sent."""
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=7))
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=8))
    send()
    return Digest.objects.get()


@pytest.fixture
def bounced(monkeypatch, capsys):
    """Give a notification to the command; return what it says."""

    def bounced(key, *, action="failed", status="5.1.1", diagnosis="", quoted="message/rfc822", to="plan@example.org"):
        content = DSN.format(key=key, action=action, status=status, diagnosis=diagnosis, quoted=quoted, to=to)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content.encode())))
        call_command("reminders", "bounced")
        return capsys.readouterr().out

    return bounced


@pytest.mark.parametrize("how", [{}, {"quoted": "text/rfc822-headers"}, {"status": "5.0.0", "diagnosis": "5.1.1 no"}])
def test_bounces_on_two_days_stop_an_address(user, sent, bounced, how):
    assert bounced(sent.key, **how).startswith("Counted: day 1")
    assert bounced(sent.key, **how).startswith("Counted: day 1")  # the same email
    assert len(send(MOMENT + timedelta(days=1))) == 1  # our own server takes it, as it did before
    second = Digest.objects.latest("local_date")
    assert bounced(second.key, **how).startswith("Counted: day 2")
    row = RefusedAddress.objects.get()
    assert (row.user, row.address, row.days, row.stopped_at is None) == (user, user.email, 2, False)


def test_address_of_the_envelope_names_the_email(user, sent, bounced):
    out = bounced("none", to=f"bounces+{sent.key.hex}@example.org")
    assert out.startswith("Counted: day 1 for " + user.email)


@pytest.mark.parametrize(
    "how",
    [
        {"status": "5.7.1"},
        {"status": "5.0.0", "diagnosis": "no reason"},
        {"status": "5.2.2"},
        {"action": "delayed", "status": "4.4.1"},
    ],
)
def test_bounce_that_is_not_about_the_mailbox_does_not_count(sent, bounced, how):
    assert bounced(sent.key, **how).startswith("Not counted")
    assert not RefusedAddress.objects.exists()


def test_bounce_that_anybody_could_have_written_does_not_count(user, sent, bounced):
    assert bounced("0d9e2f6c-62b1-4c9c-8d55-5f6a7b8c9d0e").startswith("Not counted")
    Digest.objects.update(sent_at=timezone.now() - timedelta(days=15))
    assert bounced(sent.key).startswith("Not counted")
    assert not RefusedAddress.objects.exists()


@pytest.mark.parametrize("content", [b"", b"Subject: out of office\n\nBack on Monday.", b"\x00\xff" * 50])
def test_other_email_does_not_count(monkeypatch, capsys, content):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    call_command("reminders", "bounced")
    assert capsys.readouterr().out.startswith("Not counted")


def test_old_bounce_begins_a_new_count(user):
    first = date(2027, 3, 5)
    for day, days in ((first, 1), (first + timedelta(days=15), 1), (first + timedelta(days=20), 2)):
        row = refusals.record_bounce(user=user, on=day, now=timezone.now(), smtp_response="550 5.1.1")
        assert row.days == days


def test_accepted_email_forgets_a_bounce_after_two_weeks(user):
    first = date(2027, 3, 5)
    refusals.record_bounce(user=user, on=first, now=timezone.now(), smtp_response="550 5.1.1")
    refusals.record_accepted_address(user.pk, user.email, on=first + timedelta(days=14))
    assert RefusedAddress.objects.exists()
    refusals.record_accepted_address(user.pk, user.email, on=first + timedelta(days=15))
    assert not RefusedAddress.objects.exists()


def test_commands_list_count_and_clear_addresses(user, other_user, capsys):
    for person in (user, other_user):
        call_command("reminders", "bounced", person.email)
    call_command("reminders", "addresses")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[:2] for line in sorted(lines[2:])] == sorted(
        [person.email, "day 1"] for person in (user, other_user)
    )
    call_command("reminders", "addresses", "--clear", user.email)
    assert [row.user for row in RefusedAddress.objects.all()] == [other_user]
    call_command("reminders", "addresses", "--clear")
    assert not RefusedAddress.objects.exists()
    with pytest.raises(CommandError, match="no account has this address"):
        call_command("reminders", "bounced", "no@example.org")


def test_each_email_may_have_an_envelope_sender_of_its_own(user, mail_box, settings, monkeypatch):
    senders, right = [], EmailBackend.deliver

    def deliver(self, sender, *mail):
        senders.append(sender)
        return right(self, sender, *mail)

    monkeypatch.setattr(EmailBackend, "deliver", deliver)
    settings.EMAIL_ENVELOPE_SENDER = "bounces+{key}@example.org"
    make_goal(user, step_due_on=MOMENT.date() + timedelta(days=7))
    send()
    assert senders == [f"bounces+{Digest.objects.get().key.hex}@example.org"]


@pytest.mark.django_db(transaction=True)
def test_refusal_counts_while_another_sender_records_that_all_is_well(user):
    refusals.record_refusal(user.pk + 1, is_ours=False, now=MOMENT, smtp_response=NO_MAILBOX.text)

    def refuse():
        return refusals.record_refusal(user.pk, is_ours=False, now=MOMENT, smtp_response=NO_MAILBOX.text)

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            refusals.record_accepted()
            refused = pool.submit(elsewhere, refuse)
            assert somebody_waits()
        assert refused.result(timeout=10) is False
    assert MailServerState.objects.get().refused_users == [user.pk]


def test_email_that_is_nested_without_end_does_not_count(monkeypatch, capsys):
    parts = [f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(5_000)]
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("".join(parts).encode())))
    call_command("reminders", "bounced")
    assert capsys.readouterr().out.startswith("Not counted")
