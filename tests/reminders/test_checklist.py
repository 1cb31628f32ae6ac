"""Known mistakes of reminder systems (table in docs/testing.md) that no other file tests."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from careerplan.celery import app
from careerplan.core.postgresql.base import MARGIN_SECONDS
from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult
from careerplan.reminders import claims, delivery, digest_content
from careerplan.reminders.models import Digest, Reminder
from careerplan.reminders.services import create_due_reminders
from tests.factories.goals import make_goal, only_step
from tests.reminders.rounds import MOMENT, send, send_at

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_attempt_is_committed_before_the_server_hears_of_the_mail(user, mail_box, monkeypatch):
    make_goal(user, step_due_on=date(2027, 3, 12))
    right, seen = EmailBackend.deliver, []

    def look(self, *mail):
        with connection.copy().cursor() as cursor:  # another session sees only what is committed
            cursor.execute("SELECT state, attempt_started_at IS NOT NULL, attempts FROM reminders_digest")
            seen.extend(cursor.fetchall())
            cursor.connection.close()
        return right(self, *mail)

    monkeypatch.setattr(EmailBackend, "deliver", look)
    send()
    assert seen == [("pending", True, 1)]


def test_killed_sender_leaves_an_uncertain_attempt(user, goal, mail_box, monkeypatch):
    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "deliver", die)
        with pytest.raises(KeyboardInterrupt):
            send()
    digest = Digest.objects.get()
    assert (digest.state, digest.attempts, digest.attempt_started_at is not None) == ("pending", 1, True)
    later = lambda: timezone.now() + claims.lease()  # noqa: E731
    assert len(send_at(MOMENT, later)) == 1
    digest.refresh_from_db()
    assert (digest.stage, digest.uncertain_attempts, digest.attempts) == ("sent", 1, 2)


def test_mail_that_may_have_arrived_gets_no_new_reminders(user, goal, mail_box, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "deliver", lambda *args: SmtpResult(SmtpOutcome.UNCERTAIN, "TimeoutError"))
        send()
    assert Digest.objects.get().stage == "unknown"
    make_goal(user, step_due_on=date(2027, 3, 5))
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    digest = Digest.objects.get()
    assert digest.reminders.count() == 1
    assert len(send_at(MOMENT, lambda: timezone.now() + timedelta(minutes=1))) == 1
    [mail] = mail_box.to(user.email)
    assert str(digest.key) in mail["Message-ID"]


def test_each_mail_is_read_again_while_the_server_is_slow(user, other_user, mail_box, monkeypatch):
    """The second step is done while the first mail is sent, although both were claimed together."""
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    other_user.time_zone = "Europe/London"
    other_user.save()
    right, left = EmailBackend.deliver, [user, other_user]

    def slow(self, sender, recipient, content):
        done = next(person for person in left if person.email != recipient)
        only_step(done.plans.get().goals.get()).__class__.objects.filter(goal__plan__user=done).update(
            state="done", done_at=MOMENT
        )
        delivery.time.sleep(2 * digest_content.FRESH_SECONDS)
        return right(self, sender, recipient, content)

    monkeypatch.setattr(EmailBackend, "deliver", slow)
    assert len(send()) == 1
    assert sorted(Digest.objects.values_list("state", flat=True)) == ["dropped", "sent"]


def test_no_message_is_published_before_its_row_is_committed():
    """A page changes rows, which a scheduler run finds: there is no message to lose.

    Two pages also wake a worker, so that no one waits: after the commit, and with a message that expires.
    """
    root = Path(__file__).resolve().parents[2]
    code = [path for folder in ("accounts", "careerplan") for path in (root / folder).rglob("*.py")]
    publishing = re.compile(r"\.(delay|apply_async|send_task)\(")
    found = {str(path.relative_to(root)) for path in code if publishing.search(path.read_text())}
    assert found == {"careerplan/core/tasks.py"}


def test_every_socket_has_a_timeout(settings):
    assert settings.EMAIL_TIMEOUT <= 10
    waits = (
        3 * settings.EMAIL_TIMEOUT + settings.EMAIL_FINAL_TIMEOUT + settings.SENDING_STATEMENT_SECONDS + MARGIN_SECONDS
    )
    assert settings.LONGEST_EMAIL_SECONDS >= waits
    assert settings.REMINDER_LEASE_SECONDS > settings.LONGEST_EMAIL_SECONDS
    assert claims.lease().total_seconds() + settings.SCHEDULER_SECONDS <= 120
    options = connection.get_connection_params()  # a waiting process learns that the server is gone
    assert options["connect_timeout"] <= 5
    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 60
    assert options["tcp_user_timeout"] <= 60_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'")
        assert 0 < cursor.fetchone()[0] <= 1000 * settings.STATEMENT_TIMEOUT_SECONDS
    assert app.conf.broker_transport_options["socket_timeout"] <= 5
    assert app.conf.broker_transport_options["socket_connect_timeout"] <= 5
    assert (
        app.conf.task_soft_time_limit
        < app.conf.task_time_limit
        < app.conf.broker_transport_options["visibility_timeout"]
    )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "sent", "sent_at": MOMENT, "claim_token": uuid4()}, "reminders_digest_claim_while_pending"),
        ({"attempt_started_at": MOMENT}, "reminders_digest_started_by_claim"),
    ],
)
def test_digest_constraints(goal, changes, constraint):
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    with pytest.raises(IntegrityError, match=constraint):
        Digest.objects.update(**changes)


def test_reminders_left_out_of_a_mail_are_deleted_with_its_outcome(user, goal, mail_box):
    make_goal(user, step_due_on=date(2027, 3, 5))
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    only_step(goal).__class__.objects.filter(goal=goal).update(state="done", done_at=MOMENT)
    assert len(send()) == 1
    assert set(Reminder.objects.filter(channel="mail").values_list("goal", flat=True)) != {goal.pk}
    assert not Reminder.objects.filter(channel="mail", goal=goal).exists()
