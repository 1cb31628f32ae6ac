"""People for tests."""

import os
from functools import cache
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.models import User

PASSWORD = "four plain unrelated words"


def confirm_password(client: Client) -> Client:
    """Type the password on the page that asks for it; returns the client."""
    response = client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert response.status_code == 302
    return client


def make_user_session(user: User) -> UserSession:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return UserSession.objects.create(
        user=user, session_key=client.session.session_key, ip="203.0.113.7", user_agent="Firefox/128.0 (Windows)"
    )


@cache
def hash_of(password: str) -> str:
    """What is kept of a password."""
    return make_password(password)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A user with a confirmed address; the password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{os.getpid()}-{n}@example.org")  # the mail server is shared
    name = "Ruth Adeyemi"
    time_zone = "UTC"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        """With the hash of the password, made once: argon2 is slow on purpose."""
        kwargs["password"] = hash_of(kwargs.get("password", PASSWORD))
        return model_class.objects.create(**{**kwargs, "email": kwargs["email"].strip().lower()})

    @factory.post_generation
    def confirmed(self, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """The address as django-allauth keeps it; `confirmed=False` for a sign-up that was left unfinished."""
        EmailAddress.objects.create(user=self, email=self.email, verified=extracted is not False, primary=True)
