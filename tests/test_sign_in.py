"""Tests sign in without a form (tests/conftest.py), and leave what a browser leaves."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from careerplan.reminders.models import UserActivity
from tests.conftest import _sign_in_anew
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("joined", [timedelta(), timedelta(days=9)])
@pytest.mark.parametrize("seen", [None, timedelta(), timedelta(days=8)])
def test_the_short_way_leaves_what_signing_in_leaves(joined, seen):
    left = []
    for sign_in in (
        lambda client, user: client.force_login(user),
        lambda client, user: _sign_in_anew(client, user, None),
    ):
        user, client = UserFactory(date_joined=timezone.now() - joined), Client()
        if seen is not None:
            UserActivity.objects.create(user=user, seen_at=timezone.now() - seen)
        sign_in(client, user)
        last = UserActivity.objects.get(user=user).seen_at
        user.refresh_from_db()
        assert settings.SESSION_COOKIE_NAME in client.cookies
        left.append(
            (
                sorted(client.session.keys()),
                last == user.date_joined,
                timezone.now() - last < timedelta(hours=1),
                user.last_login is not None,
            )
        )
    assert left[0] == left[1]
