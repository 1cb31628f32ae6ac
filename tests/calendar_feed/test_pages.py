"""The calendar page and its address, which only its owner knows."""

import io
import logging
import re
from datetime import date, timedelta
from secrets import token_urlsafe

import pytest
import structlog
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from accounts import services as account_services
from careerplan.calendar_feed import queries, services
from careerplan.calendar_feed.models import CalendarFeed
from careerplan.calendar_feed.queries import hash_token
from careerplan.core import logs
from careerplan.core.edit_conflicts import StaleObjectError
from careerplan.goals.models import Goal
from tests.accounts.test_passwords import ask_for_link, open_link
from tests.calendar_feed import rfc5545
from tests.calendar_feed.page import ALL_CHOSEN, HOME, page_values
from tests.factories.accounts import PASSWORD, confirm_password
from tests.factories.goals import NOW, add_steps, make_goal
from tests.factories.opportunities import make_opportunity

pytestmark = pytest.mark.django_db


def make(client):
    """Make an address as its owner does; return the response and the address in it."""
    confirm_password(client)
    response = client.post(reverse("calendar_feed:address-new"), page_values(client, "address_form"))
    found = re.search(r'value="(https?://[^"]+\.ics)"', response.content.decode())
    return response, found and found[1]


def path_of(address):
    return re.sub(r"^https?://[^/]+", "", address)


def test_feed_address_is_shown_once_and_needs_no_login(user, signed_in, program, settings):
    settings.BASE_URL = "https://plan.example"
    make_goal(user, title="Lead")
    response, address = make(signed_in)
    assert address.startswith("https://plan.example/calendar/feed/")
    assert f'href="webcal://plan.example{path_of(address)}"' in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    token = path_of(address).removeprefix("/calendar/feed/").removesuffix(".ics")
    assert len(token) >= 43  # 256 bits, six a letter
    assert token not in signed_in.get(HOME).content.decode()
    feed = program.get(path_of(address))
    assert feed.status_code == 200
    assert "Goal: Lead" in {part["SUMMARY"].text for part in rfc5545.read(feed.content).parts}


def test_making_an_address_asks_for_the_password_and_goes_on(user, signed_in, mail_box):
    asked = signed_in.post(reverse("calendar_feed:address-new"), page_values(signed_in, "address_form"))
    assert asked.url.startswith("/account/reauthenticate/?next=")
    assert not queries.feed_for(user).has_address
    with capture_logs() as lines:
        shown = signed_in.post(asked.url, {"password": PASSWORD, "next": reverse("calendar_feed:address-new")})
    assert "/calendar/feed/" in shown.context["address"]
    assert {"event": "calendar_address_made", "user": user.pk, "log_level": "info"} in lines
    (mail,) = mail_box.to(user.email)
    text = mail.get_body(("plain",)).get_content()
    assert "127.0.0.1" in text
    assert reverse("calendar_feed:home") in text
    assert shown.context["address"] not in mail.as_string()


def reset_password(user, mail_box):
    """Choose a new password through the mailed link; return the browser and the page that follows."""
    client = Client()
    form = open_link(client, ask_for_link(mail_box, user.email))
    return client, client.post(form, {"password1": "another set of plain words"}, follow=True)


def test_a_reset_of_the_password_offers_to_stop_the_address(user, address, program, mail_box):
    client, page = reset_password(user, mail_box)
    assert page.context["addresses"] == 1
    assert 'data-testid="stop-addresses"' in page.content.decode()
    before = len(mail_box.to(user.email))
    after = client.post(page.request["PATH_INFO"])
    assert len(mail_box.to(user.email)) == before + 1
    assert (after.context["stopped"], after.context["addresses"]) == (True, 0)
    assert program.get(address).status_code == 404


def test_the_offer_is_for_whoever_reset_the_password(user, address, program, mail_box):
    client, page = reset_password(user, mail_box)
    path = page.request["PATH_INFO"]
    assert Client().get(path).context["addresses"] == 0
    assert not Client().post(path).context["stopped"]
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert client.get(path).context["addresses"] == 0
    assert program.get(address).status_code == 200


def test_a_reset_without_an_address_offers_nothing(user, mail_box):
    _, page = reset_password(user, mail_box)
    assert 'data-testid="stop-addresses"' not in page.content.decode()


def test_feed_headers(user, address, program):
    for response in (program.get(address), program.get("/calendar/feed/unknown.ics")):
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert not response.cookies
    assert program.get(address).headers["Content-Type"] == "text/calendar; charset=utf-8"


