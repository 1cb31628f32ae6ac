"""FIRST_OPERATOR: the account with that address becomes an operator when it signs in, once."""

from datetime import timedelta

import pytest
from allauth.account.signals import user_logged_in
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory
from django.utils import timezone

from careerplan.operators.actors import SYSTEM, Actor
from careerplan.operators.models import AuditAction, AuditEntry
from careerplan.operators.services.audit import record
from careerplan.operators.services.clear_up import delete_audit_entries
from careerplan.operators.services.people import set_operator
from tests.factories.accounts import UserFactory
from tests.operators.conftest import make_operator

pytestmark = pytest.mark.django_db

ADDRESS = "ines@example.org"


@pytest.fixture(autouse=True)
def _setting(settings):
    settings.FIRST_OPERATOR = ADDRESS


def sign_in(user) -> bool:
    """What allauth sends after a sign-in; return whether the account has the rights then."""
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    request._messages = FallbackStorage(request)
    user_logged_in.send(type(user), request=request, user=user, receivers_only=True)
    user.refresh_from_db()
    return user.is_staff


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch):
    """Other receivers of a sign-in need the session of a browser."""
    ours = [entry for entry in user_logged_in.receivers if entry[0][0] == "operators.make_first_operator"]
    assert len(ours) == 1
    monkeypatch.setattr(user_logged_in, "receivers", ours)
    user_logged_in.sender_receivers_cache.clear()
    yield
    user_logged_in.sender_receivers_cache.clear()


def test_the_address_of_the_setting_becomes_an_operator():
    assert sign_in(UserFactory(email=ADDRESS))
    entry = AuditEntry.objects.get(action=AuditAction.OPERATOR_ADDED)
    assert (entry.actor, entry.why) == (SYSTEM.name, "FIRST_OPERATOR")


def test_nobody_else_does(settings):
    assert not sign_in(UserFactory(email="other@example.org"))
    assert not sign_in(UserFactory(email=ADDRESS, confirmed=False))
    settings.FIRST_OPERATOR = ""
    assert not sign_in(UserFactory(email="third@example.org"))


def test_where_there_is_an_operator_the_setting_does_nothing():
    make_operator()
    assert not sign_in(UserFactory(email=ADDRESS))


def test_rights_that_were_ended_do_not_come_back():
    user = UserFactory(email=ADDRESS)
    assert sign_in(user)
    set_operator(actor=SYSTEM, user=user, is_operator=False, now=timezone.now())
    assert not sign_in(user)


def test_nor_when_the_entry_about_them_was_deleted():
    user, now = UserFactory(email=ADDRESS), timezone.now()
    for years in (3, 4):
        at = now - timedelta(days=365 * years)
        record(actor=Actor("Ines Roth"), action=AuditAction.OPERATOR_ADDED, now=at, person=user)
    assert delete_audit_entries(now) == 2
    kept = AuditEntry.objects.get()
    assert (kept.actor, kept.person_id) == (SYSTEM.name, None)
    assert not sign_in(user)
