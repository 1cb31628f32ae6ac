"""Who tries too often is told when it goes on: at a clock time in their zone, or in how many minutes."""

import re
import time

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.attempts import BY_ACCOUNT, use_account_limit
from accounts.waiting import say_when
from tests.accounts.conftest import SIGN_IN, SIGN_UP, sign_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
RESET, EMAIL, CHANGE = (
    reverse(name) for name in ("account_reset_password", "account_email", "account_change_password")
)


def until_refused(client: Client, path: str, data: dict[str, str]):
    """The first answer that says there were too many attempts."""
    return next(response for _ in range(40) if (response := client.post(path, data)).status_code == 429)


@pytest.mark.parametrize(
    ("path", "data", "seconds"),
    [
        (SIGN_IN, {"login": "", "password": ""}, 60),
        (SIGN_UP, {"email": ""}, 60),
        (RESET, {"email": "nobody@example.org"}, 3600),
        (reverse("mfa_login_webauthn"), {"credential": ""}, 60),
    ],
)
def test_page_says_in_how_many_minutes_where_the_zone_is_not_known(mail_box, path, data, seconds):
    with time_machine.travel("2027-03-09T10:00:10Z", tick=False):
        response = until_refused(Client(), path, data)
    assert response.headers["Retry-After"] == str(seconds)
    assert re.findall(r"\d+", response.context["when"]) == [str(seconds // 60)]


@pytest.mark.parametrize(("path", "data"), [(EMAIL, {"email": ""}), (CHANGE, {"oldpassword": ""})])
def test_page_says_the_time_in_the_zone_of_the_user(path, data):
    client = Client()
    with time_machine.travel("2027-03-09T10:00:10Z", tick=False):
        client.force_login(UserFactory(time_zone="Asia/Tokyo"))
        response = until_refused(client, path, data)
    assert "19:02" in response.context["when"]  # not before 19:01:10
    assert response.headers["Retry-After"] == "60"


def test_time_on_another_day_is_said_with_its_day(rf, user):
    request = rf.get("/")
    request.user = user
    with time_machine.travel("2027-03-09T23:50:00Z", tick=False):
        words = say_when(request, time.time() + 3600)
    assert "10 Mar" in words
    assert "0:50" in words


@pytest.mark.parametrize(("seconds", "number"), [(30, 1), (61, 2), (5400, 90), (5401, 2), (86_400, 24)])
def test_long_wait_is_said_in_hours(rf, seconds, number):
    request = rf.get("/")
    request.user = AnonymousUser()
    with time_machine.travel("2027-03-09T10:00:00Z", tick=False):
        assert re.findall(r"\d+", say_when(request, time.time() + seconds)) == [str(number)]


def error_of(response) -> str:
    [error] = response.context["form"].non_field_errors()
    return str(error)


def test_wrong_passwords_say_when_the_next_one_is_possible(user):
    with time_machine.travel("2027-03-09T10:00:00Z", tick=False) as clock:
        for _ in range(5):
            sign_in(Client(), user.email, "not the right one")
        clock.shift(130)
        refused = error_of(sign_in(Client(), user.email, "not the right one"))
        assert re.findall(r"\d+", refused) == ["3"]
        clock.shift(171)
        assert re.findall(r"\d+", error_of(sign_in(Client(), user.email, "not the right one"))) == []


def test_account_that_is_slowed_down_says_the_sooner_of_its_two_limits(user, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    hour = int(BY_ACCOUNT[0].split("/")[0])
    with time_machine.travel("2027-03-09T10:00:00Z", tick=False):
        for _ in range(hour + 1):
            assert use_account_limit(RequestFactory().post(SIGN_IN), user.email)
        answer = sign_in(Client(), user.email, "not the right one", headers={"X-Forwarded-For": "203.0.113.9"})
    assert re.findall(r"\d+", error_of(answer)) == ["1"]
    cache.clear()
