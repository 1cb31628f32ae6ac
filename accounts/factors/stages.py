"""The step of signing in that asks for the second factor. AccountAdapter names it."""

from typing import Any

from allauth.mfa.stages import AuthenticateStage
from django.utils.crypto import constant_time_compare

from accounts.models import User


class SecondStepStage(AuthenticateStage):
    """allauth's stage. It also remembers with which password the sign-in began."""

    def handle(self) -> tuple[Any, bool]:
        response, goes_on = super().handle()
        if response is not None and self.login.user is not None:
            self.state["began_with"] = _password_mark(self.login.user)
        return response, goes_on

    def is_still_allowed(self) -> bool:
        """Return whether the account still exists, with the password of the first step."""
        user = self.login.user
        return user is not None and constant_time_compare(self.state.get("began_with", ""), _password_mark(user))


def _password_mark(user: User) -> str:
    """Return what Django keeps in a session to end it when the password changes."""
    return str(user.get_session_auth_hash())
