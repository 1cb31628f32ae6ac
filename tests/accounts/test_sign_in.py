"""Sign-in and sign-out, rate limits and session lifetime."""

import re
import threading

import pytest
import structlog
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django.asserts import assertTemplateUsed

from accounts.adapter import AccountAdapter
from accounts.attempts import use_account_limit
from tests.accounts.conftest import SIGN_IN, TODAY, body, is_signed_in, sign_in, wrong
from tests.accounts.test_passwords import NEW, ask_for_link, open_link
from tests.factories.accounts import PASSWORD, UserFactory

MISMATCH = str(AccountAdapter.error_messages["email_password_mismatch"])
TOO_OFTEN = str(AccountAdapter.error_messages["too_many_login_attempts"])
NO_REDIS = "redis://127.0.0.1:1/0"
DAY = 24 * 3600


@pytest.mark.parametrize("typed", ["ruth@example.org", "Ruth@Example.Org", " RUTH@EXAMPLE.ORG "])
def test_sign_in_ignores_the_case_of_the_address(db, typed):
    UserFactory(email="Ruth@Example.org")
    client = Client()
    response = sign_in(client, typed)
    assert (response.status_code, response["Location"]) == (302, TODAY)
    assert is_signed_in(client)


def test_wrong_password_keeps_the_address_and_not_the_password(user):
    response = sign_in(Client(), user.email, "not the right one")
    page = response.content.decode()
    assert MISMATCH in page
    assert "<title>Error:" in page
    assert f'value="{user.email}"' in page
    assert "not the right one" not in page


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("login", "", "required"),
        ("login", "x" * 100_000, "invalid"),
        ("login", "a\x00b@example.org", "control_characters"),
        ("password", "", "required"),
        ("password", "x" * 100_000, "max_length"),
        ("password", "a\x00b", "null_characters_not_allowed"),
    ],
)
def test_invalid_input_is_an_error_of_the_field(user, field, value, code):
    answers = {"login": user.email, "password": PASSWORD} | {field: value}
    response = Client().post(SIGN_IN, answers)
    assert response.status_code == 200
    assert response.context["form"].has_error(field, code)


def test_old_password_hash_is_upgraded(user):
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt", 1000)
    user.save()
    sign_in(Client(), user.email)
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)


def test_sign_in_changes_the_session_key(user):
    client = Client()
    client.get(f"{SIGN_IN}?next=/x/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies["session" if "session" in client.cookies else "sessionid"] = session.session_key
    before = session.session_key
    sign_in(client, user.email)
    assert client.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_next_never_redirects_to_another_site(user, target):
    response = Client().post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": target})
    assert (response.status_code, response["Location"]) == (302, TODAY)


def test_next_redirects_to_the_requested_page(user):
    client = Client()
    asked = client.get("/account/settings/")
    assert asked["Location"] == "/account/login/?next=/account/settings/"
    page = client.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/account/settings/">' in page
    response = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD, "next": "/account/settings/"})
    assert response["Location"] == "/account/settings/"


def test_inactive_account_is_shown_only_with_the_right_password(user):
    user.is_active = False
    user.save()
    assert MISMATCH in sign_in(Client(), user.email, "not the right one").content.decode()
    client = Client()
    assert sign_in(client, user.email)["Location"] == "/account/inactive/"
    assert not is_signed_in(client)


def test_unconfirmed_address_asks_for_the_code_first(newcomer):
    user = UserFactory(email=newcomer.email, confirmed=False)
    assert sign_in(newcomer.client, user.email)["Location"] == "/account/confirm-email/"
    assert not is_signed_in(newcomer.client)
    newcomer.enter(wrong(newcomer.code()))
    assert not is_signed_in(newcomer.client)
    newcomer.enter(newcomer.code())
    assert is_signed_in(newcomer.client)


# --- How often -------------------------------------------------------------------------------------------
def guess(email, *, client=None, address="192.0.2.1", word="not the right one"):
    """Try a password; return whether it was looked at, and not refused unseen."""
    page = sign_in(client or Client(), email, word, REMOTE_ADDR=address)
    return page.status_code == 302 or MISMATCH in page.content.decode()


