"""A mail server that is away or rejects mail: no reminder is lost, and none is given up too early."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import DataError, OperationalError, connection
from django.utils import timezone

from accounts.models import User
from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult
from careerplan.goals.models import ActionStep
from careerplan.reminders import claims, delivery, digest_content
from careerplan.reminders.models import Digest
from careerplan.reminders.services import create_due_reminders
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal
from tests.reminders.rounds import MOMENT, send, send_at

pytestmark = pytest.mark.django_db

ANSWERS = [
    (SmtpResult(SmtpOutcome.REJECTED, "550 5.1.1 no such person"), "failed"),
    (SmtpResult(SmtpOutcome.REFUSED, "554 looks like spam"), "deferred"),
    (SmtpResult(SmtpOutcome.DEFERRED, "451 later"), "deferred"),
    (SmtpResult(SmtpOutcome.DEFERRED, "SMTPServerDisconnected"), "deferred"),
    (SmtpResult(SmtpOutcome.UNCERTAIN, "TimeoutError"), "unknown"),
]


class Outage:
    """The mail server is away until the test brings it back."""

    def __init__(self, settings):
        self.settings, self.port = settings, settings.EMAIL_PORT
        settings.EMAIL_PORT = 1

    def end(self):
        self.settings.EMAIL_PORT = self.port


def test_no_reminder_is_lost_without_a_mail_server(goal, user, mail_box, settings):
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    assert send() == []
    digest = Digest.objects.get()
    assert digest.state == "pending"
    assert timedelta(seconds=50) < digest.not_before - timezone.now() <= timedelta(seconds=60)
    settings.EMAIL_PORT = port
    assert send() == []  # not yet: it waits its minute
    later = lambda: timezone.now() + timedelta(minutes=1)  # noqa: E731
    assert len(send_at(MOMENT, later)) == 1
    assert len(mail_box.to(user.email)) == 1


@pytest.mark.parametrize("place", [0, 3])  # of those that are built together
def test_one_broken_mail_does_not_stop_the_others(mail_box, monkeypatch, place):
    people = UserFactory.create_batch(6)
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))
    user, others = people[place], [person for person in people if person != people[place]]
    right = delivery.build_digest_mail

    def breaks_for_one(content):
        if content.digest.user_id == user.pk:
            raise RuntimeError("broken")
        return right(content)

    monkeypatch.setattr(delivery, "build_digest_mail", breaks_for_one)
    assert [mail.address for mail in send()] == [person.email for person in others]
    assert Digest.objects.get(state="pending").user == user
    assert Digest.objects.filter(state="sent").count() == 5
    now = timezone.now()
    for pause in (2, 4, 8):  # the first was one minute
        now = now + timedelta(minutes=pause)
        assert send_at(MOMENT, lambda now=now: now) == []
        assert Digest.objects.get(user=user).not_before == now + timedelta(minutes=pause)


@pytest.mark.django_db(transaction=True)
def test_change_while_the_database_restarts_is_not_sent(mail_box, monkeypatch):
    monkeypatch.setattr(digest_content, "FRESH_SECONDS", 0.4)  # less than the pause between two tries
    people = UserFactory.create_batch(4)
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))
    late, tries = people[2], []

    def restart_before(right):
        def write(*digests, now):
            if digests[-1].user_id == late.pk:
                tries.append(right.__name__)
                if len(tries) <= 2:
                    ActionStep.objects.filter(goal__plan__user=late).update(state="done", done_at=now)
                    raise OperationalError("the server closed the connection")
            return right(*digests, now=now)

        return write

    for name in ("start_attempt", "record_sent_and_start"):
        monkeypatch.setattr(claims, name, restart_before(getattr(claims, name)))
    assert [mail.address for mail in send()] == [person.email for person in people if person != late]
    # Where the machine stood still for so long, the email before was recorded already.
    assert tries in (["record_sent_and_start", *["start_attempt"] * 2], ["start_attempt"] * 3)
    assert Digest.objects.get(user=late).state == "dropped"
    assert Digest.objects.filter(state="sent").count() == 3


@pytest.mark.parametrize("error", [DataError, OperationalError])
def test_sent_email_is_recorded_alone_where_the_next_cannot_be_started(mail_box, monkeypatch, error):
    """Its row may be locked for longer than the sent one is ours."""
    monkeypatch.setattr(digest_content, "FRESH_SECONDS", 60)
    monkeypatch.setattr(delivery, "ACCEPTED_EVERY_SECONDS", 60)
    people, tries = UserFactory.create_batch(3), []
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))

    def fail(sent, digest, *, now):
        tries.append((sent.digest.user_id, digest.user_id))
        raise error

    monkeypatch.setattr(claims, "record_sent_and_start", fail)
    assert len(send()) == 3
    assert tries == [(people[1].pk, people[2].pk)]
    assert list(Digest.objects.values_list("state", "attempts", "uncertain_attempts")) == [("sent", 1, 0)] * 3


def test_email_that_cannot_be_recorded_does_not_stop_the_others(mail_box, monkeypatch):
    people, right = UserFactory.create_batch(3), claims.record_sent
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))

    def fail_for_the_first(sent):
        if sent.digest.user_id == people[0].pk:
            raise DataError
        right(sent)

    monkeypatch.setattr(claims, "record_sent", fail_for_the_first)
    assert len(send()) == 3
    assert Digest.objects.get(user=people[0]).stage == "claimed"
    assert Digest.objects.filter(state="sent").count() == 2


@pytest.mark.django_db(transaction=True)
def test_email_is_recorded_after_several_statements_without_an_answer(user, mail_box, monkeypatch):
    make_goal(user, step_due_on=date(2027, 3, 12))
    seconds, right, tries = [0.0], claims.record_sent, []

    def waits(sent):
        tries.append(sent)
        if len(tries) < 4:
            seconds[0] += settings.STATEMENT_TIMEOUT_SECONDS + 1
            raise OperationalError("the database does not answer")
        right(sent)

    monkeypatch.setattr(claims, "record_sent", waits)
    monkeypatch.setattr(delivery, "time", SimpleNamespace(monotonic=lambda: seconds[0], sleep=lambda _seconds: None))
    assert len(send()) == 1
    assert Digest.objects.get().state == "sent"
    assert send_at(MOMENT, lambda: timezone.now() + claims.lease()) == []
    assert len(mail_box.to(user.email)) == 1


def test_one_unreadable_digest_does_not_stop_the_others(mail_box, monkeypatch):
    people = UserFactory.create_batch(5)
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))
    right, broken = digest_content.load_digest_contents, people[3].pk

    def breaks_for_one(digests, as_of):
        if any(digest.user_id == broken for digest in digests):
            raise ValueError("broken")
        return right(digests, as_of)

    monkeypatch.setattr(digest_content, "load_digest_contents", breaks_for_one)
    assert len(send()) == 4
    assert Digest.objects.get(state="pending").user_id == broken


def test_one_failing_delivery_does_not_stop_the_others(mail_box, monkeypatch):
    people = UserFactory.create_batch(3)
    for person in people:
        make_goal(person, step_due_on=date(2027, 3, 12))
    right, broken = EmailBackend.deliver, people[1].email

    def breaks_for_one(self, sender, recipient, content):
        if recipient == broken:
            raise ValueError("broken")
        return right(self, sender, recipient, content)

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "deliver", breaks_for_one)
        assert len(send()) == 2
    digest = Digest.objects.get(user=people[1])
    assert (digest.stage, digest.attempts) == ("claimed", 1)
    assert len(send_at(MOMENT, lambda: timezone.now() + claims.lease())) == 1  # its claim ran out
    digest.refresh_from_db()
    assert (digest.stage, digest.uncertain_attempts) == ("sent", 1)


@pytest.mark.parametrize("step", ["make_due_reviews", "reschedule_unsent_digests"])
@pytest.mark.django_db(transaction=True)
def test_failing_step_of_a_run_does_not_stop_the_others(user, mail_box, monkeypatch, step):
    make_goal(user, step_due_on=date(2027, 3, 12))

    def fail(**options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(delivery, step, fail)
    assert len(send()) == 1


@pytest.mark.parametrize(("answer", "stage"), ANSWERS)
def test_only_permanent_rejections_are_given_up(goal, mail_box, monkeypatch, answer, stage):
    monkeypatch.setattr("careerplan.core.smtp.EmailBackend.deliver", lambda *args: answer)
    assert send() == []
    digest = Digest.objects.get()
    assert (digest.stage, digest.claim_token, digest.smtp_response) == (stage, None, answer.text)
    assert Digest.objects.by_stage()[stage] == 1
    assert digest.uncertain_attempts == (stage == "unknown")
    assert digest.reminders.count() == (stage != "failed")


def test_one_valid_mail_after_an_outage_of_days(user, mail_box, settings):
    make_goal(user, step_due_on=date(2027, 3, 12))
    make_goal(user, step_due_on=date(2027, 3, 13))
    outage, hours = Outage(settings), 0
    for day in ("11", "12", "13"):
        hours += 24
        now = timezone.now() + timedelta(hours=hours)
        as_of = datetime.fromisoformat(f"2027-03-{day}T08:00:00+00:00")
        assert send_at(as_of, lambda now=now: now) == []
    outage.end()
    later = timezone.now() + timedelta(hours=hours + 23)
    before_the_hour = datetime.fromisoformat("2027-03-14T07:00:00+00:00")
    assert send_at(before_the_hour, lambda: later) == []
    later += timedelta(hours=1)
    at_the_hour = datetime.fromisoformat("2027-03-14T08:00:00+00:00")
    assert len(send_at(at_the_hour, lambda: later)) == 1
    [mail] = mail_box.to(user.email)
    text = mail.get_body(("plain",)).get_content()
    assert text.count(". 2 days late") == text.count(". 1 day late") == 1
    assert ". Today" not in text
    assert [digest.state for digest in Digest.objects.all()] == ["sent"]


def test_unreachable_server_is_tried_once_a_run(user, other_user, mail_box, settings, monkeypatch):
    for person in (user, other_user):
        make_goal(person, step_due_on=date(2027, 3, 12))
    User.objects.update(time_zone="Europe/London")
    Outage(settings)
    tries = []
    monkeypatch.setattr("careerplan.core.smtp._SMTP.connect", lambda *args: tries.append(args) or _refuse())
    assert send() == []
    assert len(tries) == 1
    assert set(Digest.objects.values_list("state", "claim_token", "attempts")) == {("pending", None, 0)}


def _refuse():
    raise ConnectionRefusedError


def test_retry_interval_grows_to_an_hour(goal):
    waits = []
    create_due_reminders(as_of=MOMENT, now=timezone.now())
    for attempts in (0, 1, 2, 3, 7, 20):
        [claimed] = claims.claim_digests(now=timezone.now() + timedelta(days=1), limit=1)
        now = timezone.now()
        claims.defer(claimed, now=now, attempts=attempts)
        waits.append((Digest.objects.get().not_before - now).total_seconds() / 60)
    assert waits == [1, 1, 2, 4, 60, 60]
