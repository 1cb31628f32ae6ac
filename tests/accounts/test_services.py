"""Services of accounts."""

import pytest

from accounts import services
from accounts.models import User
from tests.factories.accounts import UserFactory


def test_update_settings_saves_name_time_zone_and_theme(user):
    services.update_settings(user=user, name="Ruth O.", time_zone="Asia/Tokyo", theme="dark")
    user.refresh_from_db()
    assert (user.name, user.time_zone, user.theme) == ("Ruth O.", "Asia/Tokyo", "dark")


def test_update_settings_changes_no_other_fields(user):
    stale = User.objects.get(pk=user.pk)
    User.objects.update(email="new@example.org")
    services.update_settings(user=stale, name="Ruth O.", time_zone="UTC", theme="")
    assert User.objects.get().email == "new@example.org"


def test_update_settings_refuses_an_unknown_theme(user):
    with pytest.raises(ValueError, match="pink"):
        services.update_settings(user=user, name="Ruth", time_zone="UTC", theme="pink")


def test_discard_unconfirmed_deletes_only_unconfirmed_sign_ups(db):
    email = "ruth@example.org"
    assert services.discard_unconfirmed(email=email) == 0
    unfinished = UserFactory(email=email, confirmed=False)
    assert services.discard_unconfirmed(email=email, keep=unfinished) == 0
    assert services.discard_unconfirmed(email=email) == 1
    for keep in ({"confirmed": True}, {"confirmed": False, "is_staff": True}):
        user = UserFactory(email=email, **keep)
        assert services.discard_unconfirmed(email=email) == 0
        user.delete()


def test_discard_unconfirmed_keeps_users_made_by_an_operator(db):
    User.objects.create_user("ruth@example.org", "some password", name="Ruth")
    assert services.discard_unconfirmed(email="ruth@example.org") == 0
