"""Fixtures that many tests share."""

import os
from pathlib import Path

import pytest
from django.test import Client

from tests.factories.accounts import UserFactory
from tests.mailbox import MailBox

# Playwright keeps an event loop in the process, in which Django would refuse to talk to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


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
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mail_box(settings):
    """The real mail server's folder; Django's own test mail box is put aside."""
    settings.EMAIL_BACKEND = "careerplan.core.smtp.EmailBackend"
    return MailBox(Path(settings.LOCAL_MAIL_DIR))
