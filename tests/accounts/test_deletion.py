"""Deletion of an account: the delay, cancelling, and that no rows are left."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from accounts import services
from accounts.models import DeletionNotice, User
from accounts.session_ending import end_all_sessions
from accounts.sessions import SessionStore
from accounts.tasks import delete_due_accounts, send_deletion_notices
from careerplan.account_data.models import DataFile
from careerplan.core.smtp import EmailBackend, SmtpOutcome, SmtpResult
from careerplan.reminders import claims
from careerplan.reminders.models import Digest
from careerplan.reminders.services import create_due_reminders
from tests.accounts.conftest import is_signed_in, sign_in
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.data import make_data_file
from tests.factories.goals import make_goal
from tests.factories.whole import make_whole_account
from tests.reminders.rounds import MOMENT, send

pytestmark = pytest.mark.django_db

NOW = MOMENT
DAY = timedelta(days=1)
MARK = "Kwaheri-7191"


def everything():
    """Every row of every table of the database, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def kept_in_redis(*texts):
    """The keys that name one of these (in lower case), or hold one."""
    client = cache._cache.get_client()
    found = []
    for key in client.scan_iter(count=1000):
        value = client.get(key) if client.type(key) == b"string" else b""
        said = (key + b" " + (value or b"")).decode(errors="replace").lower()
        found += [key for text in texts if text in said]
    return found


def ask(client):
    return client.post(reverse("accounts:delete-request"))


def with_password(client, response):
    """Answer the question for the password, as the browser is led to it."""
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_reauthenticate"))
    return client.post(response.url, {"password": PASSWORD})


def test_deletion_leaves_no_rows_in_any_table(mail_box):
    stranger = UserFactory()
    make_whole_account(stranger, "another user")  # makes the catalogue too, and stays
    before = everything()
    user = UserFactory(email="kwaheri-7191@example.org", name=MARK)
    make_whole_account(user, MARK)
    make_data_file(user)
    DataFile.objects.create(
        user=user,
        direction="in",
        state="ready",
        ready_at=NOW,
        requested_at=NOW,
        not_before=NOW,
        expires_at=NOW,
        summary={"a": MARK},
    )
    client = Client()
    sign_in(client, user.email)
    sign_in(Client(), user.email)
    cache.set(f"saved-posts.{user.pk}.place", {"/goals/new/": MARK}, 60)
    assert len([rows for name, rows in everything().items() if rows != before[name]]) > 30
    assert kept_in_redis(MARK.lower(), user.email) != []
    services.request_deletion(user=user, now=NOW)
    assert services.delete_account(pk=user.pk, now=NOW + 8 * DAY)
    assert [notice.address for notice in DeletionNotice.objects.all()] == [user.email]
    with time_machine.travel(NOW + 8 * DAY, tick=False):
        send_deletion_notices()
    after = everything()
    assert [(name, set(after[name]) ^ set(before[name])) for name in after if after[name] != before[name]] == []
    assert sum(MARK.lower() in row.lower() for rows in after.values() for row in rows) == 0
    assert cache.get(f"saved-posts.{user.pk}.place") is None
    assert kept_in_redis(MARK.lower(), user.email) == []
    assert not is_signed_in(client)
    assert not services.delete_account(pk=user.pk, now=NOW + 8 * DAY)
    assert User.objects.filter(pk=stranger.pk).exists()