def slow_down(email):
    """Let others use up the tries of an account, counted as those that are sent below; here no page is made."""
    request = RequestFactory().post(SIGN_IN, REMOTE_ADDR="198.51.100.1")
    assert sum(use_account_limit(request, email) is not None for _ in range(70)) == 61
    assert not guess(email, address="198.51.100.70")


def test_sixth_wrong_password_of_a_client_is_refused_and_the_right_one_too_for_five_minutes(user):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        assert [guess(user.email) for _ in range(6)] == [True] * 5 + [False]
        assert TOO_OFTEN in sign_in(Client(), user.email.upper(), REMOTE_ADDR="192.0.2.1").content.decode()
        clock.shift(301)
        assert sign_in(Client(), user.email, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_wrong_passwords_from_elsewhere_do_not_lock_the_owner_out(user):
    for number in range(6):
        assert guess(user.email, address=f"192.0.2.{number}")
    assert sign_in(Client(), user.email, REMOTE_ADDR="192.0.2.99").status_code == 302


def test_many_wrong_passwords_from_everywhere_are_slowed_down(user):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        looked_at = [guess(user.email, address=f"198.51.100.{number}") for number in range(70)]
        assert looked_at == [True] * 61 + [False] * 9  # 60 an hour, and the first of one every 20 seconds
        clock.shift(21)
        assert sign_in(Client(), user.email, REMOTE_ADDR="192.0.2.1").status_code == 302


def test_browser_of_the_owner_is_not_slowed_down_by_others(user):
    home = Client()
    sign_in(home, user.email)
    home.post("/account/logout/")
    with time_machine.travel("2027-03-09T10:00Z", tick=False):
        slow_down(user.email)
        assert sign_in(home, user.email, REMOTE_ADDR="198.51.100.1").status_code == 302


def test_known_browser_has_a_limit_of_its_own(user):
    home = Client()
    sign_in(home, user.email)
    home.post("/account/logout/")
    assert [guess(user.email, client=home) for _ in range(6)] == [True] * 5 + [False]


def test_a_known_browser_does_not_lock_another_one_out(user):
    home, library = Client(), Client()
    for client in (home, library):
        sign_in(client, user.email)
        client.post("/account/logout/")
    assert [guess(user.email, client=library) for _ in range(6)] == [True] * 5 + [False]
    assert sign_in(home, user.email).status_code == 302


def test_a_browser_is_known_until_the_password_changes(user):
    library = Client()
    sign_in(library, user.email)
    library.post("/account/logout/")
    user.set_password(NEW)
    user.save()
    with time_machine.travel("2027-03-09T10:00Z", tick=False):
        slow_down(user.email)
        assert not guess(user.email, client=library)


def test_known_browser_is_known_for_its_own_accounts_only(user, other_user, settings):
    theirs = Client()
    sign_in(theirs, other_user.email)
    theirs.post("/account/logout/")
    cookie = theirs.cookies[settings.KNOWN_BROWSER_COOKIE_NAME].value
    assert other_user.email not in cookie
    with time_machine.travel("2027-03-09T10:00Z", tick=False):
        slow_down(user.email)
        assert not guess(user.email, client=theirs)
        theirs.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = "forged"
        assert not guess(user.email, client=theirs)


def test_new_password_starts_the_counts_anew(user, mail_box):
    with time_machine.travel("2027-03-09T10:00Z", tick=False):
        slow_down(user.email)
        client = Client()
        client.post(open_link(client, ask_for_link(mail_box, user.email)), {"password1": NEW})
        assert sign_in(Client(), user.email, NEW, REMOTE_ADDR="192.0.2.1").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_limit_holds_for_simultaneous_attempts():
    user = UserFactory()
    pages: list[str] = []

    def guess(number: int) -> None:
        page = sign_in(Client(), user.email, f"guess number {number}", REMOTE_ADDR="192.0.2.1")
        pages.append(page.content.decode())
        connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checked = [page for page in pages if MISMATCH in page]
    assert len(pages) == 25  # the others were refused: too many for the account, or for the page
    assert 1 <= len(checked) <= 5


def test_forged_forwarding_header_gives_no_new_attempts(db):
    """One machine, many accounts, another X-Forwarded-For each time: ten wrong tries a minute, not more."""
    pages = [
        sign_in(
            Client(), f"person-{n}@example.org", "not the right one", headers={"X-Forwarded-For": f"203.0.113.{n}"}
        ).content.decode()
        for n in range(14)
    ]
    assert sum(MISMATCH in page for page in pages) == 10
    assert sum(TOO_OFTEN in page for page in pages) == 4


def test_thirty_requests_a_minute_then_429(db):
    statuses = [Client().post(SIGN_IN, {"login": "", "password": ""}).status_code for _ in range(32)]
    assert statuses == [200] * 30 + [429] * 2
    assertTemplateUsed(Client().post(SIGN_IN, {"login": "", "password": ""}), "429.html")


def test_attempts_are_counted_across_processes(user):
    sign_in(Client(), user.email, "not the right one")
    keys = [key.decode() for key in cache._cache.get_client().scan_iter("*allauth*login_failed*")]
    assert len(keys) == 3  # for the machine, for the account from there, and for the account
    assert not any("@" in key for key in keys)


# --- While the cache is away ------------------------------------------------------------------------------
@pytest.fixture
def no_cache(settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NO_REDIS}}


