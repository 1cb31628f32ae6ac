"""An operator who signed in with a second step."""

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.test import Client, RequestFactory

from accounts.models import User
from tests.factories.accounts import UserFactory


@pytest.fixture(autouse=True)
def _fresh_limits():
    """Every test starts with no attempts counted."""
    cache.clear()


@pytest.fixture
def operator(db):
    return make_operator()


@pytest.fixture
def window(operator):
    """A browser in which the operator is signed in with a second step."""
    return window_of(operator)


def make_operator(**columns) -> User:
    user = UserFactory(is_staff=True, **{"name": "Ines Roth", **columns})
    TOTP.activate(user, generate_totp_secret())
    return user


def window_of(user: User, *, second_step: bool = True) -> Client:
    client = Client()
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session, request.user = client.session, user
    record_authentication(request, user, method="password")
    if second_step:
        record_authentication(request, user, method="mfa", type="totp")
    request.session.save()
    return client