def test_unchanged_feed_is_not_sent_again(user, address, program):
    make_goal(user)
    first = program.get(address)
    again = program.get(address)
    assert first.content == again.content
    asked = {"if-none-match": first.headers["ETag"]}
    same = program.get(address, headers=asked)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert same.headers["Cache-Control"] == "private, no-cache"
    Goal.objects.update(title="Renamed")
    other = program.get(address, headers=asked)
    assert other.status_code == 200
    assert b"Renamed" in other.content
    assert other.headers["ETag"] != first.headers["ETag"]


def test_feed_allows_get_and_head_only(user, address, program):
    make_goal(user)
    head, got = program.head(address), program.get(address)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
    assert program.post(address).status_code == 405


def not_found(response):
    return response.status_code, response.content, {**response.headers, "X-Request-ID": ""}


def test_every_dead_address_gets_the_same_answer(user, signed_in, program):
    unknown = not_found(program.get(f"/calendar/feed/{token_urlsafe(32)}.ics"))
    assert unknown[:2] == (404, b"Not found\n")
    old = path_of(make(signed_in)[1])
    new = path_of(make(signed_in)[1])
    assert program.get(new).status_code == 200
    assert not_found(program.get(old)) == unknown
    account_services.request_deletion(user=user, now=timezone.now())
    assert not_found(program.get(new)) == unknown
    account_services.cancel_deletion(user=user)
    assert program.get(new).status_code == 200
    type(user).objects.update(is_active=False)
    assert not_found(program.get(new)) == unknown
    type(user).objects.update(is_active=True)
    signed_in.post(reverse("calendar_feed:address-stop"))
    assert not_found(program.get(new)) == unknown
    for odd in ("a", "%00", "\u202e", "x" * 5000, "..", "a%2Fb"):
        assert program.get(f"/calendar/feed/{odd}.ics").status_code == 404


def test_dead_and_live_addresses_take_the_same_query(user, address, program, django_assert_num_queries, settings):
    account_services.request_deletion(user=user, now=timezone.now())
    for path in (address, f"/calendar/feed/{token_urlsafe(32)}.ics"):
        with django_assert_num_queries(1) as asked:
            program.get(path)
        assert "deletion_due_at" in asked[0]["sql"]


def test_feed_is_deleted_with_the_account(user, address, program):
    now = timezone.now()
    make_goal(user)
    account_services.request_deletion(user=user, now=now)
    assert account_services.delete_account(pk=user.pk, now=now + account_services.DELETION_DELAY)
    assert not CalendarFeed.objects.exists()
    assert program.get(address).status_code == 404