def test_sign_in_without_a_cache_is_503(user, no_cache):
    client = Client()
    response = sign_in(client, user.email)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assertTemplateUsed(response, "503.html")
    assert client.get(SIGN_IN).status_code == 200


def test_signed_in_users_can_read_without_a_cache(signed_in, settings):
    assert is_signed_in(signed_in)
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": NO_REDIS}}
    assert is_signed_in(signed_in)


# --- Sessions end ---------------------------------------------------------------------------------------
def test_sign_out_asks_and_then_ends_the_session_on_the_server(signed_in):
    key = signed_in.session.session_key
    page = signed_in.get("/account/logout/").content.decode()
    assert "Sign out?" in page
    assert is_signed_in(signed_in)
    response = signed_in.post("/account/logout/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert not Session.objects.filter(pk=key).exists()
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert not is_signed_in(stolen)


def test_sign_out_clears_site_data_over_https(signed_in, settings):
    settings.HTTPS = True
    assert signed_in.post("/account/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_session_ends_thirty_days_after_the_sign_in_however_often_it_is_used(user):
    client = Client()
    with time_machine.travel("2027-03-01T10:00Z", tick=False) as clock:
        sign_in(client, user.email)
        for days in (*[4] * 7, 1):
            clock.shift(days * DAY)
            assert is_signed_in(client)
        clock.shift(DAY)
        response = client.get("/account/settings/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/login/?next=/account/settings/"
    assert len(response.context["messages"]) == 1


def test_session_ends_after_fourteen_days_without_a_visit(user):
    client = Client()
    with time_machine.travel("2027-03-01T10:00Z", tick=False) as clock:
        sign_in(client, user.email)
        clock.shift(10 * DAY)
        assert is_signed_in(client)
        clock.shift(13 * DAY)
        assert is_signed_in(client)
        clock.shift(DAY)
        cache.clear()  # Valkey has a clock of its own
        assert is_signed_in(client)
    other = Client()
    with time_machine.travel("2027-03-01T10:00Z", tick=False) as clock:
        sign_in(other, user.email)
        clock.shift(14 * DAY + 1)
        cache.clear()
        assert not is_signed_in(other)


# --- Logs ------------------------------------------------------------------------------------------------
def test_sign_ins_and_refusals_are_logged_without_addresses(user):
    with structlog.testing.capture_logs() as logs:
        client = Client()
        sign_in(client, user.email, "not the right one")
        sign_in(client, user.email)
        client.post("/account/logout/")
    assert [(line["event"], line.get("user")) for line in logs if line["event"] != "request"] == [
        ("sign_in_refused", None),
        ("signed_in", user.pk),
        ("signed_out", user.pk),
    ]
    assert not re.search(r"@|not the right one", str(logs))


def test_sign_in_page_is_the_same_for_everyone(db):
    assert body(Client().get(SIGN_IN)) == body(Client().get(SIGN_IN))
