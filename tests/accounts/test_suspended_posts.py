"""What was posted before the password was asked for: done afterwards, and no secret of it is in the session."""

import json

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import suspended_posts
from accounts.models import User
from tests.factories.accounts import PASSWORD, UserFactory, confirm_password

pytestmark = pytest.mark.django_db
CANARY = "canary-5d0e"
EMAIL, DELETE = reverse("account_email"), reverse("accounts:delete-request")
FORM = {
    "email": f"{CANARY}@example.org",
    "action_add": "",
    "password1": f"{CANARY} in a new password",
    "oldpassword": f"{CANARY} in the old one",
}


@pytest.fixture
def client(user):
    """A browser that signed in longer ago, with a canary in each thing that a request carries."""
    client = Client(headers={"user-agent": f"{CANARY} browser", "referer": f"http://testserver/{CANARY}"})
    client.force_login(user)
    client.cookies["known-browser"] = CANARY
    return client


def stored_sessions() -> str:
    """What stands in the rows of all sessions, decoded as anyone can who reads the table."""
    return json.dumps([session.get_decoded() for session in Session.objects.all()])


def stored_in_redis() -> bytes:
    """All values that the cache holds."""
    redis = cache._cache.get_client()
    return b"".join(redis.get(key) or b"" for key in redis.keys("*") if redis.type(key) == b"string")


def test_no_field_and_no_header_of_a_kept_form_can_be_read_in_the_session(client):
    response = client.post(EMAIL, FORM)
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert suspended_posts.STATE_SESSION_KEY in stored_sessions()
    assert CANARY not in stored_sessions()
    assert CANARY.encode() not in stored_in_redis()


def test_kept_form_holds_no_password_even_for_the_server(client):
    client.post(EMAIL, FORM)
    kept = client.session[suspended_posts.STATE_SESSION_KEY]["state"]["kept"]
    fields = json.loads(suspended_posts.encryption.decrypt(kept))["fields"]
    assert "email" in fields
    assert "password" not in fields


def test_kept_form_is_done_after_the_password(client, mail_box):
    asked = client.post(f"{EMAIL}?from=here", FORM)["Location"]
    response = client.post(asked, {"password": PASSWORD})
    assert response["Location"].startswith(reverse("account_email_verification_sent"))
    assert suspended_posts.STATE_SESSION_KEY not in client.session


def test_password_for_something_else_does_not_do_what_was_kept(client, user):
    client.post(DELETE)
    confirm_password(client)
    assert not User.objects.get(pk=user.pk).is_deletion_pending
    client.post(DELETE)
    assert User.objects.get(pk=user.pk).is_deletion_pending


def test_another_page_that_asks_for_the_password_leaves_what_was_kept(client, user):
    asked = client.post(DELETE)["Location"]
    assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 302
    client.post(asked, {"password": PASSWORD})
    assert User.objects.get(pk=user.pk).is_deletion_pending


@pytest.mark.parametrize(("seconds", "is_done"), [(suspended_posts.KEPT_SECONDS - 1, True), (3601, False)])
def test_form_is_kept_for_an_hour(user, seconds, is_done):
    with time_machine.travel("2027-03-09T10:00Z", tick=False) as clock:
        client = Client()
        client.force_login(user)
        asked = client.post(DELETE)["Location"]
        clock.shift(seconds)
        client.post(asked, {"password": PASSWORD})
    assert User.objects.get(pk=user.pk).is_deletion_pending is is_done


def test_form_of_another_user_is_not_done(client, user):
    asked = client.post(DELETE)["Location"]
    kept = client.session[suspended_posts.STATE_SESSION_KEY]
    other = UserFactory()
    client.force_login(other)
    session = client.session
    session[suspended_posts.STATE_SESSION_KEY] = kept
    session.save()
    client.post(asked, {"password": PASSWORD})
    assert not User.objects.filter(deletion_due_at__isnull=False).exists()


def test_form_that_is_too_long_is_not_kept(client, user):
    asked = client.post(DELETE, {"note": "x" * (suspended_posts.MOST_CHARACTERS + 1)})["Location"]
    assert suspended_posts.STATE_SESSION_KEY not in client.session
    assert client.post(asked, {"password": PASSWORD})["Location"] == DELETE
