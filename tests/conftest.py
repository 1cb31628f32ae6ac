"""Fixtures that many tests share."""

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory


@pytest.fixture
def user(db):
    """Somebody with a confirmed address, in London."""
    return UserFactory(time_zone="Europe/London")


@pytest.fixture
def other_user(db):
    """Somebody else."""
    return UserFactory()


@pytest.fixture
def signed_in(user):
    """A browser in which `user` is signed in; a missing CSRF token is refused as in real life elsewhere."""
    client = Client()
    client.force_login(user)
    return client
