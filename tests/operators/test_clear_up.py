"""What is deleted after which time, once a day by the clock, and inactive people who are asked first."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import DatabaseError
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.tasks import delete_due_accounts
from careerplan.operators.actors import SYSTEM
from careerplan.operators.models import AuditAction, AuditEntry, ClearUp, InactivityQuestion
from careerplan.operators.services import clear_up as services
from careerplan.operators.services.audit import record
from careerplan.operators.services.clear_up import clear_up, next_due_at
from careerplan.operators.services.inactivity import delete_inactive
from careerplan.operators.tasks import ask_inactive_people
from careerplan.operators.tasks import clear_up as task
from careerplan.reminders.models import Digest, RefusedAddress, Reminder, UserActivity
from careerplan.site_settings.services import save_settings
from tests.factories.accounts import UserFactory
from tests.factories.goals import make_goal

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = datetime(2027, 3, 9, 12, tzinfo=UTC)


def kept(**columns):
    save_settings(values=columns, version=0)


# --- When it is due -----------------------------------------------------------------------------------
def test_it_runs_once_a_day_however_often_it_is_started():
    starts = [NOW + hours * timedelta(hours=1) for hours in (0, 1, 14, 16, 20, 24)]  # due at 3 in the morning
    assert [clear_up(clock=lambda at=at: at) is not None for at in starts] == [True, False, False, True, False, False]


def test_the_next_one_is_due_at_a_time_of_day():
    assert next_due_at(NOW) == datetime(2027, 3, 10, 3, tzinfo=UTC)
    assert next_due_at(datetime(2027, 3, 10, 2, 59, tzinfo=UTC)) == datetime(2027, 3, 10, 3, tzinfo=UTC)
    assert next_due_at(datetime(2027, 3, 10, 3, tzinfo=UTC)) == datetime(2027, 3, 11, 3, tzinfo=UTC)


def test_a_restart_of_the_scheduler_changes_nothing():
    """What is due is a row: nothing that a process remembers."""
    task()
    row = ClearUp.objects.get()
    task()
    assert ClearUp.objects.get().ran_at == row.ran_at
    ClearUp.objects.update(due_at=timezone.now() - DAY)
    task()
    assert ClearUp.objects.get().ran_at > row.ran_at


def test_a_worker_that_died_leaves_it_to_the_next_one():
    assert services.claim(now=NOW)
    assert clear_up(clock=lambda: NOW + services.LEASE / 2) is None
    assert clear_up(clock=lambda: NOW + services.LEASE) is not None


def test_a_step_that_fails_stops_no_other_and_is_tried_again(monkeypatch):
    def fail(now):
        raise DatabaseError

    UserFactory(confirmed=False, date_joined=NOW - 30 * DAY)
    monkeypatch.setitem(services.STEPS, "sessions", fail)
    assert clear_up(clock=lambda: NOW)["unconfirmed"] == 1
    row = ClearUp.objects.get()
    assert (row.failed, row.due_at) == (["sessions"], NOW + services.LEASE)


# --- What is deleted ----------------------------------------------------------------------------------
@pytest.mark.parametrize("days", [1, 7])
def test_sign_ups_without_confirmation(days):
    kept(unconfirmed_days=days)
    old = {"date_joined": NOW - (days + 0.1) * DAY}
    gone = UserFactory(confirmed=False, **old)
    staying = [
        UserFactory(confirmed=False, date_joined=NOW - (days - 0.1) * DAY),
        UserFactory(**old),
        UserFactory(confirmed=False, last_login=NOW, **old),
        UserFactory(confirmed=False, is_staff=True, **old),
        UserFactory(confirmed=False, is_active=False, date_joined=NOW - 365 * DAY),
    ]
    long_blocked = UserFactory(confirmed=False, is_active=False, date_joined=NOW - (days + 365.1) * DAY)
    EmailAddress.objects.create(user=staying[2], email="second@example.org", verified=True)
    assert services.delete_unconfirmed(NOW) == 2
    assert not User.objects.filter(pk__in=[gone.pk, long_blocked.pk]).exists()
    assert User.objects.filter(pk__in=[user.pk for user in staying]).count() == len(staying)


def test_subjects_go_and_the_reminder_stays_so_that_none_comes_twice(user):
    goal = make_goal(user)
    digest = Digest.objects.create(
        user=user,
        local_date=(NOW - 400 * DAY).date(),
        made_at=NOW - 400 * DAY,
        not_before=NOW,
        state="sent",
        sent_at=NOW - 400 * DAY,
        subject="Private words",
    )
    Reminder.objects.create(
        user=user, digest=digest, kind="overdue", goal=goal, due_on=goal.due_on, lead_days=-1, local_date=NOW.date()
    )
    assert services.blank_subjects(NOW) == 1
    assert services.blank_subjects(NOW) == 0
    digest.refresh_from_db()
    assert digest.subject == ""
    assert Reminder.objects.count() == 1


def test_history_keeps_what_was_true_at_the_limit(user):
    goal = make_goal(user)
    for title in ("Second", "Third"):
        goal.title = title
        goal.save()
    events = goal.events.order_by("pgh_id")
    for event, days in zip(events, (900, 800, 100), strict=True):
        type(event).objects.filter(pk=event.pk).update(pgh_created_at=NOW - days * DAY)
    assert services.delete_history(NOW) == 0  # kept as long as the goal
    kept(history_years=2)
    assert services.delete_history(NOW) >= 1
    assert list(events.values_list("title", flat=True)) == ["Second", "Third"]
    assert services.delete_history(NOW) == 0


def test_refused_addresses_that_stop_nothing(user):
    old = {"user": user, "refused_on": (NOW - 200 * DAY).date()}
    RefusedAddress.objects.create(address=user.email, stopped_at=NOW - 200 * DAY, **old)
    RefusedAddress.objects.create(address="earlier@example.org", stopped_at=NOW - 200 * DAY, **old)
    assert services.delete_refused_addresses(NOW) == 1
    assert RefusedAddress.objects.get().address == user.email


def test_ended_invitations():
    ages = {"old@example.org": 60, "new@example.org": 20}
    for email, days in ages.items():
        at = NOW - days * DAY
        Invitation.objects.create(email=email, invited_at=at, expires_at=at + 14 * DAY)
    assert services.delete_invitations(NOW) == 1
    assert Invitation.objects.get().email == "new@example.org"


def test_entries_of_the_audit_log_after_two_years():
    now = timezone.now()
    for at in (now - 731 * DAY, now - 700 * DAY):
        record(actor=SYSTEM, action=AuditAction.TEST_MAIL, now=at)
    assert services.delete_audit_entries(now) == 1
    assert AuditEntry.objects.count() == 1


# --- Inactive people ----------------------------------------------------------------------------------
@pytest.fixture
def sleeper(db):
    """A person who was last here three years ago."""
    user = UserFactory()
    UserActivity.objects.create(user=user, seen_at=timezone.now() - 3 * 365 * DAY)
    return user


def test_inactive_people_are_kept_unless_the_site_says_otherwise(sleeper):
    assert ask_inactive_people() == 0
    assert not mail.outbox


def test_inactive_people_are_asked_once_and_then_deleted(sleeper):
    kept(inactive_years=2)
    assert ask_inactive_people() == 1
    assert ask_inactive_people() == 0
    assert [message.to for message in mail.outbox] == [[sleeper.email]]
    answer_by = InactivityQuestion.objects.get().answer_by
    assert delete_inactive(answer_by - DAY) == 0
    assert delete_inactive(answer_by) == 1
    User.objects.update(deletion_due_at=timezone.now())
    delete_due_accounts()
    assert not User.objects.filter(pk=sleeper.pk).exists()
    assert list(AuditEntry.objects.values_list("action", flat=True).order_by("pk")) == [
        "inactive_asked",
        "deletion_asked",
    ]


def come_back(user):
    UserActivity.objects.update(seen_at=timezone.now() + DAY)


def turn_off(user):
    kept(inactive_years=None)


def wait_longer(user):
    kept(inactive_years=5)


def refuse(user):
    RefusedAddress.objects.create(user=user, address=user.email, refused_on=NOW.date(), stopped_at=timezone.now())


@pytest.mark.parametrize("rescue", [come_back, turn_off, wait_longer, refuse])
def test_a_question_is_withdrawn_where_it_would_not_be_asked_any_more(sleeper, rescue):
    kept(inactive_years=2)
    ask_inactive_people()
    rescue(sleeper)
    assert delete_inactive(timezone.now() + 60 * DAY) == 0
    assert not InactivityQuestion.objects.exists()
    sleeper.refresh_from_db()
    assert sleeper.deletion_due_at is None


@pytest.mark.parametrize(
    "columns", [{"is_active": False}, {"is_staff": True}, {"deletion_due_at": datetime(2030, 1, 1, tzinfo=UTC)}]
)
def test_some_people_are_never_asked(sleeper, columns):
    kept(inactive_years=1)
    User.objects.filter(pk=sleeper.pk).update(**columns)
    assert ask_inactive_people() == 0


def test_who_cannot_be_asked_is_not_deleted(sleeper):
    kept(inactive_years=1)
    refuse(sleeper)
    assert ask_inactive_people() == 0
    assert delete_inactive(timezone.now() + 90 * DAY) == 0


def test_a_question_that_the_mail_server_did_not_take_is_asked_again(sleeper, monkeypatch):
    kept(inactive_years=1)
    monkeypatch.setattr("careerplan.operators.mails.send", lambda *args, **kwargs: False)
    assert ask_inactive_people() == 0
    assert not InactivityQuestion.objects.exists()


def test_nothing_is_written_down_before_the_mail_server_has_the_question(sleeper, monkeypatch):
    """A worker that is killed meanwhile leaves no question that nobody got."""
    written = []
    monkeypatch.setattr(
        "careerplan.operators.mails.send",
        lambda *args, **kwargs: written.append(InactivityQuestion.objects.exists()) or True,
    )
    kept(inactive_years=1)
    assert ask_inactive_people() == 1
    assert written == [False]
    assert InactivityQuestion.objects.exists()


def test_a_step_is_bounded(user, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    now = timezone.now()
    for _number in range(3):
        record(actor=SYSTEM, action=AuditAction.TEST_MAIL, now=now - 731 * DAY)
    assert [services.delete_audit_entries(now) for _run in range(3)] == [2, 1, 0]
