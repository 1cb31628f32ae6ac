"""Where someone is signed in, and signing out there."""

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from accounts import session_rows
from accounts.queries import list_signed_in_devices
from accounts.services import forget_ended_sessions
from accounts.session_rows import LISTED_AS
from tests.accounts.conftest import is_signed_in, sign_in
from tests.accounts.test_passwords import CHANGE, NEW, ask_for_link, open_link
from tests.factories.accounts import PASSWORD, confirm_password, make_user_session

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
OTHERS = "accounts:sessions-end-others"


def signed_in_at(user, moment: str, user_agent: str = FIREFOX) -> Client:
    """A browser in which `user` typed the password at a moment."""
    client = Client(headers={"user-agent": user_agent})
    with time_machine.travel(moment):
        assert sign_in(client, user.email).status_code == 302
    return client


def devices_of(user, client: Client):
    return list_signed_in_devices(user, session_key=client.session.session_key, now=timezone.now())


@time_machine.travel("2027-03-09T12:00Z")
def test_the_list_says_browser_address_and_times_and_starts_with_this_one(user, other_user):
    here = signed_in_at(user, "2027-03-08T10:00Z", "curl/8")
    signed_in_at(user, "2027-03-09T10:00Z")
    signed_in_at(other_user, "2027-03-09T10:00Z")
    first, second = devices_of(user, here)
    assert (first.is_this, first.device, first.since.hour) == (True, "", 10)
    assert (second.is_this, second.device, second.ip) == (False, "Firefox on Windows", "127.0.0.1")


@time_machine.travel("2027-03-09T12:00Z")
def test_the_list_costs_one_query(user, django_assert_num_queries):
    here = signed_in_at(user, "2027-03-09T10:00Z")
    key = here.session.session_key
    for more in (0, 30):
        for _ in range(more):
            make_user_session(user)
        with django_assert_num_queries(1):
            assert len(list_signed_in_devices(user, session_key=key, now=timezone.now())) == 1 + more


def test_a_page_writes_down_the_visit_every_ten_minutes(user):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        here = signed_in_at(user, "2027-03-09T10:00Z")
        row = UserSession.objects.get()
        clock.shift(599)
        is_signed_in(here)
        row.refresh_from_db()
        assert (row.last_seen_at.minute, row.user_agent) == (0, FIREFOX)
        clock.shift(1)
        here.get("/today/", headers={"user-agent": "x" * 5000})
        row.refresh_from_db()
        assert (row.last_seen_at.minute, row.user_agent) == (10, "x" * 200)


def without_row(client: Client) -> Client:
    """The browser, as if its session had come without a row."""
    UserSession.objects.filter(session_key=client.session.session_key).delete()
    session = client.session
    session.pop(LISTED_AS, None)
    session.save()
    return client


def test_session_without_a_row_gets_one_with_its_next_page(user):
    here, lost = Client(), without_row(signed_in_at(user, "2027-03-09T10:00Z"))
    with time_machine.travel("2027-03-09T10:05Z"):
        sign_in(here, user.email)
        assert len(devices_of(user, here)) == 1
        assert is_signed_in(lost)
        assert [device.is_this for device in devices_of(user, here)] == [True, False]
        page = lost.get(reverse("accounts:security"))
        assert [device.is_this for device in page.context["devices"]] == [True, False]


def test_session_with_a_new_key_has_a_row_under_it(user):
    with time_machine.travel("2027-03-09T10:00Z"):
        here = Client()
        sign_in(here, user.email)
        session = here.session
        session.cycle_key()
        here.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        assert is_signed_in(here)
        assert [device.is_this for device in devices_of(user, here)] == [True]


def test_row_that_was_lost_is_made_with_the_next_visit(user):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        here = signed_in_at(user, "2027-03-09T10:00Z")
        UserSession.objects.all().delete()
        clock.shift(600)
        assert is_signed_in(here)
        assert len(devices_of(user, here)) == 1


def test_sessions_without_a_row_are_bounded_too(user, monkeypatch):
    monkeypatch.setattr(session_rows, "MOST_SESSIONS", 2)
    clients = [signed_in_at(user, f"2027-03-09T10:0{minute}Z") for minute in (0, 1)]
    lost = Client()
    lost.force_login(user)
    without_row(lost)
    assert is_signed_in(lost)
    assert [Session.objects.filter(session_key=client.session.session_key).exists() for client in clients] == [
        False,
        True,
    ]


