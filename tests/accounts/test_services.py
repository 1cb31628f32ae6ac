"""Changing what is one's own."""

import pytest

from accounts import services
from accounts.models import User
from accounts.signals import time_zone_changed
from tests.factories.accounts import UserFactory


@pytest.fixture
def announced():
    """What `time_zone_changed` announced."""
    heard: list[tuple[User, str]] = []

    def listen(sender, user, previous, **kwargs):
        heard.append((user, previous))

    time_zone_changed.connect(listen)
    yield heard
    time_zone_changed.disconnect(listen)


def test_profile_is_saved_and_a_new_zone_is_announced_once(user, announced):
    services.update_profile(user=user, name="Ruth O.", time_zone="Asia/Tokyo")
    services.update_profile(user=user, name="Ruth O.", time_zone="Asia/Tokyo")
    user.refresh_from_db()
    assert (user.name, user.time_zone) == ("Ruth O.", "Asia/Tokyo")
    assert announced == [(user, "Europe/London")]


def test_profile_leaves_everything_else_alone(user):
    stale = User.objects.get(pk=user.pk)
    services.choose_theme(user=user, theme="dark")
    services.update_profile(user=stale, name="Ruth O.", time_zone="UTC")
    assert User.objects.get().theme == "dark"


def test_a_listener_that_fails_undoes_the_change(user):
    def fail(sender, **kwargs):
        raise RuntimeError("reminders could not follow")

    time_zone_changed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            services.update_profile(user=user, name="Ruth", time_zone="Asia/Tokyo")
    finally:
        time_zone_changed.disconnect(fail)
    assert User.objects.get().time_zone == "Europe/London"


def test_theme_must_be_one_of_three(user):
    with pytest.raises(ValueError, match="pink"):
        services.choose_theme(user=user, theme="pink")


def test_only_sign_ups_that_nobody_confirmed_are_discarded(db):
    email = "ruth@example.org"
    assert services.discard_unconfirmed(email=email) == 0
    unfinished = UserFactory(email=email, confirmed=False)
    assert services.discard_unconfirmed(email=email, keep=unfinished) == 0
    assert services.discard_unconfirmed(email=email) == 1
    for keep in ({"confirmed": True}, {"confirmed": False, "is_staff": True}):
        user = UserFactory(email=email, **keep)
        assert services.discard_unconfirmed(email=email) == 0
        user.delete()


def test_somebody_made_by_an_operator_is_never_discarded(db):
    User.objects.create_user("ruth@example.org", "some password", name="Ruth")
    assert services.discard_unconfirmed(email="ruth@example.org") == 0
