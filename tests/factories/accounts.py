"""People for tests."""

import os
from functools import cache
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
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


def hash_once() -> None:
    """Let this process hash each password once: that takes a quarter of a second of CPU, on purpose.

    In earnest all the same: a weaker hash than those of the web process is made anew when the password is typed, which
    ends all other sessions of the person.
    """
    encode, known = Argon2PasswordHasher.encode, dict[str, str]()

    def encode_once(self: Argon2PasswordHasher, password: str, salt: str) -> str:
        if password not in known:
            known[password] = encode(self, password, salt)
        return known[password]

    Argon2PasswordHasher.encode = encode_once


@cache
def hash_of(password: str) -> str:
    """What is kept of a password."""
    return make_password(password)


numbers = count()


class UserFactory:
    """Calling it makes a user, whose password is PASSWORD.

    `confirmed=False` is for a sign-up that was left unfinished: the address is not confirmed.
    """

    def __new__(cls, *, confirmed: bool = True, **fields: Any) -> User:  # type: ignore[misc]
        """With an address of its own, as the mail server is shared, and the hash of the password, made once."""
        email = fields.pop("email", f"person-{os.getpid()}-{next(numbers)}@example.org").strip().lower()
        password = hash_of(fields.pop("password", PASSWORD))
        user = User.objects.create(
            **{"name": "Ruth Adeyemi", "time_zone": "UTC"} | fields, email=email, password=password
        )
        EmailAddress.objects.create(user=user, email=email, verified=confirmed, primary=True)
        return user

    @classmethod
    def create_batch(cls, size: int, **fields: Any) -> list[User]:
        """So many users."""
        return [cls(**fields) for _ in range(size)]
