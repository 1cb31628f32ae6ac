"""Fixtures that many tests share."""

import gc
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.db import connection
from django.http import HttpRequest
from django.template.context import BaseContext
from django.test import Client, TransactionTestCase
from django.test import client as test_client
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation.trans_real import DjangoTranslation
from hypothesis import settings as hypothesis_settings
from whitenoise.base import WhiteNoise

from accounts.models import User
from accounts.session_rows import LISTED_AS
from accounts.sessions import SessionStore
from careerplan.reminders import activity
from careerplan.site_settings.queries import Site, remember
from tests.database import empty_tables, undone
from tests.factories.accounts import UserFactory
from tests.factories.catalogue import copy_shipped_catalogue
from tests.mailbox import MailBox
from tests.plugins.template import EMPTY_DATABASE
from tests.profiles import PROFILE, PROFILE_NAME

# Playwright keeps an event loop in the process, in which Django would refuse to talk to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Hashing is slow on purpose, a quarter of a second of CPU; these passwords protect nothing. Stacks do it in earnest.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1

_force_login = Client.force_login


def _force_login_listed(client: Client, user: User, backend: str | None = None) -> None:
    """Sign in without a form, and have the session pass for one that has its row: so the first page makes none.

    A browser without a session gets one that is saved once: Django makes an empty one first, which is half of the time.
    """
    if settings.SESSION_COOKIE_NAME in client.cookies:
        _sign_in_anew(client, user, backend)
        return
    user.backend = backend or client._get_backend()
    request = HttpRequest()
    request.session = session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), user.backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session._session_key = get_random_string(32, VALID_KEY_CHARS)  # after the first value, else it would be looked for
    session[LISTED_AS] = session._session_key
    request.user = user
    with patch.object(activity, "_record", _record_at_once):
        user_logged_in.send(sender=user.__class__, request=request, user=user)
    session.save(must_create=True)
    client._set_login_cookies(request)


_record_activity = activity._record
ACTIVITY = """
WITH made AS (
  INSERT INTO reminders_useractivity (user_id, seen_at) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING seen_at
)
SELECT seen_at FROM made UNION ALL SELECT seen_at FROM reminders_useractivity WHERE user_id = %s
"""


def _record_at_once(request: HttpRequest, user: User) -> None:
    """Record in one statement that somebody who has just joined is there; the product takes seven, with its locks.

    tests/test_sign_in.py sees that both leave the same.
    """
    now = timezone.now()
    if now - user.date_joined < activity.ACTIVITY_INTERVAL:
        with connection.cursor() as cursor:
            cursor.execute(ACTIVITY, [user.pk, user.date_joined, user.pk])
            [seen_at] = cursor.fetchone()
        if now - seen_at < activity.ACTIVITY_INTERVAL:
            request.session[activity.RECORDED_AT] = int(now.timestamp())
            return
    _record_activity(request, user)


def _sign_in_anew(client: Client, user: User, backend: str | None) -> None:
    """As Django does, where somebody may be signed in already."""

    def mark(request: HttpRequest, **kwargs: Any) -> None:
        if request.session.session_key is None:  # somebody else was signed in in this browser
            request.session.save()
        request.session[LISTED_AS] = request.session.session_key

    user_logged_in.connect(mark)  # before the session is saved: to open and save it again is as much as to sign in
    try:
        _force_login(client, user, backend)
    finally:
        user_logged_in.disconnect(mark)


Client.force_login = _force_login_listed


def _what_it_was_given(context: BaseContext) -> BaseContext:
    """Keep what a template was given, for `response.context`: a page is made of eighty, each of which is kept.

    Django copies with it what the templates of the page keep for themselves, which takes most of the time.
    """
    kept = object.__new__(type(context))
    vars(kept).update(vars(context), dicts=context.dicts[:])
    return kept


test_client.copy = _what_it_was_given  # type: ignore[attr-defined]
TransactionTestCase._fixture_teardown = lambda test: empty_tables()

# What a message is in a language: an English one is in none of five catalogues, which are asked one after the other.
DjangoTranslation.gettext = cache(DjangoTranslation.gettext)

# How many examples each property is tested with. A test names no number of its own.
hypothesis_settings.register_profile(PROFILE_NAME, max_examples=PROFILE.examples, deadline=None)
hypothesis_settings.load_profile(PROFILE_NAME)


def pytest_collection_finish() -> None:
    """What is there now stays until the end, and need not be looked through for garbage again and again.

    It is kept as it is: to collect garbage first takes half a second in each worker.
    """
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def default_site():
    """Each test begins with the default settings of the site in memory, so that no page of it asks for them.

    A service that changes them makes the process look again.
    """
    remember(Site(), seconds=3600)
    yield
    remember(Site(), seconds=3600)


@pytest.fixture(autouse=True, scope="session")
def static_files_are_found_once():
    """Each test client makes its own middleware, and WhiteNoise would read the folder of static files for each."""
    find, found = WhiteNoise.update_files_dictionary, {}

    def find_once(self, root, prefix):
        if (root, prefix) not in found:
            find(self, root, prefix)
            found[root, prefix] = dict(self.files)
        self.files.update(found[root, prefix])

    with patch.object(WhiteNoise, "update_files_dictionary", find_once):
        yield


@pytest.fixture
def user(db):
    """A user with a confirmed address, in London."""
    return UserFactory(time_zone="Europe/London")


@pytest.fixture(scope="module")
def shipped_catalogue(django_db_setup, django_db_blocker):
    """The skills and occupations that we ship, once for all tests of a module, in a transaction around theirs."""
    with django_db_blocker.unblock(), undone():
        copy_shipped_catalogue()
        yield


@pytest.fixture
def other_user(db):
    """Another user."""
    return UserFactory()


@pytest.fixture
def signed_in(user):
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def open_page(browser, live_server):
    """Opens windows on the live server; at the end the browser may have complained in none of them."""
    from tests.windows import windows  # most tests need no browser

    yield from windows(browser, live_server.url)


@pytest.fixture
def mail_box(settings):
    """The real mail server's folder; Django's own test mail box is put aside."""
    settings.EMAIL_BACKEND = "careerplan.core.smtp.EmailBackend"
    return MailBox(Path(settings.LOCAL_MAIL_DIR))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Each worker's database is a copy: nothing is migrated again."""
    connection.settings_dict["TEST"]["TEMPLATE"] = EMPTY_DATABASE


OTHERS = """
SELECT pg_terminate_backend(pid), application_name, state, left(query, 200) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The database of a worker goes at its end, also where a session was left behind; which one, is said."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS)
        for left in cursor.fetchall():
            print("a session was left behind:", *left[1:], file=sys.__stderr__)