@time_machine.travel("2027-03-09T10:05Z")
def test_one_is_signed_out(user):
    here, there, third = (signed_in_at(user, "2027-03-09T10:00Z") for _ in range(3))
    [pk] = UserSession.objects.filter(session_key=there.session.session_key).values_list("pk", flat=True)
    with capture_logs() as lines:
        assert here.post(reverse("accounts:session-end", args=[pk])).url == reverse("accounts:security")
    assert [is_signed_in(client) for client in (here, there, third)] == [True, False, True]
    assert len(devices_of(user, here)) == 2
    assert {"event": "session_ended_elsewhere", "user": user.pk, "count": 1, "log_level": "info"} in lines
    assert here.post(reverse("accounts:session-end", args=[pk])).status_code == 404


@time_machine.travel("2027-03-09T10:05Z")
def test_all_others_are_signed_out(user, other_user):
    here, there, third = (signed_in_at(user, "2027-03-09T10:00Z") for _ in range(3))
    stranger = signed_in_at(other_user, "2027-03-09T10:00Z")
    here.post(reverse(OTHERS))
    assert [is_signed_in(client) for client in (here, there, third, stranger)] == [True, False, False, True]


@time_machine.travel("2027-03-09T12:00Z")
def test_signing_out_there_asks_for_the_password_first(user):
    here, there = (signed_in_at(user, "2027-03-09T10:00Z") for _ in range(2))
    pk = UserSession.objects.get(session_key=there.session.session_key).pk
    for path in (reverse(OTHERS), reverse("accounts:session-end", args=[pk])):
        asked = here.post(path)
        assert asked.url.startswith("/account/reauthenticate/?next=")
        assert is_signed_in(there)
    here.post(asked.url, {"password": PASSWORD, "next": path})
    assert not is_signed_in(there)


def queries_of(act) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert act().status_code == 302
    return len(queries)


def test_the_work_of_signing_in_and_out_does_not_grow_with_the_sessions(user):
    here = Client()
    sign_in(here, user.email)
    counts = []
    for others in (2, 20):
        for _ in range(others):
            make_user_session(user)
        counts.append(
            (
                queries_of(lambda: sign_in(Client(), user.email)),
                queries_of(lambda: here.post(reverse(OTHERS))),
            )
        )
        assert len(devices_of(user, here)) == 1
    assert counts[0] == counts[1]


def test_a_sign_in_too_many_ends_the_session_that_was_not_used_for_longest(user, monkeypatch):
    monkeypatch.setattr(session_rows, "MOST_SESSIONS", 3)
    clients = [signed_in_at(user, f"2027-03-09T10:0{minute}Z") for minute in (1, 0, 2, 3)]
    with time_machine.travel("2027-03-09T10:05Z"):
        assert [is_signed_in(client) for client in clients] == [True, False, True, True]
        assert len(devices_of(user, clients[-1])) == 3


def test_this_session_and_those_of_others_are_not_found(user, signed_in, other_user):
    confirm_password(signed_in)
    mine = UserSession.objects.create(user=user, session_key=signed_in.session.session_key, ip="::1", user_agent="")
    theirs = make_user_session(other_user)
    for row in (mine, theirs):
        assert signed_in.post(reverse("accounts:session-end", args=[row.pk])).status_code == 404
    assert Session.objects.filter(session_key=theirs.session_key).exists()


def test_a_session_that_ended_is_not_listed_and_is_forgotten(user, signed_in):
    gone, kept = make_user_session(user), make_user_session(user)
    Session.objects.filter(session_key=gone.session_key).delete()
    assert [device.pk for device in devices_of(user, signed_in)] == [kept.pk]
    forget_ended_sessions(now=timezone.now())
    assert list(UserSession.objects.all()) == [kept]


@pytest.mark.parametrize("change", ["password", "reset"])
def test_a_new_password_leaves_no_other_browser_in_the_list(user, mail_box, change):
    here, _there = Client(), sign_in(Client(), user.email)
    if change == "password":
        sign_in(here, user.email)
        here.post(CHANGE, {"oldpassword": PASSWORD, "password1": NEW})
        assert [device.is_this for device in devices_of(user, here)] == [True]
    else:
        here.post(open_link(here, ask_for_link(mail_box, user.email)), {"password1": NEW})
        assert devices_of(user, here) == []