def test_second_click_keeps_the_shown_address(user, signed_in, program):
    first = page_values(signed_in, "address_form")
    _, address = make(signed_in)
    response = signed_in.post(reverse("calendar_feed:address-new"), first, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert program.get(path_of(address)).status_code == 200
    for odd in ("", "x", "-1", "9" * 30, "\u0664"):
        assert signed_in.post(reverse("calendar_feed:address-new"), {"made_at": odd}).status_code == 302
    assert program.get(path_of(address)).status_code == 200


def test_address_that_another_request_made_is_not_stopped(user, address, program):
    before = CalendarFeed(user=user)
    with pytest.raises(StaleObjectError):
        services.make_address(feed=before, now=NOW)
    assert program.get(address).status_code == 200


def test_stopping_is_idempotent_and_emailed_once(user, signed_in, program, mail_box):
    make(signed_in)
    before = len(mail_box.to(user.email))
    old = page_values(signed_in, "address_form")
    for _ in range(2):
        assert signed_in.post(reverse("calendar_feed:address-stop")).url == HOME
    (mail,) = mail_box.to(user.email)[before:]
    text = mail.get_body(("plain",)).get_content()
    assert "127.0.0.1" in text
    assert reverse("calendar_feed:home") in text
    assert signed_in.post(reverse("calendar_feed:address-new"), old).status_code == 302
    assert not queries.feed_for(user).has_address


def test_calendar_of_another_user_is_out_of_reach(user, other_user, signed_in, address, program):
    make_goal(user, title="Mine")
    stranger = Client()
    stranger.force_login(other_user)
    stranger.post(reverse("calendar_feed:address-stop"))
    stranger.post(HOME, {**ALL_CHOSEN, "parts": ["reviews"], "user": user.pk})
    assert b"Mine" in program.get(address).content
    assert b"Mine" not in stranger.get(reverse("calendar_feed:download")).content
    assert b"Mine" in signed_in.get(reverse("calendar_feed:download")).content
    _, theirs = make(stranger)
    assert b"Mine" not in program.get(path_of(theirs)).content


def test_download_equals_feed_and_is_not_cached(user, signed_in, address, program):
    make_goal(user)
    file = signed_in.get(reverse("calendar_feed:download"))
    assert file.content == program.get(address).content
    assert re.fullmatch(r'attachment; filename="careerplan-\d{4}-\d\d-\d\d\.ics"', file.headers["Content-Disposition"])
    assert file.headers["Cache-Control"] == "private, no-store"


def every_text_of_the_database():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            yield from (row[0] for row in cursor.fetchall())


def test_only_the_hash_of_an_address_is_stored(user, signed_in, program):
    _, address = make(signed_in)
    token = path_of(address).removeprefix("/calendar/feed/").removesuffix(".ics")
    program.get(path_of(address))
    kept = list(every_text_of_the_database())
    assert not any(token in text for text in kept)
    assert sum(hash_token(token) in text for text in kept) == 1
    assert not any(token in value for value in map(str, dict(signed_in.session).values()))


@pytest.fixture
def log_lines():
    """What is logged as in production."""
    before, level, stream = logging.root.handlers[:], logging.root.level, io.StringIO()
    known = structlog.get_config()
    logs.configure({"level": logging.DEBUG, "format": "json"})
    structlog.configure(**known)  # a logger keeps its list of processors for ever; other tests capture from that list
    [handler] = logging.root.handlers
    handler.setStream(stream)
    yield stream.getvalue
    logging.root.handlers[:] = before
    logging.root.setLevel(level)


def test_address_is_never_logged(user, address, program, log_lines, monkeypatch):
    token = address.removeprefix("/calendar/feed/").removesuffix(".ics")
    program.get(address)
    program.post(address)
    program.get(f"{address}x")
    program.get(f"{address}/")
    program.get(address, headers={"if-match": '"x"'})

    def breaks(feed):
        raise RuntimeError(f"broken at {address}")

    monkeypatch.setattr(queries, "calendar_contents", breaks)
    program.raise_request_exception = False
    answer = program.get(address)
    assert answer.status_code == 500
    assert token not in answer.content.decode()
    services.stop_address(user=user)
    program.get(address)
    lines = log_lines()
    assert "RuntimeError" in lines
    assert '"status": 404' in lines
    assert token not in lines
    assert hash_token(token) not in lines


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("calendar_feed_calendarfeed_address", {"token_hash": "0" * 64}),
        ("calendar_feed_calendarfeed_address", {"made_at": NOW}),
        ("calendar_feed_calendarfeed_address", {"token_hash": "the-token-itself", "made_at": NOW}),
        ("calendar_feed_calendarfeed_parts_known", {"parts": []}),
        ("calendar_feed_calendarfeed_parts_known", {"parts": ["vision"]}),
        ("calendar_feed_calendarfeed_alarm_known", {"alarm_days": 2}),
    ],
)
def test_the_database_refuses(user, rule, changes):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        CalendarFeed.objects.bulk_create([CalendarFeed(user=user, **changes)])


def test_feed_constraints(user, other_user, address):
    feed = CalendarFeed.objects.get()
    with pytest.raises(IntegrityError, match="user_id"), transaction.atomic():
        CalendarFeed.objects.create(user=user)
    with pytest.raises(IntegrityError, match="token_hash"), transaction.atomic():
        CalendarFeed.objects.create(user=other_user, token_hash=feed.token_hash, made_at=NOW)


@pytest.mark.parametrize("many", [1, 30])
def test_number_of_queries_is_constant(user, signed_in, address, program, django_assert_num_queries, many):
    for n in range(many):
        add_steps(make_goal(user, title=f"Goal {n}"), "More")
        make_opportunity(user, f"Chance {n}", closes_on=date(2027, 3, 9))
    signed_in.get(HOME)
    with django_assert_num_queries(2):
        signed_in.get(HOME)
    with django_assert_num_queries(8):
        program.get(address)


def test_calendar_is_linked_from_settings_and_plan(user, signed_in):
    make_goal(user)
    for page in (reverse("reminders:settings"), reverse("plans:plan")):
        assert f'href="{HOME}"' in signed_in.get(page).content.decode()
