"""A scheduler run sends each mail once, with the present state, and ends in time."""

import math
from datetime import date, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from careerplan.goals.models import ActionStep, Goal
from careerplan.plans.models import Plan
from careerplan.reminders import claims, delivery, digest_content
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.services import create_due_reminders, stop_kinds
from tests.factories.accounts import UserFactory
from tests.factories.goals import NOW, make_goal
from tests.reminders.rounds import MOMENT, send

pytestmark = pytest.mark.django_db


def test_second_run_sends_nothing(goal, user, mail_box):
    assert len(send()) == 1
    assert send() == []
    assert len(mail_box.to(user.email)) == 1


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
        lambda: Plan.objects.update(state="archived", archived_at=NOW),
    ],
)
def test_change_after_creation_is_not_sent(goal, user, mail_box, change):
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    address = user.email
    change()
    assert send() == []
    assert mail_box.to(address) == []
    assert set(Digest.objects.values_list("state", flat=True)) == {"dropped"}


def test_unchanged_reminder_is_sent(goal, user, mail_box):
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    assert len(send()) == 1
    assert len(mail_box.to(user.email)) == 1


def test_reopened_step_gets_its_unsent_reminder(goal, user, mail_box):
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    ActionStep.objects.update(state="done", done_at=NOW)
    assert send() == []
    ActionStep.objects.update(state="to_do", done_at=None)
    assert len(send(MOMENT + timedelta(days=1))) == 1
    assert mail_box.to(user.email)[0]["Subject"] == "In 6 days: Ask for two late shifts"


def test_run_ends_in_time(user, mail_box, monkeypatch):
    make_goal(user, step_due_on=date(2027, 3, 12))
    start, ticks = timezone.now(), iter(range(10_000))
    slow = lambda: start + timedelta(seconds=70 * next(ticks))  # noqa: E731
    assert delivery.run_scheduler(as_of=MOMENT, clock=slow) == 0
    assert Digest.objects.get().state == "pending"


def test_time_limit_ends_the_run_and_is_no_broken_mail(goal, mail_box, monkeypatch):
    def run_out(*args):
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(delivery, "build_digest_mail", run_out)
    with pytest.raises(SoftTimeLimitExceeded):
        send()


def test_sent_email_is_recorded_where_the_run_ends_before_the_next(mail_box, monkeypatch):
    monkeypatch.setattr(digest_content, "FRESH_SECONDS", 60)
    monkeypatch.setattr(delivery, "ACCEPTED_EVERY_SECONDS", 60)
    people = UserFactory.create_batch(4)
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))
    right, last = delivery.build_digest_mail, people[3]

    def runs_out_at_the_last(content):
        if content.digest.user_id == last.pk:
            raise SoftTimeLimitExceeded
        return right(content)

    monkeypatch.setattr(delivery, "build_digest_mail", runs_out_at_the_last)
    with pytest.raises(SoftTimeLimitExceeded):
        send()
    left = Digest.objects.order_by("user_id").values_list("state", "attempts")
    assert list(left) == [("sent", 1)] * 3 + [("pending", 0)]


def test_sent_email_is_recorded_where_the_run_ends_while_that_is_tried(goal, mail_box, monkeypatch):
    right, tries = claims.record_sent, []

    def runs_out_once(sent):
        tries.append(sent)
        if len(tries) == 1:
            raise SoftTimeLimitExceeded
        right(sent)

    monkeypatch.setattr(claims, "record_sent", runs_out_once)
    with pytest.raises(SoftTimeLimitExceeded):
        send()
    assert Digest.objects.get().state == "sent"


def test_an_email_makes_one_statement_beside_the_reads(mail_box, monkeypatch):
    monkeypatch.setattr(digest_content, "FRESH_SECONDS", 60)
    count = 2 * digest_content.READ_TOGETHER
    for person in UserFactory.create_batch(count):
        make_goal(person, step_due_on=date(2027, 3, 12))
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    digests = claims.claim_digests(now=timezone.now(), limit=count)
    batch = delivery._Batch(digests, MOMENT, timezone.now, timezone.now() + timedelta(minutes=1), None)
    batch.accepted_until = math.inf  # it was just recorded that the mail server takes emails
    with CaptureQueriesContext(connection) as made:
        batch.send()
    about_emails = [query["sql"] for query in made if "reminders_digest" in query["sql"]]
    # The contents in two reads; the start of each email is one statement with the outcome of the one before, except
    # around the second read; the last outcome.
    assert (batch.sent, len(about_emails)) == (count, 2 + count + 2)


def test_command_runs_once_and_lists_sent_mails(goal, user, mail_box, capsys):
    call_command("send_reminders", "--now", "2027-03-05T09:00+01:00", "--send")
    out = capsys.readouterr().out
    assert f"2027-03-05 Europe/London {user.email}: In 7 days: Ask for two late shifts" in out
    assert "1 sent, as of 2027-03-05T09:00:00+01:00" in out
    call_command("send_reminders", "--now", "2027-03-05T09:00+01:00", "--send")
    assert "0 sent" in capsys.readouterr().out


def test_command_for_another_time_only_looks(goal, user, mail_box, capsys):
    for _ in range(2):
        call_command("send_reminders", "--now", "2027-03-05T09:00+01:00")
        out = capsys.readouterr().out
        assert f"2027-03-05 Europe/London {user.email}: In 7 days: Ask for two late shifts" in out
        assert "1 would be sent" in out
        assert "--send" in out
    assert not mail_box.to(user.email)
    assert not Digest.objects.exists()
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("text", ["tomorrow", "2027-03-05T09:00"])
def test_invalid_now_is_rejected(text):
    with pytest.raises(CommandError, match="Use the format 2027-03-01T08:00"):
        call_command("send_reminders", "--now", text)