def test_triggers_are_active_again_after_a_deletion(user, other_user):
    make_whole_account(user)
    services.request_deletion(user=other_user, now=NOW)
    services.delete_account(pk=other_user.pk, now=NOW + 8 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore', true)")
        assert cursor.fetchone()[0] in ("{}", "", None)


def test_request_needs_the_password_and_shows_the_date(user, mail_box):
    client = Client()
    with time_machine.travel(NOW, tick=False):
        client.force_login(user)
        response = with_password(client, ask(client))
        assert response.url == reverse("accounts:delete")
        page = client.get(response.url).content.decode()
    user.refresh_from_db()
    assert user.deletion_due_at == NOW + 7 * DAY
    assert "Fri 12 Mar 2027 at 8:00" in page
    (mail,) = mail_box.to(user.email)
    assert "12 Mar 2027" in mail["Subject"]
    assert reverse("accounts:delete") in mail.get_body(("plain",)).get_content()


def test_request_without_the_password_changes_nothing(user):
    client = Client()
    client.force_login(user)
    response = ask(client)
    client.post(response.url, {"password": "something else entirely"})
    user.refresh_from_db()
    assert user.deletion_due_at is None


def test_second_request_keeps_the_date(user):
    first = services.request_deletion(user=user, now=NOW)
    assert services.request_deletion(user=user, now=NOW + 3 * DAY) == first


def test_cancel_needs_no_password(user, signed_in):
    services.request_deletion(user=user, now=timezone.now())
    response = signed_in.post(reverse("accounts:delete-cancel"), follow=True)
    assert len(response.context["messages"]) == 1
    delete_due_accounts()
    user.refresh_from_db()
    assert user.deletion_due_at is None


def test_sign_in_redirects_to_a_pending_deletion(user):
    services.request_deletion(user=user, now=timezone.now())
    response = sign_in(Client(), user.email)
    assert response.url == reverse("accounts:delete")


def test_cancelled_deletion_is_not_done(user):
    services.request_deletion(user=user, now=NOW)
    services.cancel_deletion(user=user)
    assert not services.delete_account(pk=user.pk, now=NOW + 8 * DAY)
    assert User.objects.filter(pk=user.pk).exists()


def test_account_is_not_deleted_early(user):
    services.request_deletion(user=user, now=NOW)
    assert services.due_deletions(now=NOW + 7 * DAY - timedelta(seconds=1)) == []
    assert not services.delete_account(pk=user.pk, now=NOW + 6 * DAY)
    assert services.due_deletions(now=NOW + 7 * DAY) == [user.pk]


def test_delete_now_ends_all_sessions_and_wakes_a_worker(
    user, mail_box, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(delete_due_accounts, "apply_async", lambda **options: delete_due_accounts())
    client, elsewhere = Client(), Client()
    sign_in(client, user.email)
    sign_in(elsewhere, user.email)
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("accounts:delete-now"))
    assert response.url == reverse("account_login")
    assert not User.objects.filter(pk=user.pk).exists()
    assert not is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert len(mail_box.to(user.email)) == 2  # about the second browser, and about the deletion
    delete_due_accounts()
    assert len(mail_box.to(user.email)) == 2


def test_delete_now_after_the_password_signs_out(user):
    client = Client()
    client.force_login(user)
    response = with_password(client, client.post(reverse("accounts:delete-now")))
    assert response.url == reverse("account_login")
    assert not is_signed_in(client)
    user.refresh_from_db()
    assert user.deletion_due_at is not None


def test_failed_deletion_stops_no_other_and_keeps_sessions(user, other_user, mail_box, monkeypatch):
    client = Client()
    client.force_login(user)
    for number, one in enumerate((user, other_user)):
        services.request_deletion(user=one, now=timezone.now() - (9 - number) * DAY)
    end_all_sessions = services.end_all_sessions

    def cache_is_away(person):
        if person == user:
            raise RedisError
        return end_all_sessions(person)

    monkeypatch.setattr(services, "end_all_sessions", cache_is_away)
    delete_due_accounts()
    assert list(User.objects.all()) == [user]
    assert is_signed_in(client)
    assert mail_box.to(user.email) == []
    monkeypatch.undo()
    delete_due_accounts()
    assert not User.objects.exists()


def test_last_email_is_owed_until_it_is_taken(user, mail_box, settings):
    settings.EMAIL_PORT, port = 1, settings.EMAIL_PORT
    services.request_deletion(user=user, now=timezone.now() - 8 * DAY)
    delete_due_accounts()
    assert not User.objects.exists()
    settings.EMAIL_PORT = port
    delete_due_accounts()  # not yet: it waits its ten minutes
    assert mail_box.to(user.email) == []
    with time_machine.travel(timezone.now() + DeletionNotice.PAUSE, tick=False):
        delete_due_accounts()
        delete_due_accounts()
    (mail,) = mail_box.to(user.email)
    assert not DeletionNotice.objects.exists()
    assert mail["Message-ID"]


@pytest.mark.django_db(transaction=True)
def test_last_email_is_sent_where_the_answer_of_the_commit_is_lost(user, mail_box, monkeypatch):
    """The account is gone, and the worker does not know: the next round owes the email all the same."""
    services.request_deletion(user=user, now=timezone.now() - 8 * DAY)
    right = services.delete_account

    def lose_the_answer(**how):
        right(**how)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(services, "delete_account", lose_the_answer)
    monkeypatch.setattr("accounts.tasks.send_deletion_notices", lambda: None)  # this worker dies here
    delete_due_accounts()
    monkeypatch.undo()
    assert not User.objects.exists()
    assert mail_box.to(user.email) == []
    delete_due_accounts()
    assert len(mail_box.to(user.email)) == 1


@pytest.mark.parametrize("outcome", ["rejected", "refused", "uncertain", "deferred"])
def test_address_of_a_deleted_account_is_kept_for_three_days_at_most(user, mail_box, monkeypatch, outcome):
    monkeypatch.setattr(EmailBackend, "deliver", lambda self, *mail: SmtpResult(SmtpOutcome(outcome), "550"))
    services.request_deletion(user=user, now=timezone.now() - 8 * DAY)
    delete_due_accounts()
    assert DeletionNotice.objects.exists() == (outcome != "rejected")
    with time_machine.travel(timezone.now() + DeletionNotice.LIFETIME, tick=False):
        delete_due_accounts()
    assert not DeletionNotice.objects.exists()


def test_claimed_digest_is_not_sent_after_a_deletion(user, monkeypatch):
    """The sender has it in hand when its owner asks for the end."""
    make_goal(user, step_due_on=(NOW + 7 * DAY).date())
    right = claims.claim_digests

    def claim_then_leave(**how):
        found = right(**how)
        services.request_deletion(user=user, now=NOW)
        return found

    monkeypatch.setattr(claims, "claim_digests", claim_then_leave)
    assert send(NOW) == []
    assert [digest.state for digest in Digest.objects.filter(user=user)] == ["dropped"]


def test_pending_deletion_stops_digests(user):
    make_goal(user, step_due_on=(NOW + 7 * DAY).date())
    create_due_reminders(as_of=NOW, now=timezone.now())
    assert Digest.objects.filter(user=user, state="pending").count() == 1
    services.request_deletion(user=user, now=NOW)
    assert send(NOW) == []
    assert Digest.objects.filter(user=user, state="pending").count() == 0
    services.cancel_deletion(user=user)
    Digest.objects.filter(user=user).delete()
    assert [sent.address for sent in send(NOW)] == [user.email]


def test_sessions_of_others_remain(user, other_user, django_assert_max_num_queries):
    mine, theirs = Client(), Client()
    sign_in(mine, user.email)
    sign_in(theirs, other_user.email)
    with django_assert_max_num_queries(4):  # however many sessions the site has
        assert end_all_sessions(user) == 1
    assert is_signed_in(theirs)
    assert Session.objects.count() == 1


def test_session_that_was_read_before_the_commit_does_not_come_back(user, django_capture_on_commit_callbacks):
    mine = Client()
    sign_in(mine, user.email)
    session, key = mine.session, f"{SessionStore.cache_key_prefix}{mine.session.session_key}"
    with django_capture_on_commit_callbacks(execute=True):
        end_all_sessions(user)
        cache.set(key, session.load())  # as a request does that does not see the deletion yet
    assert cache.get(key) is None


def test_settings_link_to_data_and_deletion(signed_in):
    page = signed_in.get(reverse("accounts:settings")).content.decode()
    assert reverse("account_data:home") in page
    home = signed_in.get(reverse("account_data:home")).content.decode()
    assert re.search(rf'href="{reverse("accounts:delete")}"', home)
